BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $curl = [bool](Find-RealProgram curl)
    $python = Find-PythonWith prometheus_client -Package python3-prometheus-client
    $kinds = 'LineServer', 'TcpServer', 'UdpServer', 'HttpServer' | ForEach-Object { @{ Kind = $_ } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force

    function Get-Page ([int] $Port, [string] $Address = '127.0.0.1') { Invoke-RestMethod "http://${Address}:$Port/metrics" }

    # A port that was free a moment ago.
    function Get-FreePort {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $listener.LocalEndpoint.Port
        $listener.Stop()
    }

    function Test-Free ([int] $Port) {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $Port)
        try { $listener.Start(); $true } catch { $false } finally { $listener.Stop() }
    }
}

Describe 'The page of metrics' {
    AfterEach { Stop-Everything }

    It 'is there for a server of lines, and read by curl' -Skip:(-not $curl) {
        $server = Start-LineServer 0 { $_ } -Name echo -MetricsPort 0
        $client = Connect-LineClient 127.0.0.1 $server.Port
        Send-Line $client 'one', 'two' -Receive -Timeout 30 | Should -Be 'one', 'two'
        $answer = Invoke-Program curl '--silent', '--include', "http://localhost:$($server.MetricsPort)/metrics"
        $answer | Should -MatchExactly '^HTTP/1.1 200 OK\r\n'
        $answer | Should -MatchExactly '(?m)^Content-Type: text/plain; version=0\.0\.4; charset=utf-8\r$'
        $labels = "{twistedps_server_kind=`"LineServer`",twistedps_server_name=`"echo`",server_address=`"127.0.0.1`",server_port=`"$($server.Port)`",network_transport=`"tcp`""
        $lines = $answer -split '\r?\n'
        $lines | Should -Contain '# TYPE twistedps_messages_total counter'
        $lines | Should -Contain "twistedps_active_connections$labels} 1"
        $lines | Should -Contain "twistedps_messages_total$labels,network_io_direction=`"receive`"} 2"
        $lines | Should -Contain "twistedps_network_io_bytes_total$labels,network_io_direction=`"transmit`"} 10"
        $lines | Should -Contain "twistedps_handler_duration_seconds_count$labels,twistedps_handler_name=`"OnLine`"} 2"
    }

    It 'is what the library of Prometheus reads' -ForEach @{ Python = $python } -Skip:(-not $python) {
        $name = "quote `" backslash \ new`nline é"
        $server = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'it' }; $_ } -Name $name -MetricsPort 0
        $null = Start-HttpServer 0 { 'page' }
        $null = Start-UdpServer 0 { $_ }
        $client = Connect-LineClient 127.0.0.1 $server.Port
        $null = Send-Line $client 'one', 'two' -Receive -Timeout 30
        Send-Line $client 'bad'
        $null = Wait-LineClient $client -Timeout 30
        $families = Invoke-Program $Python "$PSScriptRoot/../Support/prometheus_page.py" -InputText (Get-Page $server.MetricsPort) | ConvertFrom-Json
        $families | Should -HaveCount 12
        $families.name | Should -Contain 'twistedps_active_requests'
        ($families | Where-Object type -EQ counter).samples.name | Where-Object { $_ -notlike '*_total' } | Should -BeNullOrEmpty

        $errors = ($families | Where-Object name -EQ twistedps_handler_errors).samples | Where-Object { $_.labels.twistedps_server_name -ceq $name }
        $errors.labels.twistedps_server_kind | Should -BeExactly LineServer
        $errors.value | Should -Be 1

        $times = $families | Where-Object type -EQ histogram
        $times.name | Should -Be 'twistedps_handler_duration_seconds'
        $onLine = $times.samples | Where-Object { $_.labels.twistedps_server_name -ceq $name -and $_.labels.twistedps_handler_name -eq 'OnLine' }
        $counts = @($onLine | Where-Object name -Like *_bucket).value
        $counts | Should -Be ($counts | Sort-Object)
        $counts[-1] | Should -Be 3
        ($onLine | Where-Object name -Like *_count).value | Should -Be 3
        ($onLine | Where-Object name -Like *_sum).value | Should -BeGreaterThan 0
    }

    It 'has a server on several reactors once, with what all of them have done' {
        $server = Start-LineServer 0 { $_ } -MetricsPort 0 -ReactorCount 2
        1..2 | ForEach-Object { Send-Line (Connect-LineClient 127.0.0.1 $server.Port) 'x' -Receive -Timeout 30 } | Should -Be 'x', 'x'
        $lines = (Get-Page $server.MetricsPort) -split '\n' -like "*server_port=`"$($server.Port)`"*"
        @($lines -like 'twistedps_active_connections{*') -replace '.*}' | Should -Be ' 2'
        @($lines -like 'twistedps_messages_total{*="receive"}*') -replace '.*}' | Should -Be ' 2'
        @($lines -like 'twistedps_handler_duration_seconds_count{*OnLine*') -replace '.*}' | Should -Be ' 2'
    }

    It 'is opened by a <Kind>, and ends with it' -ForEach $kinds {
        $server = & "Start-$Kind" 0 { $_ } -MetricsPort 0
        $port = $server.MetricsPort
        Get-Page $port | Should -Match "twistedps_server_kind=`"$Kind`""
        & "Stop-$Kind" $server
        Test-Free $port | Should -BeTrue
    }

    It 'is shared by those who name its port, until the last has stopped' {
        $first = Start-LineServer 0 { $_ } -MetricsPort 0
        $port = $first.MetricsPort
        $second = Start-TcpServer 0 { $_ } -MetricsPort $port
        $second.MetricsPort | Should -Be $port
        Get-Page $port | Should -Match "server_port=`"$($first.Port)`""
        Stop-LineServer $first
        $page = Get-Page $port
        $page | Should -Match "server_port=`"$($second.Port)`""
        $page | Should -Not -Match "server_port=`"$($first.Port)`""
        Stop-TcpServer $second
        Test-Free $port | Should -BeTrue
    }

    It 'lasts as long as a reactor, whose handlers need not run' {
        $reactor = New-Reactor -Foreground -MetricsPort 0
        $port = $reactor.MetricsPort
        Get-Page $port | Should -Match "twistedps_reactor_busy_time_seconds_total{twistedps_reactor_id=`"$($reactor.Id)`"} 0"
        Stop-Reactor $reactor
        Test-Free $port | Should -BeTrue
    }

    It 'needs a port that is free' {
        $taken = (Start-LineServer 0 { $_ }).Port
        $reactors = (Get-Reactor).Id
        foreach ($start in { Start-LineServer 0 { $_ } -MetricsPort $taken }, { Start-HttpServer 0 { $_ } -MetricsPort $taken }, { New-Reactor -MetricsPort $taken }) {
            $start | Should -Throw "127.0.0.1:$taken is already in use, so the page of metrics can't be there." -ErrorId "AddressInUse,*"
        }
        Get-LineServer | Should -HaveCount 1
        Get-HttpServer | Should -BeNullOrEmpty
        (Get-Reactor).Id | Should -Be $reactors
    }

    It 'is named where a server wants its port: <Kind>' -ForEach @{ Kind = 'LineServer' }, @{ Kind = 'TcpServer' }, @{ Kind = 'HttpServer' } {
        $port = Get-FreePort
        { & "Start-$Kind" $port { $_ } -MetricsPort $port } | Should -Throw "127.0.0.1:$port is already in use by the page of metrics: -MetricsPort is the same." -ErrorId "AddressInUse,*"
        $null = Start-LineServer 0 { $_ } -MetricsPort $port
        { & "Start-$Kind" $port { $_ } } | Should -Throw "127.0.0.1:$port is already in use by a page of metrics of this process." -ErrorId "AddressInUse,*"
    }

    It 'is gone if its server does not start' {
        $port = Get-FreePort
        $taken = (Start-LineServer 0 { $_ }).Port
        { Start-LineServer $taken { $_ } -MetricsPort $port } | Should -Throw -ErrorId 'AddressInUse,*'
        { Start-LineServer 0 { $_ } -OnStart { throw 'no' } -MetricsPort $port } | Should -Throw -ErrorId 'HandlerError,*'
        $null = Start-LineServer 0 { $_ } -OnStart { $Server.Dispose() } -MetricsPort $port | Wait-LineServer -Timeout 30
        Wait-Until { Test-Free $port }
    }

    It 'listens on 127.0.0.1, or where it is said' {
        $server = Start-LineServer 0 { $_ } -MetricsPort 0 -MetricsAddress localhost
        Get-Page $server.MetricsPort localhost | Should -Match twistedps_
        $everywhere = Start-LineServer 0 { $_ } -MetricsPort 0 -MetricsAddress *
        Get-Page $everywhere.MetricsPort 127.0.0.2 | Should -Match twistedps_
        { Start-LineServer 0 { $_ } -MetricsPort 0 -MetricsAddress ::1 } | Should -Throw -ErrorId 'ListenFailed,*'
        { Start-LineServer 0 { $_ } -MetricsAddress * } | Should -Throw '-MetricsAddress has no effect without -MetricsPort.*' -ErrorId 'ParameterWithoutEffect,*'
    }

    It 'is there in OnStart already, and not without the parameter' {
        $server = Start-LineServer 0 { $_ } -OnStart { $Server.State.Port = $Server.MetricsPort } -MetricsPort 0
        $server.State.Port | Should -Be $server.MetricsPort
        (Start-LineServer 0 { $_ }).MetricsPort | Should -BeNullOrEmpty
    }
}
