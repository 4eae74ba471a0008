BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Where to listen' {
    AfterEach {
        Stop-Everything
        Get-HttpServer | Stop-HttpServer -DrainTime 0
    }

    It 'is said by <Call>' -ForEach @(
        @{ Call = { Start-LineServer 0 { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer '0' { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer :0 { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer -Port 0 { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer -Endpoint 0 -OnLine { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer 0 { $_ } -Address 0.0.0.0 }; Address = '0.0.0.0' }
        @{ Call = { Start-LineServer localhost:0 { $_ } }; Address = '127.0.0.1', '::1' }
        @{ Call = { Start-LineServer *:0 { $_ } }; Address = '::' }
        @{ Call = { Start-LineServer tcp:0 { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-LineServer tcp:0:interface=0.0.0.0:backlog=50 { $_ } }; Address = '0.0.0.0' }
        @{ Call = { Start-LineServer tcp:0:interface=0.0.0.0 -Address 0.0.0.0 { $_ } }; Address = '0.0.0.0' }
        @{ Call = { Start-LineServer tcp:0:backlog=50 -Backlog 50 { $_ } }; Address = '127.0.0.1' }
        @{ Call = { Start-TcpServer tcp:0:interface= { $_ } }; Address = '::' }
        @{ Call = { Start-HttpServer tcp:0:interface=127.0.0.1 { 1 } }; Address = '127.0.0.1' }
        @{ Call = { Start-HttpServer -Port 0 { 1 } }; Address = '127.0.0.1' }
    ) {
        (& $Call).EndPoint.Address | Should -BeIn $Address
    }

    It 'is refused: <Call>' -ForEach @(
        @{ Call = { Start-LineServer 70000 { $_ } }; Id = 'InvalidAddress'; Message = "'70000' is no place to listen: *'tcp:80*" }
        @{ Call = { Start-LineServer localhost { $_ } }; Id = 'InvalidAddress'; Message = "*it has no port. Give*'tcp:80*" }
        @{ Call = { Start-TcpServer tcp:80:foo=1 { $_ } }; Id = 'InvalidAddress'; Message = "*no argument 'foo'*backlog*" }
        @{ Call = { Start-LineServer tcp:0:interface=::1 { $_ } -Address 127.0.0.1 }; Id = 'EndpointContradicted'; Message = "-Address contradicts 'tcp:0:interface=::1'*" }
        @{ Call = { Start-LineServer tcp:0:backlog=5 { $_ } -Backlog 6 }; Id = 'EndpointContradicted'; Message = '-Backlog contradicts*' }
        @{ Call = { Start-LineServer unix:/x:mode=600 { $_ } -FileMode 660 }; Id = 'EndpointContradicted'; Message = '-FileMode contradicts*' }
        @{ Call = { Start-LineServer unix:/x { $_ } -Address ::1 }; Id = 'ParameterWithoutEffect'; Message = '-Address has no effect*' }
        @{ Call = { Start-LineServer udp:514 { $_ } }; Id = 'EndpointUnsupported'; Message = '*Start-UdpServer*' }
        @{ Call = { Start-HttpServer unix:/x { 1 } }; Id = 'EndpointUnsupported'; Message = '*listens on TCP*' }
        @{ Call = { Start-HttpServer tcp:0:backlog=5 { 1 } }; Id = 'EndpointUnsupported'; Message = '*listens on TCP*' }
        @{ Call = { Start-HttpServer 127.0.0.1:0 { 1 } -Address * }; Id = 'EndpointContradicted'; Message = '-Address contradicts*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be $Id
        $failure.Message | Should -BeLike $Message
        $failure.IsTerminating | Should -BeTrue
        $failure.Category | Should -BeIn InvalidArgument, NotImplemented
    }
}

Describe 'Where to connect to' {
    BeforeAll {
        $server = Start-LineServer 0 { $_ }
        $port = $server.Port
    }

    AfterAll {
        Stop-Everything
    }

    It 'is said by <Call>' -ForEach @(
        @{ Call = { Connect-LineClient localhost $port } }
        @{ Call = { Connect-LineClient localhost "$port" } }
        @{ Call = { Connect-LineClient localhost $port { } }; Handles = $true }
        @{ Call = { Connect-LineClient localhost -Port $port } }
        @{ Call = { Connect-LineClient -ComputerName localhost -Port $port { } }; Handles = $true }
        @{ Call = { Connect-LineClient -ComputerName localhost $port } }
        @{ Call = { Connect-LineClient "localhost:$port" } }
        @{ Call = { Connect-LineClient "localhost:$port" { } }; Handles = $true }
        @{ Call = { Connect-LineClient "localhost:$port" -OnLine { } }; Handles = $true }
        @{ Call = { Connect-LineClient -Endpoint "localhost:$port" } }
        @{ Call = { Connect-LineClient ":$port" } }
        @{ Call = { Connect-LineClient $port } }
        @{ Call = { Connect-LineClient "tcp:localhost:$port" } }
        @{ Call = { Connect-LineClient "tcp:host=localhost:port=$($port):timeout=5" } }
        @{ Call = { Connect-LineClient "tcp:127.0.0.1:$($port):bindAddress=127.0.0.2" { } }; Handles = $true }
        @{ Call = { Connect-LineClient "localhost:$port" $port } }
        @{ Call = { Connect-TcpClient "localhost:$port" { } }; Handles = $true }
        @{ Call = { Connect-TcpClient localhost $port { } }; Handles = $true }
    ) {
        $client = & $Call
        $client.Status | Should -Be Connected
        $client.Port | Should -Be $port
        $receive = $client.GetType().Name -eq 'LineClient' ? 'Receive-Line' : 'Receive-TcpData'
        (Get-Failure { & $receive $client -Timeout 1ms }).Id | Should -Be ($Handles ? 'HandlerReceives' : 'ReceiveTimeout')
        Wait-Until { $server.Connections.Count -ge 1 }
        if ("$Call" -like '*bindAddress*') {
            $client.Connection.LocalAddress.Host | Should -Be 127.0.0.2
        }
    }

    It 'is refused: <Call>' -ForEach @(
        @{ Call = { Connect-LineClient localhost }; Id = 'InvalidAddress'; Message = "'localhost' has no port*'localhost:1234'*" }
        @{ Call = { Connect-LineClient localhost { } }; Id = 'InvalidAddress'; Message = "'localhost' has no port*" }
        @{ Call = { Connect-LineClient localhost:http }; Id = 'InvalidAddress'; Message = "*is no place to connect to*'http'*'tcp:localhost:80'*" }
        @{ Call = { Connect-LineClient tcp:localhost:1 2 }; Id = 'EndpointContradicted'; Message = "-Port contradicts 'tcp:localhost:1'*" }
        @{ Call = { Connect-LineClient unix:/x 2 }; Id = 'EndpointContradicted'; Message = "-Port contradicts 'unix:/x'*" }
        @{ Call = { Connect-LineClient tcp:localhost:1:timeout=5 -ConnectTimeout 6 }; Id = 'EndpointContradicted'; Message = '-ConnectTimeout contradicts*' }
        @{ Call = { Connect-LineClient tcp:localhost:1:bindAddress=127.0.0.1 -LocalEndPoint 127.0.0.2 }; Id = 'EndpointContradicted'; Message = '-LocalEndPoint contradicts*' }
        @{ Call = { Connect-TcpClient udp:localhost:514 }; Id = 'EndpointUnsupported'; Message = '*datagrams*' }
        @{ Call = { Enter-LineClient localhost:x }; Id = 'InvalidAddress'; Message = '*no place to connect to*' }
        @{ Call = { Enter-LineClient localhost }; Id = 'InvalidAddress'; Message = '*has no port*' }
        @{ Call = { Connect-LineClient -Client (Get-LineClient)[0] -OnConnect { } }; Id = 'ParameterWithoutEffect'; Message = '-OnConnect has no effect with -Client*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be $Id
        $failure.Message | Should -BeLike $Message
        $failure.IsTerminating | Should -BeTrue
    }
}

Describe 'Completion of endpoint strings' {
    It 'offers <Wanted> for <Line>' -ForEach @(
        @{ Line = 'Start-LineServer t'; Wanted = 'tcp:', 'tls:' }
        @{ Line = 'Start-TcpServer -Endpoint u'; Wanted = 'unix:', 'udp:' }
        @{ Line = 'Connect-LineClient s'; Wanted = 'ssl:' }
        @{ Line = 'Start-LineServer tcp:80:'; Wanted = "'tcp:80:interface='", "'tcp:80:backlog='" }
        @{ Line = 'Start-LineServer tcp:80:backlog=5:'; Wanted = "'tcp:80:backlog=5:interface='" }
        @{ Line = 'Start-LineServer unix:/x:m'; Wanted = "'unix:/x:mode='" }
        @{ Line = 'Connect-LineClient tcp:host:80:t'; Wanted = "'tcp:host:80:timeout='" }
        @{ Line = 'Connect-LineClient tcp:host:63'; Wanted = 'tcp:host:6379' }
    ) {
        Get-Completion $Line | Should -Be $Wanted
    }

    It 'offers the paths of UNIX sockets' {
        $null = New-Item "$TestDrive/first.sock", "$TestDrive/first name.sock"
        Get-Completion "Connect-LineClient unix:$TestDrive/f" | Sort-Object | Should -Be "'unix:$TestDrive/first name.sock'", "'unix:$TestDrive/first.sock'"
        Push-Location $TestDrive
        try {
            Get-Completion 'Start-LineServer unix:first.' | Should -Be 'unix:first.sock'
        }
        finally {
            Pop-Location
        }
    }
}
