BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A client that a handler makes, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $r = New-Reactor @ReactorOptions
        $clients = New-Queue
        $silent = Start-LineServer 0 { } -Reactor $r -Name silent
        $back = Start-LineServer 0 { "<$_>"; $Connection.Close() } -Reactor $r -Name back
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
    }

    It 'holds up the close of its connection until it has ended' {
        $s = Start-LineServer 0 -Reactor $r {
            $asker = $Connection
            $c = Connect-LineClient 127.0.0.1 ($using:back).Port { ($using:asker).Send("got $_") }
            Send-Line $c "first $_"
            $c.Send('second')
            $Connection.Close()
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Handled $r { $s.ConnectionCount -eq 0 -and $s.LinesIn -eq 1 }
        Receive-Peer $peer -End | Should -BeExactly "got <first a>`r`n"
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'does not, and does not end with it, with -Detached' {
        $s = Start-LineServer 0 -Reactor $r {
            ($using:clients).Enqueue((Connect-LineClient 127.0.0.1 ($using:silent).Port -Detached))
            $Connection.Close()
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Handled $r { $s.ConnectionCount -eq 0 -and @($clients).Status -eq 'Connected' }
        Receive-Peer $peer -End | Should -BeExactly ''
        Disconnect-LineClient @($clients)[0] -DrainTime 0
    }

    It 'ends when the connection is gone: <Case>' -ForEach @(
        @{ Case = 'connected'; Options = @{} }
        @{ Case = 'with -Reconnect'; Options = @{ ReconnectEvery = 30 } }
    ) {
        $s = Start-LineServer 0 -Reactor $r {
            $options = $using:Options
            ($using:clients).Enqueue((Connect-LineClient 127.0.0.1 ($using:silent).Port @options))
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Handled $r { @($clients).Status -eq 'Connected' -and $silent.ConnectionCount -eq 1 }
        Reset-Peer $peer
        Wait-Handled $r { $silent.ConnectionCount -eq 0 }
        Wait-Handled $r { @($clients).Status -eq 'Disconnected' }
        $s.ErrorCount | Should -Be 0
    }

    It 'holds up no close with -Reconnect' {
        $s = Start-LineServer 0 -Reactor $r {
            $null = Connect-LineClient 127.0.0.1 ($using:silent).Port -Reconnect
            'bye'
            $Connection.Close()
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Handled $r { $s.ConnectionCount -eq 0 -and $s.LinesIn -eq 1 }
        Receive-Peer $peer -End | Should -BeExactly "bye`r`n"
        Wait-Handled $r { $silent.ConnectionCount -eq 0 }
    }

    It 'holds it up no longer when it <Case>' -ForEach @(
        @{ Case = 'can not connect'; Then = { } }
        @{ Case = 'is given up at once'; Then = { $c.Dispose() } }
    ) {
        $port = Get-UnusedPort
        $s = Start-LineServer 0 -Reactor $r ([scriptblock]::Create("`$c = Connect-LineClient 127.0.0.1 $port; $Then; `$Connection.Close()"))
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Handled $r { $s.ConnectionCount -eq 0 -and $s.LinesIn -eq 1 }
        Receive-Peer $peer -End | Should -BeExactly ''
    }

    It 'in OnStart is there for all connections, and ends with the server' {
        $s = Start-LineServer 0 { Send-Line $script:up $_ } -OnStart { $script:up = Connect-LineClient 127.0.0.1 ($using:silent).Port } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        Wait-Handled $r { $s.ConnectionCount -eq 0 -and $silent.LinesIn -eq 1 }
        Receive-Peer $peer -End | Should -BeExactly ''
        $silent.ConnectionCount | Should -Be 1
        Stop-LineServer $s -DrainTime 0
        Wait-Handled $r { $silent.ConnectionCount -eq 0 }
    }
}

Describe 'A client that a handler makes of a server that does not hang up' {
    It 'ends when nothing has come for 30 seconds since its connection was to close' {
        $r = New-Reactor -Foreground -FakeClock
        try {
            $back = Start-LineServer 0 { } -Reactor $r
            $s = Start-LineServer 0 { if ($_ -eq 'bye') { $Connection.Close() } else { $null = Connect-LineClient 127.0.0.1 $back.Port -OnLine { } -Name held } } -Reactor $r
            $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
            Send-Line $c 'a'
            Wait-Reactor $r -Until { (Get-LineClient held -ErrorAction Ignore).Status -eq 'Connected' -and $back.ConnectionCount -eq 1 } -Timeout 30 -ErrorAction Stop
            Wait-Reactor $r -Advance 100
            Send-Line $c 'bye'
            Wait-Reactor $r -Until { $s.LinesIn -eq 2 } -Timeout 30
            Wait-Reactor $r -Advance 20
            Send-Line -Server $back 'still here'
            Wait-Reactor $r -Until { (Get-LineClient held).LinesIn -eq 1 } -Timeout 30
            Wait-Reactor $r -Advance 29
            $s.ConnectionCount | Should -Be 1
            Wait-Reactor $r -Advance 1
            Wait-Reactor $r -Until { $s.ConnectionCount -eq 0 } -Timeout 30 -ErrorAction Stop
        }
        finally {
            Stop-Reactor $r
        }
    }
}
