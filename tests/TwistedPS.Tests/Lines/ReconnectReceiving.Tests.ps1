BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A client with -Reconnect' {
    AfterEach {
        Get-LineClient | Disconnect-LineClient -DrainTime 0
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'can be received from while it waits: Receive-Line waits for the connection, up to its time' {
        $port = Get-UnusedPort
        $c = Connect-LineClient 127.0.0.1 $port -ReconnectEvery 50ms -WarningAction SilentlyContinue
        (Get-Failure { Receive-Line $c -Timeout 1ms }).Id | Should -Be ReceiveTimeout
        $late = Start-LineServer $port -OnConnect { 'hello' }
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        Stop-LineServer $late
        (Get-Failure { Receive-Line $c -Timeout 1ms }).Id | Should -Be ReceiveTimeout
        Disconnect-LineClient $c
        (Get-Failure { Receive-Line $c -Timeout 30 }).Id | Should -Be NotConnected
    }

    It 'ends Send-Line -Receive when the connection is lost that the reply would come from' {
        $s = Start-LineServer 0 { $Connection.Abort() }
        $c = Connect-LineClient 127.0.0.1 $s.Port -ReconnectEvery 10m -WarningAction SilentlyContinue
        (Get-Failure { Send-Line $c 'x' -Receive -Timeout 60 }).Id | Should -Be NotConnected
        Wait-Until { $c.Status -eq 'Waiting' }
        (Get-Failure { Receive-Line $c -Timeout 1ms }).Id | Should -Be ReceiveTimeout
    }
}
