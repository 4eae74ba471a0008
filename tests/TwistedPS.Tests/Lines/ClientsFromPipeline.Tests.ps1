BeforeDiscovery {
    $kinds = @(
        @{ Kind = 'Line'; Start = { Start-LineServer 0 { $_ } }; Connect = { $input | Connect-LineClient @options } }
        @{ Kind = 'Tcp'; Start = { Start-TcpServer 0 { $_ } }; Connect = { $input | Connect-TcpClient @options } }
        @{ Kind = 'Udp'; Start = { Start-UdpServer 0 { $_ } }; Connect = { $input | Connect-UdpClient @options } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Connect-<Kind>Client for objects with ComputerName and Port' -ForEach $kinds {
    BeforeEach {
        $options = @{}
        $server = & $Start
    }

    AfterEach {
        Stop-Everything
    }

    It 'connects one client for each, from a CSV file' {
        $other = & $Start
        $clients = "ComputerName,Port`n127.0.0.1,$($server.Port)`nlocalhost,$($other.Port)" | ConvertFrom-Csv | & $Connect
        $clients.Port | Should -Be $server.Port, $other.Port
    }

    It 'connects for objects without a port whose name has one' {
        $client = [pscustomobject]@{ ComputerName = "127.0.0.1:$($server.Port)" } | & $Connect
        $client.Port | Should -Be $server.Port
    }

    It 'takes a port that is a number' {
        $client = [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $server.Port } | & $Connect
        $client.Port | Should -Be $server.Port
    }
}

Describe 'Clients of many servers' {
    AfterEach {
        Stop-Everything
    }

    It 'are connected although one of them refuses' {
        $server = Start-LineServer 0 { "<$_>" }
        $failures = @()
        $clients = [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = Get-UnusedPort }, [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $server.Port } |
            Connect-LineClient -ErrorAction SilentlyContinue -ErrorVariable failures
        @($clients) | Should -HaveCount 1
        Send-Line $clients a -Receive -Timeout 30 | Should -BeExactly '<a>'
        $failures.FullyQualifiedErrorId | Should -BeLike 'ConnectionRefused,*'
    }

    It 'are still taken for clients to connect again, by themselves and by name' {
        $server = Start-LineServer 0 { "<$_>" }
        $c = Connect-LineClient 127.0.0.1 $server.Port -Name again
        Disconnect-LineClient $c
        $c | Connect-LineClient | Should -Be $c
        Send-Line $c a -Receive -Timeout 30 | Should -BeExactly '<a>'
        'again' | Connect-LineClient | Should -Be $c
        $raw = Start-TcpServer 0 { $_ }
        $t = Connect-TcpClient 127.0.0.1 $raw.Port
        Disconnect-TcpClient $t
        $t | Connect-TcpClient | Should -Be $t
    }
}
