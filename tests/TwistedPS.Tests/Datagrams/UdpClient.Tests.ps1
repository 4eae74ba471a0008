BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A UDP client (<Kind>)' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    BeforeEach {
        $server = Start-UdpServer 0 { , $_ } -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
    }

    AfterEach {
        Get-UdpServer | Stop-UdpServer -DrainTime 0
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'sends what is given and what is piped: <Name>' -ForEach @(
        @{ Name = 'text'; Send = { Send-Datagram $client 'text' }; Lengths = 4 }
        @{ Name = 'several texts'; Send = { Send-Datagram $client 'a', 'bc' }; Lengths = 1, 2 }
        @{ Name = 'bytes'; Send = { Send-Datagram $client ([byte[]](1, 2, 3)) }; Lengths = 3 }
        @{ Name = 'several arrays of bytes'; Send = { Send-Datagram $client ([byte[]](1, 2)), ([byte[]](3, 4, 5)) }; Lengths = 2, 3 }
        @{ Name = 'nothing but a datagram'; Send = { Send-Datagram $client '' }; Lengths = 0 }
        @{ Name = 'piped texts'; Send = { 'a', 'bc', 'def' | Send-Datagram $client }; Lengths = 1, 2, 3 }
        @{ Name = 'piped bytes, which are one'; Send = { [byte[]](1..9) | Send-Datagram $client }; Lengths = 9 }
        @{ Name = 'piped arrays'; Send = { [byte[]](1, 2), [byte[]](1, 2, 3) | Send-Datagram $client }; Lengths = 2, 3 }
        @{ Name = 'the largest'; Send = { Send-Datagram $client ([byte[]]::new(65507)) }; Lengths = 65507 }
        @{ Name = 'by name'; Send = { $client.Name; Send-Datagram $client.Name 'name' | Out-Null }; Lengths = 4 }
    ) {
        & $Send | Out-Null
        (Receive-Datagram $client -Count @($Lengths).Count -Timeout 30).ForEach{ $_.Data.Length } | Should -Be $Lengths
    }

    It 'keeps many in order' {
        1..2500 | Send-Datagram (Connect-UdpClient localhost $server.Port -Reactor $reactor -Name many)
        # Some may have been lost where the system had no room.
        $many = Get-UdpClient many
        Wait-Handled $reactor { $many.DatagramsOut -eq 2500 }
        $got = [int[]]@(Receive-Datagram $many -Count ([Math]::Max(1, $many.WaitingDatagrams)) -Timeout 30 -AsText)
        $got | Sort-Object | Should -Be $got
    }

    It 'refuses one that is too long, and sends the others' {
        Send-Datagram $client 'a', ('x' * 65508), 'b' -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'MessageTooLong,*'
        Receive-Datagram $client -Count 2 -Timeout 30 -AsText | Should -BeExactly a, b
    }

    It 'tells of a refusal where it receives, and goes on' {
        Stop-UdpServer $server
        Send-Datagram $client 'nobody'
        $failure = Get-Failure { Receive-Datagram $client -Timeout 30 }
        $failure.Id, $failure.Category, $failure.Target, $failure.IsTerminating | Should -Be ConnectionRefused, ConnectionError, $client, $false
        $client.Errors[0].Message | Should -Not -BeNullOrEmpty
        $server = Start-UdpServer $server.Port { 'again' } -Reactor $reactor
        Send-Datagram $client 'somebody'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly again
    }

    It 'tells its -OnError of a refusal' {
        Stop-UdpServer $server
        $client = Connect-UdpClient 127.0.0.1 $server.Port { } -OnError { $Client.State.Error = $_; $Client.State.Peer = $Peer } -Reactor $reactor
        Send-Datagram $client 'nobody'
        Wait-Handled $reactor { $client.State.Error }
        $client.State.Error.FullyQualifiedErrorId | Should -BeLike 'ConnectionRefused*'
        $client.Status | Should -Be Running
    }

    It 'has a handler, whose output goes to the server' {
        $server = Start-UdpServer 0 { if ($_ -lt 5) { [int]$_ + 1 } else { $script:end = $_ } } -AsText -Reactor $reactor
        $client = Connect-UdpClient "localhost:$($server.Port)" -OnDatagram { [int]$_ + 1 } -AsText -Reactor $reactor
        Send-Datagram $client 0
        Wait-Handled $reactor { $server.DatagramsIn -eq 4 }
        Invoke-Reactor -Server $server { $script:end } | Should -BeExactly 6
        $failure = Get-Failure { Receive-Datagram $client -Timeout 1 }
        $failure.Id | Should -Be HandlerReceives
    }

    It 'says how many came in time' {
        Send-Datagram $client 'one'
        $failure = Get-Failure { Receive-Datagram $client -Count 2 -Timeout 100ms }
        $failure.Id | Should -Be ReceiveTimeout
        $failure.Message | Should -BeLike '*0.1 s, after 1 messages.'
    }

    It 'ends, and neither sends nor receives then' {
        $client | Disconnect-UdpClient
        $client.Status | Should -Be Stopped
        (Get-Failure { Send-Datagram $client 'x' }).Id | Should -Be NotConnected
        (Get-Failure { Receive-Datagram $client -Timeout 5 }).Id | Should -Be NotConnected
    }

    It 'is not waited for in a handler of its reactor' {
        $waiting = Start-UdpServer 0 { Receive-Datagram $script:own } -OnStart { $script:own = Connect-UdpClient 127.0.0.1 9 } -OnError { "$($_.FullyQualifiedErrorId)".Split(',')[0] } -Reactor $reactor
        $asking = Connect-UdpClient localhost $waiting.Port -Reactor $reactor
        Send-Datagram $asking 'x'
        Receive-Datagram $asking -Timeout 30 -AsText | Should -BeExactly WouldDeadlock
    }

    It 'ends with the connection whose handler has made it, unless it is detached' {
        $port = $server.Port
        $lines = Start-LineServer 0 { $null = Connect-UdpClient 127.0.0.1 $using:port -Name mine; $null = Connect-UdpClient 127.0.0.1 $using:port -Name free -Detached; 'made' } -Reactor $reactor
        $peer = Connect-LineClient 127.0.0.1 $lines.Port -Reactor $reactor
        Send-Line $peer 'x' -Receive -Timeout 30 | Should -BeExactly made
        (Get-UdpClient mine, free).Count | Should -Be 2
        Disconnect-LineClient $peer
        Wait-Handled $reactor { -not (Get-UdpClient mine -ErrorAction Ignore) }
        Get-UdpClient free | Should -Not -BeNullOrEmpty
    }
}

Describe 'A UDP client' {
    AfterEach {
        Get-UdpServer | Stop-UdpServer -DrainTime 0
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    }

    It 'refuses what is no place: <Name>' -ForEach @(
        @{ Name = 'no port'; Id = 'InvalidAddress'; Do = { Connect-UdpClient localhost } }
        @{ Name = 'two ports'; Id = 'EndpointContradicted'; Do = { Connect-UdpClient localhost:1 2 } }
        @{ Name = 'an unknown host'; Id = 'HostNotFound'; Do = { Connect-UdpClient no.such.host.invalid 1 } }
        @{ Name = 'a broadcast without leave'; Id = 'AccessDenied'; Do = { Connect-UdpClient 255.255.255.255 9 } }
        @{ Name = 'a path where nobody is'; Id = 'ConnectionRefused'; Do = { Connect-UdpClient -Path /tmp/no/such.sock } }
        @{ Name = 'a receiver that is none'; Id = 'InvalidAddress'; Do = { Send-Datagram (Start-UdpServer 0) 'x' -To 'no port' } }
        @{ Name = 'a server without a receiver'; Id = 'NotConnected'; Do = { Send-Datagram (Start-UdpServer 0) 'x' } }
    ) {
        (Get-Failure $Do).Id | Should -Be $Id
        Get-UdpClient | Should -BeNullOrEmpty
    }

    It 'does not look a name up in a handler' {
        $server = Start-UdpServer 0 { $null = Connect-UdpClient example.invalid 9 } -OnError { "$_" }
        $client = Connect-UdpClient localhost $server.Port
        Send-Datagram $client 'x'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeLike "*looks 'example.invalid' up. Give an IP address."
    }

    It 'sends from the address and port that it is given' {
        $server = Start-UdpServer 0 { "$Peer" }
        $port = Get-UnusedPort
        $client = Connect-UdpClient localhost $server.Port -LocalEndPoint "127.0.0.1:$port"
        Send-Datagram $client 'x'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly "127.0.0.1:$port"
    }

    It 'broadcasts with -AllowBroadcast' {
        $server = Start-UdpServer 0 { 'heard' } -Address '*'
        $sender = Start-UdpServer 0 -Address 0.0.0.0 -AllowBroadcast
        Send-Datagram $sender 'all' -To "127.255.255.255:$($server.Port)"
        Receive-Datagram $sender -Timeout 30 -AsText | Should -BeExactly heard
        $timid = Start-UdpServer 0 -Address 0.0.0.0
        $failure = Get-Failure { Send-Datagram $timid 'all' -To "127.255.255.255:$($server.Port)" }
        $failure.Id | Should -Be AccessDenied
        $failure.Message | Should -BeLike '*-AllowBroadcast*'
    }

    It 'is given to the cmdlets by completion, and shown in tables' {
        $server = Start-UdpServer 0 { , $_ } -Name 'udp server'
        $client = Connect-UdpClient localhost $server.Port -Name udpclient
        Get-Completion 'Stop-UdpServer u' | Should -Be "'udp server'"
        Get-Completion 'Invoke-Reactor { } -Server u' | Should -Be "'udp server'"
        Get-Completion 'Disconnect-UdpClient u' | Should -Be udpclient
        Get-Completion 'Send-Datagram ud' | Should -Be "'udp server'", udpclient
        Get-Completion 'Receive-Datagram ud' | Should -Be "'udp server'", udpclient
        Get-Completion 'Start-UdpServer 0 { } -MulticastInterface ' | Should -Not -BeNullOrEmpty
        Send-Datagram $client "two`nlines"
        $datagram = Receive-Datagram $client -Timeout 30
        $server | Out-String -Width 160 | Should -Match "Id\s+Name\s+Status\s+Address\s+Errors\s+In\s+Out\s+Dropped[\s\S]*udp server\s+Running\s+127\.0\.0\.1:\d+\s+0\s+1\s+1\s+0\s"
        $client | Out-String -Width 160 | Should -Match "Address\s+Errors[\s\S]*udpclient\s+Running\s+127\.0\.0\.1:\d+\s+0\s+1\s+1\s"
        $datagram | Out-String -Width 160 | Should -Match 'Peer\s+Length\s+Text[\s\S]*127\.0\.0\.1:\d+\s+9\s+two\\nlines'
        $datagram.Peer | Out-String -Width 160 | Should -Match 'Address\s+Port\s+Owner[\s\S]*127\.0\.0\.1\s+\d+\s+udpclient'
    }
}
