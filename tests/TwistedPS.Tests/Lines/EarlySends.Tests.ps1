BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'What is sent to a client that is still connecting, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $r = New-Reactor @ReactorOptions
        $lines = [System.Collections.Concurrent.BlockingCollection[object]]::new()
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
    }

    It 'in a handler comes after the output of OnConnect, in order' {
        $s = Start-LineServer 0 { ($using:lines).Add($_) } -Reactor $r
        $c = Invoke-Reactor -Reactor $r -ArgumentList $s.Port {
            param($Port)
            $c = Connect-LineClient 127.0.0.1 $Port -OnConnect { 'hello' } -Name early
            Send-Line $c 'one', 'two'
            Send-TcpData early "three`n"
            $c.Send('four')
            Send-TcpData $c "five`n" -EndSending
            $c
        }
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $lines | Should -BeExactly 'hello', 'one', 'two', 'three', 'four', 'five'
        $c.ErrorCount | Should -Be 0
    }

    It 'and has failed to connect is an error of the client' {
        $c = Invoke-Reactor -Reactor $r -ArgumentList (Get-UnusedPort) {
            param($Port)
            $c = Connect-LineClient 127.0.0.1 $Port
            Send-Line $c 'one', 'two'
            $c
        }
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $c.Errors.Handler, $c.Errors[0].Exception.GetType().Name | Should -BeExactly 'Send', 'NotConnectedException'
        $c.Errors[0].Message | Should -BeLike '*could not connect*'
    }

    It 'is refused when too much of it waits' {
        $deaf = New-DeafListener
        $c, $first, $second, $third = Invoke-Reactor -Reactor $r -ArgumentList $deaf.Port {
            param($Port)
            $c = Connect-LineClient 127.0.0.1 $Port -SendBufferLimit 100
            $c
            Send-Line $c ('x' * 200) -ErrorVariable failed -ErrorAction SilentlyContinue
            "$($failed.FullyQualifiedErrorId)"
            Send-Line $c 'y' -ErrorVariable failed -ErrorAction SilentlyContinue
            "$($failed.FullyQualifiedErrorId)"
            try { $c.Send('z') } catch { $_.Exception.InnerException.GetType().Name }
        }
        $first, $second, $third | Should -BeExactly '', 'SendBufferFull,TwistedPS.Commands.SendLineCommand', 'SendBufferFullException'
        Disconnect-LineClient $c
        $c.ErrorCount | Should -Be 1
    }

    It 'at the prompt waits for the connection, and fails with NotConnected without one' {
        $deaf = New-DeafListener
        $c = Invoke-Reactor -Reactor $r -ArgumentList $deaf.Port { param($Port) Connect-LineClient 127.0.0.1 $Port }
        (Get-Failure { Send-Line $c 'a' -Timeout 50ms }).Id | Should -BeExactly SendTimeout
        $null = Invoke-Reactor -Reactor $r -ArgumentList $c { param($Client) Start-ReactorTimer -After 50ms { ($using:Client).Dispose() } }
        (Get-Failure { Send-Line $c 'b' }).Id | Should -BeExactly NotConnected
        (Get-Failure { Send-Line $c 'c' }).Id | Should -BeExactly NotConnected
        { $c.Send('d') } | Should -Throw '*not connected*'
    }

    It 'at the prompt is sent before Send-Line returns' {
        $s = Start-LineServer 0 { ($using:lines).Add($_) } -Reactor $r
        $c = Invoke-Reactor -Reactor $r -ArgumentList $s.Port { param($Port) Connect-LineClient 127.0.0.1 $Port }
        Send-Line $c 'one'
        $c.Status | Should -Be Connected
        Disconnect-LineClient $c
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $lines.Take() | Should -BeExactly one
    }

    It 'is refused with NotConnected between two attempts' {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) -ReconnectEvery 1000 -Reactor $r -WarningAction SilentlyContinue
        $c.Status | Should -Be Waiting
        (Get-Failure { Send-Line $c 'a' }).Id | Should -BeExactly NotConnected
        Invoke-Reactor -Reactor $r -ArgumentList $c { param($Client) Send-Line $Client 'b' -ErrorVariable failed -ErrorAction SilentlyContinue; "$($failed.FullyQualifiedErrorId)" } |
            Should -BeExactly 'NotConnected,TwistedPS.Commands.SendLineCommand'
        { $c.Send('c') } | Should -Throw '*not connected*'
    }
}
