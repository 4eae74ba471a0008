BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'New-Reactor, Get-Reactor and Stop-Reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-Reactor | Stop-Reactor
    }

    It 'makes a reactor of its own with the poller <Poller>, which serves' -ForEach @(
        @{ Poller = 'Auto' }
        @{ Poller = 'Pool' }
    ) {
        $r = New-Reactor -Poller $Poller
        $s = Start-LineServer 0 { "$_ $($Server.Reactor.Id)" } -Reactor $r
        $s.Reactor | Should -Be $r
        $r.Services | Should -Be $s
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "a $($r.Id)`r`nb $($r.Id)`r`n"
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        1..300 | Send-Line $c
        Receive-Line $c -Count 300 -Timeout 30 | Should -BeExactly (1..300 | ForEach-Object { "$_ $($r.Id)" })
    }

    It 'holds back a client that does not read with the poller Pool, and loses nothing' {
        $s = Start-LineServer 0 { 'y' * 10000 } -Reactor (New-Reactor -Poller Pool)
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ("`n" * 2000) -End
        Wait-Until { $s.Connections[0].UnsentBytes -gt 1MB }
        $s.Connections[0].UnsentBytes | Should -BeLessOrEqual (1MB + 10002)
        (Receive-Peer $peer -End).Length | Should -Be (2000 * 10002)
    }

    It 'tells of a reset with the poller Pool' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $_ } -Reactor (New-Reactor -Poller Pool) -OnDisconnect { ($using:reasons).Enqueue($_) }
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Reset-Peer $peer
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly Lost
        $port = $s.Port
        Stop-LineServer $s
        (Start-LineServer $port { $_ }).Port | Should -Be $port
    }

    It 'lists reactors with what is alive on them' {
        $s = Start-LineServer 0 { $_ }
        $r = New-Reactor
        (Get-Reactor).Id | Should -Be @($s.Reactor.Id, $r.Id)
        (Get-Reactor $r.Id).Id | Should -Be $r.Id
        (Get-Reactor $s.Reactor.Id).Services | Should -Be $s
        $r.IsStopped | Should -BeFalse
    }

    It 'stops with all that runs on it, and nothing else' {
        $r = New-Reactor
        $mine = Start-LineServer 0 { $_ } -Reactor $r.Id
        $other = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $mine.Port -Reactor $r
        Stop-Reactor $r
        $r.IsStopped | Should -BeTrue
        $mine.Status, $c.Status, $other.Status | Should -Be @('Stopped', 'Disconnected', 'Running')
        Test-PortFree $mine.Port | Should -BeTrue
        (Get-Reactor).Id | Should -Be $other.Reactor.Id
    }

    It 'stops while a handler loops for ever' {
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $r = New-Reactor
        $s = Start-LineServer 0 { ($using:started).Set(); while ($true) { } } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`n"
        $started.Wait(30000) | Should -BeTrue
        Stop-Reactor $r
        $r.IsStopped | Should -BeTrue
        Test-PortFree $s.Port | Should -BeTrue
        $null = Get-LineServer -WarningAction SilentlyContinue
    }

    It 'stops the default one, and the next server has a new one' {
        $s = Start-LineServer 0 { $_ }
        Stop-Reactor $s.Reactor
        $again = Start-LineServer 0 { $_ }
        $again.Reactor.Id | Should -Not -Be $s.Reactor.Id
        Invoke-Peer $again.Port "a`n" | Should -BeExactly "a`r`n"
    }

    It 'leaves no runspace' {
        $before = (Get-Runspace).Id
        $r = New-Reactor
        $null = Start-LineServer 0 { $_ } -Reactor $r
        (Get-Runspace).Count | Should -Be (@($before).Count + 1)
        Stop-Reactor $r
        Wait-Until { (Get-Runspace).Count -eq @($before).Count }
        (Get-Runspace).Id | Should -Be $before
    }

    It 'does nothing with -WhatIf' {
        $r = New-Reactor
        Stop-Reactor $r -WhatIf
        $r.IsStopped | Should -BeFalse
    }

    It 'refuses a reactor that has stopped' {
        $r = New-Reactor
        Stop-Reactor $r
        (Get-Failure { Start-LineServer 0 { $_ } -Reactor $r }).Id | Should -Be ReactorStopped
    }

    It 'stops reactors in a handler of its own' {
        $r = New-Reactor
        $s = Start-LineServer 0 { Stop-Reactor $Server.Reactor; 'bye' } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.Status -eq 'Stopped' }
        Wait-Until { $r.IsStopped }
        Test-PortFree $s.Port | Should -BeTrue
    }
}

Describe 'The default reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is shared by whatever is started without one' {
        $one = Start-LineServer 0 { $_ }
        $two = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $one.Port
        $two.Reactor.Id, $c.Reactor.Id | Should -Be @($one.Reactor.Id, $one.Reactor.Id)
    }

    It 'runs the handlers of two servers one at a time' {
        $busy = [System.Threading.SemaphoreSlim]::new(1)
        $handler = {
            if (-not ($using:busy).Wait(0)) {
                throw 'two at a time'
            }
            $sum = 0
            foreach ($i in 1..500) {
                $sum += $i
            }
            $null = ($using:busy).Release()
            [Environment]::CurrentManagedThreadId
        }
        $one = Start-LineServer 0 $handler
        $two = Start-LineServer 0 $handler
        $peers = 1..4 | ForEach-Object { Connect-Peer $one.Port; Connect-Peer $two.Port }
        $peers | ForEach-Object { Send-Peer $_ ("`n" * 100) -End }
        $replies = $peers | ForEach-Object { Receive-Peer $_ -End }
        $threads = $replies -split "`r`n" | Where-Object { $_ }
        $threads | Should -HaveCount 800
        $threads | Select-Object -Unique | Should -HaveCount 1
        $one.ErrorCount + $two.ErrorCount | Should -Be 0
        $null = $busy
    }

    It 'holds up no other reactor' {
        $gate = [System.Threading.ManualResetEventSlim]::new($false)
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $r = New-Reactor
        try {
            $held = Start-LineServer 0 { ($using:started).Set(); $null = ($using:gate).Wait(60000); 'done' }
            $free = Start-LineServer 0 { $_ } -Reactor $r
            $peer = Connect-Peer $held.Port
            Send-Peer $peer "a`n"
            $started.Wait(30000) | Should -BeTrue
            Invoke-Peer $free.Port "b`n" | Should -BeExactly "b`r`n"
            $gate.Set()
            Receive-Peer $peer -Until "`n" | Should -BeExactly "done`r`n"
        }
        finally {
            $gate.Set()
            Stop-Reactor $r
        }
    }

    It 'serves a connection that floods it and another in turn' {
        $s = Start-LineServer 0 { $_ }
        $flood = Connect-Peer $s.Port
        $data = [System.Text.Encoding]::Latin1.GetBytes("$('x' * 1000)`n" * 20000)
        $sending = $flood.GetStream().WriteAsync($data, 0, $data.Length)
        $reading = $flood.GetStream().CopyToAsync([System.IO.Stream]::Null)
        Wait-Until { $s.LinesIn -gt 100 }
        Invoke-Peer $s.Port "me too`n" | Should -BeExactly "me too`r`n"
        $s.Connections[0].LinesIn | Should -BeLessThan 20000
        $sending.Wait(60000) | Should -BeTrue
        $flood.Client.Shutdown('Send')
        $reading.Wait(60000) | Should -BeTrue
        $s.LinesOut | Should -Be 20001
    }
}

Describe 'Invoke-Reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'runs a scriptblock on the reactor and outputs what it outputs' {
        $s = Start-LineServer 0 { [Environment]::CurrentManagedThreadId }
        $thread = (Invoke-Peer $s.Port "`n").Trim()
        Invoke-Reactor { [Environment]::CurrentManagedThreadId } | Should -Be $thread
        Invoke-Reactor { 1; 'two'; [pscustomobject]@{ Three = 3 } } | Select-Object -Last 1 | ForEach-Object Three | Should -Be 3
    }

    It 'takes arguments and $using: variables' {
        $word = 'hi'
        Invoke-Reactor { param($One, $Two) "$One $Two $using:word" } -ArgumentList 1, 2 | Should -BeExactly '1 2 hi'
    }

    It 'runs on the reactor that is given' {
        $r = New-Reactor
        try {
            $here = Invoke-Reactor { [Environment]::CurrentManagedThreadId }
            $there = Invoke-Reactor { [Environment]::CurrentManagedThreadId } -Reactor $r
            $there | Should -Not -Be $here
            $r | Invoke-Reactor { [Environment]::CurrentManagedThreadId } | Should -Be $there
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'writes the error that the scriptblock ends with, and the reactor goes on' {
        $failure = Get-Failure { Invoke-Reactor { throw 'on the reactor' } }
        $failure.Message | Should -BeExactly 'on the reactor'
        $failure.IsTerminating | Should -BeFalse
        Invoke-Reactor { 'still' } | Should -BeExactly still
    }

    It 'runs on a foreground reactor, in the caller''s session' {
        $local = 'mine'
        $r = New-Reactor -Foreground
        Invoke-Reactor { $local } -Reactor $r | Should -BeExactly mine
        Stop-Reactor $r
    }
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

Describe 'A background reactor that is disposed' {
    It 'ends with all that is on it, and frees its port' {
        $own = New-Reactor
        $s = Start-LineServer 0 { $_ } -Reactor $own
        $peer = Connect-Peer $s.Port
        $own.Dispose()
        Wait-LineServer $s -Timeout 30 | Should -Be $s
        { Receive-Peer $peer -End } | Should -Throw
        Wait-Until { $own.Id -notin (Get-Reactor).Id }
        Test-PortFree $s.Port | Should -BeTrue
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
            Start-LineServer $port @handlers -Wait | Should -BeNullOrEmpty
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
            Start-LineServer $port { ConvertTo-Bold $_; $Server.Dispose() } -Wait -ErrorAction SilentlyContinue `
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
        $s = Start-LineServer 0 { $_ } -Wait -PassThru | ForEach-Object { $_.Dispose(); $_ }
        $s.Status | Should -Be Stopped
    }

    It 'leaves its reactor behind neither in the list nor running' {
        $before = @(Get-Reactor).Id
        Start-LineServer 0 { $_ } -Wait -OnStart { $Server.Dispose() }
        @(Get-Reactor).Id | Should -Be $before
    }
}
