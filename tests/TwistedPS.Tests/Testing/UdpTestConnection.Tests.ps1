BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'New-UdpTestConnection' {
    BeforeAll {
        function Get-Price ([string] $Name) { throw "no price of $Name" }
    }

    AfterEach {
        Stop-Everything
    }

    It 'calls a handler of datagrams without a port' {
        $c = New-UdpTestConnection -AsText { "$_!"; $Peer.Send('more') }
        Send-Datagram $c 'hi', 'ho'
        Receive-Datagram $c -Count 4 -Timeout 30 -AsText | Should -BeExactly 'hi!', more, 'ho!', more
        $c.Server.Port, $c.Host, $c.Server.DatagramsIn, $c.Server.DatagramsOut | Should -BeExactly 0, memory, 2, 4
    }

    It 'gives bytes, and carries any, even none' {
        $c = New-UdpTestConnection { , [byte[]] ($_ + 255) }
        Send-Datagram $c ([byte[]] (0, 1))
        Send-Datagram $c ([byte[]]::new(0))
        (Receive-Datagram $c -Timeout 30).Data | Should -Be 0, 1, 255
        (Receive-Datagram $c -Timeout 30).Data | Should -Be 255
    }

    It 'lets handlers call mocks' {
        Mock Get-Price { '42' }
        $c = New-UdpTestConnection -AsText { Get-Price $_ }
        Send-Datagram $c 'tea'
        Receive-Datagram $c -Timeout 30 -AsText | Should -BeExactly '42'
        Should -Invoke Get-Price -Exactly 1 -ParameterFilter { $Name -eq 'tea' }
    }

    It 'has an address that the test chooses' {
        $c = New-UdpTestConnection -AsText { "$($Peer.Address) $($Peer.Port)" } -LocalEndPoint '192.0.2.7:5000'
        Send-Datagram $c 'who'
        Receive-Datagram $c -Timeout 30 -AsText | Should -BeExactly '192.0.2.7 5000'
        (Get-Failure { New-UdpTestConnection -Server $c.Server -LocalEndPoint '192.0.2.7:5000' }).Id | Should -Be AddressInUse
    }

    It 'has several peers of one server, each answered by itself' {
        $a = New-UdpTestConnection -AsText { "$($Peer.Port) $_" }
        $b = New-UdpTestConnection -Server $a.Server
        Send-Datagram $a 'one'
        Send-Datagram $b 'two'
        Receive-Datagram $b -Timeout 30 -AsText | Should -BeExactly '49153 two'
        Receive-Datagram $a -Timeout 30 -AsText | Should -BeExactly '49152 one'
        Send-Datagram $a.Server 'news' -To '127.0.0.1:49153'
        Receive-Datagram $b -Timeout 30 -AsText | Should -BeExactly news
    }

    It 'is answered later, by fake time' {
        $r = New-Reactor -Foreground -FakeClock
        $c = New-UdpTestConnection -Reactor $r -AsText { $null = Start-ReactorTimer -After 1h { 'late' } }
        Send-Datagram $c 'x'
        $c.WaitingDatagrams | Should -Be 0
        Wait-Reactor $r -Advance 1h
        Receive-Datagram $c -Timeout 30 -AsText | Should -BeExactly late
        Stop-Reactor $r
    }

    It 'writes the error of a handler to whoever sent the datagram, or calls OnError' {
        $c = New-UdpTestConnection { throw 'broken' }
        (Get-Failure { Send-Datagram $c 'x' }).Message | Should -BeExactly broken
        $c = New-UdpTestConnection { throw 'broken' } -OnError { "sorry: $_" }
        Send-Datagram $c 'x'
        Receive-Datagram $c -Timeout 30 -AsText | Should -BeExactly 'sorry: broken'
    }

    It 'is refused once the server has stopped' {
        $c = New-UdpTestConnection { }
        Stop-UdpServer $c.Server
        Send-Datagram $c 'x'
        (Get-Failure { Receive-Datagram $c -Timeout 30 }).Id | Should -Be ConnectionRefused
    }

    It 'stops its server when it ends' {
        $stopped = [Collections.Generic.List[string]]::new()
        $c = New-UdpTestConnection { } -OnStop { $stopped.Add('stopped') }
        Disconnect-UdpClient $c
        Get-UdpServer | Should -BeNullOrEmpty
        $stopped | Should -BeExactly stopped
    }

    It 'refuses a server of the network' {
        $s = Start-UdpServer 0 { }
        $failure = Get-Failure { New-UdpTestConnection -Server $s }
        $failure.Id, $failure.Target | Should -Be ServerNotInMemory, $s
    }

    It 'has no multicast groups' {
        $c = New-UdpTestConnection { }
        { $c.Server.JoinGroup('239.1.2.3') } | Should -Throw '*has no multicast groups.*'
    }
}
