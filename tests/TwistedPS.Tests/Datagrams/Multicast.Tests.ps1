BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $loopback = @{ MulticastInterface = '127.0.0.1' }
}

# On other systems nothing is routed to a group by the loopback interface.
Describe 'Multicast (<Kind>)' -Skip:(-not $IsLinux) -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterEach {
        Get-UdpServer | Stop-UdpServer -DrainTime 0
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'reaches all members, who answer the sender' {
        $first = Start-UdpServer 0 -MulticastGroup 239.255.78.1, 239.255.78.2 @loopback -ReuseAddress { "first $_" } -AsText -Reactor $reactor
        $second = Start-UdpServer $first.Port -MulticastGroup 239.255.78.1 @loopback -ReuseAddress { "second $_" } -AsText -Reactor $reactor
        $sender = Start-UdpServer 0 @loopback -TimeToLive 2 -Reactor $reactor
        Send-Datagram $sender 'one' -To "239.255.78.1:$($first.Port)"
        Receive-Datagram $sender -Count 2 -Timeout 30 -AsText | Sort-Object | Should -BeExactly 'first one', 'second one'
        Send-Datagram $sender 'two' -To "239.255.78.2:$($first.Port)"
        Receive-Datagram $sender -Timeout 30 -AsText | Should -BeExactly 'first two'
        $second.DatagramsIn | Should -Be 1
        $first.MulticastGroups | Should -BeExactly 239.255.78.1, 239.255.78.2
        "$($first.LocalAddress)" | Should -BeLike '0.0.0.0:*'
    }

    It 'is joined and left by handlers and at the prompt' {
        $server = Start-UdpServer 0 -Address * @loopback { if ($Server.MulticastGroups -eq '239.255.78.3') { $Server.LeaveGroup('239.255.78.3') }; 'left' } -OnStart { $Server.JoinGroup('239.255.78.3') } -Reactor $reactor
        $server.MulticastGroups | Should -BeExactly 239.255.78.3
        $sender = Start-UdpServer 0 @loopback -Reactor $reactor
        Send-Datagram $sender 'x' -To "239.255.78.3:$($server.Port)"
        Receive-Datagram $sender -Timeout 30 -AsText | Should -BeExactly left
        $server.MulticastGroups | Should -BeNullOrEmpty
        $server.JoinGroup('239.255.78.4')
        Send-Datagram $sender 'x' -To "239.255.78.4:$($server.Port)"
        Wait-Handled $reactor { $server.DatagramsIn -eq 2 }
        { $server.JoinGroup('10.1.1.1') } | Should -Throw '*no multicast group*'
    }
}
