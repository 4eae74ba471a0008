BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $counter = 'class Counter { [int] $N = 0; [string] Bump() { $this.N++; return $this.Text() } [string] Text() { return "n=$($this.N)" } }'

    function New-Value ([string] $Expression) { & ([scriptblock]::Create("$counter; $Expression")) }
    class Plain { [int] $N = 5 }

    # A thread that waits 250 ms in vain for the session uses the object itself, and a busy machine may keep the session from its turn
    # for so long. So a script is tried again, in a session of its own, until it outputs what it should.
    function Invoke-InSession ([scriptblock] $Script, [object[]] $ArgumentList = @(), [string] $Expected) {
        for ($try = 0; $try -lt 5 -and "$output" -cne $Expected; $try++) {
            $pipeline = Start-Pipeline $Script -ArgumentList (@($counter) + $ArgumentList)
            $output = (Test-Pipeline $pipeline -Timeout 60) ? $pipeline.Shell.EndInvoke($pipeline.Running) : 'nothing within 60 s'
            Close-Pipeline $pipeline
        }
        "$output"
    }
}

Describe 'An object of a class of the session in a handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is named in a warning: <Name>' -ForEach @(
        @{ Name = 'by itself'; Value = '[Counter]::new()' }
        @{ Name = 'in a table'; Value = '@{ list = @(1, [Counter]::new()) }' }
    ) {
        $value = New-Value $Value
        $null = $value
        $null = Start-LineServer 0 { $using:value } -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '$value *[[]Counter]*NoRunspaceAffinity*-InitializationScript*'
    }

    It 'is used while a cmdlet waits: <Name>' -ForEach @(
        @{ Name = 'by itself'; Value = '[Counter]::new()'; Handler = '($using:value).Bump()' }
        @{ Name = 'in a table'; Value = '@{ list = @(1, [Counter]::new()) }'; Handler = '($using:value).list[1].Bump()' }
    ) {
        Invoke-InSession {
            param($Counter, $Value, $Handler)
            $value = & ([scriptblock]::Create("$Counter; $Value"))
            $s = Start-LineServer 0 ([scriptblock]::Create($Handler)) -WarningAction SilentlyContinue
            $c = Connect-LineClient 127.0.0.1 $s.Port
            1, 2 | ForEach-Object { Send-Line $c 'x' -Receive -Timeout 30 }
            Stop-LineServer $s -DrainTime 0
        } $Value, $Handler -Expected 'n=1 n=2' | Should -BeExactly 'n=1 n=2'
    }

    It 'is used while Wait-Deferred waits' {
        Invoke-InSession {
            param($Counter)
            $value = & ([scriptblock]::Create("$Counter; [Counter]::new()"))
            $d = Start-Deferred { ($using:value).Bump() } -WarningAction SilentlyContinue
            $d | Wait-Deferred -Timeout 30 | Receive-Deferred
            $value.N
        } -Expected 'n=1 1' | Should -BeExactly 'n=1 1'
    }

    It 'is used in the foreground as anything else' {
        $value = New-Value '[Counter]::new()'
        $c = New-LineTestConnection { ($using:value).Bump() } -WarningVariable warnings
        Send-Line $c 'x' -Receive -Timeout 30 | Should -BeExactly 'n=1'
        $warnings | Should -BeNullOrEmpty
        $value.N | Should -Be 1
    }

    It 'is no matter where it has no methods' {
        $value = [Plain]::new()
        $s = Start-LineServer 0 { ($using:value).N } -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "$($value.N)`r`n"
    }
}

Describe 'Stop-LineServer of a server whose handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'interrupts what waits for ever: <_>' -ForEach '[Threading.Thread]::Sleep(-1)', '[Threading.ManualResetEvent]::new($false).WaitOne()' {
        $began = [System.Threading.ManualResetEventSlim]::new()
        $null = $began
        $s = Start-LineServer 0 ([scriptblock]::Create("(`$using:began).Set(); $_"))
        Send-Peer (Connect-Peer $s.Port) "x`n"
        $began.Wait(30000) | Should -BeTrue
        Stop-LineServer $s -DrainTime 0 -WarningAction SilentlyContinue
        $s.Status | Should -Be Stopped
        # Its reactor goes on.
        Invoke-Peer (Start-LineServer 0 { $_ }).Port "y`n" | Should -BeExactly "y`r`n"
    }

    It 'returns where that can not be interrupted, and says so' {
        $r = New-Reactor
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $null = $port
        $s = Start-LineServer 0 { [System.Net.Sockets.TcpClient]::new('127.0.0.1', $using:port).Client.Receive([byte[]]::new(1)) } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "x`n"
        $silent = $listener.AcceptTcpClient()
        $failure = Get-Failure { Stop-LineServer $s -DrainTime 0 -WarningAction SilentlyContinue }
        $silent.Dispose()
        $listener.Stop()
        $failure.Id | Should -Be StillStopping
        $failure.Message | Should -BeLike '*OnLine*'
        Wait-Until { $s.Status -eq 'Stopped' }
        Stop-Reactor $r
    }
}

Describe 'PowerShell' {
    It 'ends though neither a handler nor blocking work can be stopped' {
        $file = Join-Path $TestDrive stuck.ps1
        Set-Content $file @"
            Import-Module '$((Get-Module TwistedPS).Path)'
            `$listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
            `$listener.Start()
            `$port = `$listener.LocalEndpoint.Port
            `$work = Start-Deferred { [System.Net.Sockets.TcpClient]::new('127.0.0.1', `$using:port).Client.Receive([byte[]]::new(1)) }
            `$first = `$listener.AcceptTcpClient()
            `$s = Start-LineServer 0 -OnConnect { [System.Net.Sockets.TcpClient]::new('127.0.0.1', `$using:port).Client.Receive([byte[]]::new(1)) }
            `$peer = [System.Net.Sockets.TcpClient]::new('127.0.0.1', `$s.Port)
            `$second = `$listener.AcceptTcpClient()
            'stuck'
            exit 5
"@
        $shell = Start-ChildShell '-File', $file
        Read-ChildLine $shell | Should -BeExactly stuck
        Wait-ChildShell $shell | Should -Be 5
    }
}
