BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    $folder = (New-Item "/tmp/tps-$([guid]::NewGuid().ToString('N').Substring(0, 8))" -ItemType Directory).FullName
}

AfterAll { Remove-Item $folder -Recurse }

Describe 'Where datagrams go' {
    AfterEach {
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
        Get-UdpServer | Stop-UdpServer -DrainTime 0
    }

    It 'is what an endpoint string says: <Server>, <Client>' -ForEach @(
        @{ Server = 'udp:0'; Client = 'udp:localhost:{0}' }
        @{ Server = 'UDP:port=0:interface=127.0.0.1'; Client = 'udp:host=127.0.0.1:port={0}:bindAddress=127.0.0.1' }
        @{ Server = '127.0.0.1:0'; Client = '127.0.0.1:{0}' }
        @{ Server = '[::1]:0'; Client = 'udp:[::1]:{0}' }
        @{ Server = 'unix:{1}/x.sock'; Client = 'unix:{1}/x.sock'; NeedsUnix = $true }
        @{ Server = 'unix:{1}/y.sock:mode=600'; Client = 'unix:{1}/y.sock'; NeedsUnix = $true; Mode = '-rw-------' }
    ) {
        if ($NeedsUnix -and $IsWindows) {
            Set-ItResult -Skipped -Because 'Windows has no UNIX sockets for datagrams'
        }
        $s = Start-UdpServer ($Server -f 0, $folder) { "<$_>" } -AsText
        if ($Mode) {
            (Get-ChildItem $folder -Force).UnixMode -replace '^s', '-' | Should -BeExactly $Mode
        }
        $c = Connect-UdpClient ($Client -f $s.Port, $folder)
        Send-Datagram $c 'a'
        "$(Receive-Datagram $c -AsText -Timeout 30)" | Should -BeExactly '<a>'
    }

    It 'comes before the handler of a client' {
        $got = [System.Collections.Concurrent.BlockingCollection[string]]::new()
        $s = Start-UdpServer udp:0 { "<$_>" } -AsText
        $c = Connect-UdpClient "udp:localhost:$($s.Port)" { ($using:got).Add($_) } -AsText
        Send-Datagram $c 'a'
        $item = ''
        $got.TryTake([ref] $item, 30000) | Should -BeTrue
        $item | Should -BeExactly '<a>'
    }

    It 'is looked up by the resolver of the reactor' {
        $r = New-Reactor -Resolver @{ 'here.test' = '127.0.0.1' }
        $s = Start-UdpServer 0 -Address here.test { "<$_>" } -AsText -Reactor $r
        $c = Connect-UdpClient here.test $s.Port -Reactor $r
        Send-Datagram $c 'a'
        "$(Receive-Datagram $c -AsText -Timeout 30)" | Should -BeExactly '<a>'
        (Get-Failure { Connect-UdpClient there.test 1 -Reactor $r }).Id | Should -BeExactly HostNotFound
        Stop-Reactor $r
    }

    It 'is refused: <Call>' -ForEach @(
        @{ Call = { Start-UdpServer tcp:0 { } }; Id = 'EndpointUnsupported'; Message = '*Start-UdpServer is for datagrams*' }
        @{ Call = { Start-UdpServer ssl:0:privateKey=x { } }; Id = 'EndpointUnsupported'; Message = '*datagrams*' }
        @{ Call = { Start-UdpServer unix:/x:backlog=5 { } }; Id = 'EndpointUnsupported'; Message = '*no backlog*' }
        @{ Call = { Start-UdpServer udp:0:interface=::1 { } -Address 127.0.0.1 }; Id = 'EndpointContradicted'; Message = '-Address contradicts*' }
        @{ Call = { Start-UdpServer unix:/x { } -MulticastGroup 239.1.2.3 }; Id = 'ParameterWithoutEffect'; Message = '-MulticastGroup has no effect at a UNIX socket*' }
        @{ Call = { Start-UdpServer 0 { } -FileMode 660 }; Id = 'ParameterWithoutEffect'; Message = '-FileMode has no effect*' }
        @{ Call = { Start-UdpServer (Start-UdpServer 0 { }).Port { } }; Id = 'AddressInUse'; Message = '127.0.0.1:* is already in use.' }
        @{ Call = { Start-UdpServer 0x { } }; Id = 'InvalidAddress'; Message = '*no place to listen*' }
        @{ Call = { Connect-UdpClient tcp:localhost:1 }; Id = 'EndpointUnsupported'; Message = '*Connect-UdpClient is for datagrams*' }
        @{ Call = { Connect-UdpClient localhost:1 -LocalPath /x }; Id = 'ParameterWithoutEffect'; Message = '-LocalPath has no effect*' }
        @{ Call = { Connect-UdpClient unix:/x -LocalEndPoint 127.0.0.1 }; Id = 'ParameterWithoutEffect'; Message = '-LocalEndPoint has no effect*' }
        @{ Call = { Connect-UdpClient udp:localhost:1:bindAddress=127.0.0.1 -LocalEndPoint 127.0.0.2 }; Id = 'EndpointContradicted'; Message = '-LocalEndPoint contradicts*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -BeExactly $Id
        $failure.Message | Should -BeLike $Message
    }
}
