BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A foreground reactor' {
    BeforeAll {
        function Get-Weather {
            param([string] $Place)
            "real weather in $Place"
        }
    }

    BeforeEach {
        $r = New-Reactor -Foreground
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'runs handlers that are the caller''s own' {
        $seen = [System.Collections.Generic.List[string]]::new()
        $s = Start-LineServer 0 { $seen.Add($_); Get-Weather $_ } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "Rome`n" -End
        Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30
        $seen | Should -BeExactly Rome
        Receive-Peer $peer -End | Should -BeExactly "real weather in Rome`r`n"
    }

    It 'runs closures' {
        $handler = & { $captured = 'kept'; { "$captured $_" }.GetNewClosure() }
        $s = Start-LineServer 0 $handler -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30
        Receive-Peer $peer -End | Should -BeExactly "kept a`r`n"
    }

    It 'shares $script: with the caller' {
        $script:heard = @()
        $s = Start-LineServer 0 { $script:heard += $_ } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`nb`n" -End
        Wait-Reactor $r -Until { $script:heard.Count -eq 2 } -Timeout 30
        $script:heard | Should -BeExactly @('a', 'b')
    }

    It 'runs them in their own session state when the loop runs in a function of a module: <Handler>' -ForEach @(
        @{ Handler = { "$script:place $_" } }
        @{ Handler = { foreach ($place in $script:place) { "$place $_" } } }
        @{ Handler = { "$script:place $($using:text)" } }
        @{ Handler = { & $using:nested } }
        @{ Handler = { Invoke-Elsewhere { "$script:place $($using:text)" } } }
    ) {
        $module = New-Module {
            $script:place = 'module'
            function Wait-Elsewhere { param($Wanted) Wait-Reactor $Wanted.Reactor -Until { $Wanted.LinesOut -eq 1 } -Timeout 30 -ErrorAction Stop }
            function Invoke-Elsewhere { param($Script) & $Script }
        } | Import-Module -PassThru
        try {
            $text = 'a'
            $nested = { "$script:place $($using:text)" }
            $s = Start-LineServer 0 $Handler -Reactor $r -InitializationScript { $script:place = 'here' }
            $peer = Connect-Peer $s.Port
            Send-Peer $peer "a`n"
            Wait-Elsewhere $s
            Receive-Peer $peer -Length 8 | Should -BeExactly "here a`r`n"
            $s.ErrorCount | Should -Be 0
        }
        finally {
            Remove-Module $module
        }
    }

    It 'lets handlers call mocks' {
        Mock Get-Weather { "mocked $Place" }
        $s = Start-LineServer 0 { Get-Weather $_ } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'Oslo' -Receive -Timeout 30 | Should -BeExactly 'mocked Oslo'
        Should -Invoke Get-Weather -Exactly 1 -ParameterFilter { $Place -eq 'Oslo' }
    }

    It 'has $_, $Connection and $Server in its handlers' {
        $s = Start-LineServer 0 { "$_ $($Connection.Number) $($Server.Name)" } -Name front -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly 'a 0 front'
    }

    It 'goes on after a handler that fails, and writes the error' {
        $s = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'in front' }; $_ } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "bad`n" -End
        $failures = @()
        Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30 -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -Contain 'in front'
        $s.Errors[0].Message | Should -BeExactly 'in front'
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'good' -Receive -Timeout 30 | Should -BeExactly good
    }

    It 'ends a handler at a .NET exception without a try' {
        $s = Start-LineServer 0 { [int]::Parse('x'); 'went on' } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30 -ErrorAction SilentlyContinue
        Receive-Peer $peer -End | Should -BeExactly ''
        $s.ErrorCount | Should -Be 1
    }

    It 'ends only the call with <Name>' -ForEach @(
        @{ Name = 'break'; Handler = { if ($_ -eq 'stop') { break }; "got $_" } }
        @{ Name = 'continue'; Handler = { if ($_ -eq 'stop') { continue }; "got $_" } }
        @{ Name = 'return'; Handler = { if ($_ -eq 'stop') { return }; "got $_" } }
        @{ Name = 'exit'; Handler = { if ($_ -eq 'stop') { exit }; "got $_" } }
    ) {
        $s = Start-LineServer 0 $Handler -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        'a', 'stop', 'b' | Send-Line $c
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('got a', 'got b')
    }

    It 'does nothing while nobody waits' {
        $s = Start-LineServer 0 { $_ } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $peer.Client.Poll(200000, 'SelectRead') | Should -BeFalse
        $r.IsRunning | Should -BeFalse
        Wait-Reactor $r -Until { $s.LinesOut -eq 1 } -Timeout 30
        Receive-Peer $peer -Until "`n" | Should -BeExactly "a`r`n"
    }

    It 'is run by Wait-Reactor until nothing is alive on it' {
        $s = Start-LineServer 0 { 'bye'; $Server.Dispose() } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Reactor $r
        $s.Status | Should -Be Stopped
        Receive-Peer $peer -End | Should -BeExactly "bye`r`n"
        Wait-Reactor $r
    }

    It 'is run for -Timeout, without an error' {
        $null = Start-LineServer 0 { $_ } -Reactor $r
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        Wait-Reactor $r -Timeout 300ms -ErrorAction Stop
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 0.25
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'writes an error where -Until is not true in time' {
        $null = Start-LineServer 0 { $_ } -Reactor $r
        $failure = Get-Failure { Wait-Reactor $r -Until { $false } -Timeout 200ms }
        $failure.Id | Should -Be WaitTimeout
        $failure.IsTerminating | Should -BeFalse
    }

    It 'ends with -Until also where that is true for another reason than an event' {
        $null = Start-LineServer 0 { $_ } -Reactor $r
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        Wait-Reactor $r -Until { $clock.ElapsedMilliseconds -gt 300 } -Timeout 30 -ErrorAction Stop
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'refuses to be waited for in its own handler' {
        $s = Start-LineServer 0 { Wait-Reactor $r } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`n" -End
        Wait-Reactor $r -Until { $s.ErrorCount -eq 1 } -Timeout 30 -ErrorAction SilentlyContinue
        $s.Errors[0].Exception.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'WouldDeadlock,*'
    }

    It 'is what Wait-Reactor wants: a background one is refused' {
        $background = New-Reactor
        try {
            $failure = Get-Failure { Wait-Reactor $background }
            $failure.Id | Should -Be NotForeground
            $failure.IsTerminating | Should -BeTrue
        }
        finally {
            Stop-Reactor $background
        }
    }

    It 'runs the server and the client of one conversation' {
        $s = Start-LineServer 0 { $_.ToUpper() } -OnConnect { 'hello' } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        'a', 'b' | Send-Line $c -Receive -Timeout 30 | Should -BeExactly @('A', 'B')
        Disconnect-LineClient $c
        Stop-LineServer $s
        $s.Status | Should -Be Stopped
        $r.Services | Should -BeNullOrEmpty
    }

    It 'stops at once with its servers and clients' {
        $slowest = 1..3 | ForEach-Object {
            $own = New-Reactor -Foreground
            $s = Start-LineServer 0 { $_ } -Reactor $own
            $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $own
            Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
            (Measure-Command { Stop-Reactor $own }).TotalSeconds
        } | Measure-Object -Maximum
        $slowest.Maximum | Should -BeLessThan 4
    }

    It 'shows what handlers write besides their output' {
        $s = Start-LineServer 0 { Write-Warning "warned of $_"; Write-Host "said $_" } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`n" -End
        $streams = Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30 *>&1
        "$streams" | Should -BeLike '*warned of a*'
        "$streams" | Should -BeLike '*said a*'
    }

    It 'logs what handlers write besides their output' {
        $s = Start-LineServer 0 { Write-Warning "warned of $_" } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`n" -End
        $null = Wait-Reactor $r -Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 } -Timeout 30 *>&1
        $s.Log | Where-Object { $_.Level -eq 'Warning' -and $_.Message -eq 'warned of a' } | Should -HaveCount 1
    }
}

Describe 'Start-LineServer -Wait' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'serves with the caller''s own handlers until the server stops' {
        $port = Get-UnusedPort
        $seen = [System.Collections.Generic.List[string]]::new()
        $peer = [System.Net.Sockets.TcpClient]::new()
        try {
            $handlers = @{
                OnStart = { $seen.Add('start'); $peer.Connect([System.Net.IPAddress]::Loopback, $port); Send-Peer $peer "a`nquit`n" -End }
                OnLine  = { $seen.Add($_); if ($_ -eq 'quit') { 'bye'; $Server.Dispose() } else { "<$_>" } }
                OnStop  = { $seen.Add('stop') }
            }
            Start-LineServer $port @handlers -Wait 6> $null | Should -BeNullOrEmpty
            Receive-Peer $peer -End | Should -BeExactly "<a>`r`nbye`r`n"
        }
        finally {
            $peer.Dispose()
        }
        $seen | Should -BeExactly @('start', 'a', 'quit', 'stop')
        Get-LineServer | Should -BeNullOrEmpty
        Test-PortFree $port | Should -BeTrue
    }

    It 'calls functions of -InitializationScript' {
        $port = Get-UnusedPort
        $peer = [System.Net.Sockets.TcpClient]::new()
        try {
            Start-LineServer $port { ConvertTo-Bold $_; $Server.Dispose() } -Wait -ErrorAction SilentlyContinue -InformationAction Ignore `
                -InitializationScript { function ConvertTo-Bold { param($Text) "*$Text*" } } `
                -OnStart { $peer.Connect([System.Net.IPAddress]::Loopback, $port); Send-Peer $peer "a`n" -End } `
                -OnDisconnect { $Server.Dispose() }
            Receive-Peer $peer -End | Should -BeExactly "*a*`r`n"
        }
        finally {
            $peer.Dispose()
        }
    }

    It 'outputs the server before it serves with -PassThru' {
        $s = Start-LineServer 0 { $_ } -Wait -PassThru 6> $null | ForEach-Object { $_.Dispose(); $_ }
        $s.Status | Should -Be Stopped
    }

    It 'leaves its reactor behind neither in the list nor running' {
        $before = @(Get-Reactor).Id
        Start-LineServer 0 { $_ } -Wait -OnStart { $Server.Dispose() } 6> $null
        @(Get-Reactor).Id | Should -Be $before
    }
}
