BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $curl, $wrk = 'curl', 'wrk' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $script = "$PSScriptRoot/../../../examples/protocols/forwarder.ps1"
    $echo = Start-TcpServer 0 { $Connection.Write($_) }
    $web = Start-HttpServer 0 -Get { 'x' * $Request.Query['length'] }
}

AfterAll {
    Stop-AllExample
    Stop-HttpServer $web
    Stop-Everything
}

Describe 'The port forwarder' {
    It 'passes on all bytes, and the half-close' {
        $port = (Get-ExampleServer $script @{ To = "127.0.0.1:$($echo.Port)" }).Port
        $text = -join (0..255 | ForEach-Object { [char] $_ }) * 1000
        Invoke-Peer $port $text | Should -BeExactly $text
        Close-Peer
    }

    It 'ends connections that it can not connect on, and goes on' {
        $port = (Get-ExampleServer $script @{ To = "127.0.0.1:$(Get-UnusedPort)" }).Port
        foreach ($time in 1, 2) {
            $peer = Connect-Peer $port
            try { $left = $peer.Client.Receive([byte[]]::new(1)) } catch [Net.Sockets.SocketException] { $left = $_.Exception.SocketErrorCode }
            $left | Should -BeIn 0, ConnectionReset
        }
        Close-Peer
    }

    It 'has curl get a page' -Skip:(-not $curl) {
        $port = (Get-ExampleServer $script @{ To = "127.0.0.1:$($web.Port)" }).Port
        $got = Invoke-Program curl ("http://localhost:$port/?length=1000000", '-sS', '--max-time', '30')
        $got | Should -BeExactly ('x' * 1000000 + "`n")
    }

    It 'carries all requests of wrk' -Skip:(-not $wrk) {
        $port = (Get-ExampleServer $script @{ To = "127.0.0.1:$($web.Port)" }).Port
        $said = Invoke-Program wrk (-split "-t1 -c8 -d1s --timeout 30s http://localhost:$port/?length=1000")
        $said | Should -Match '[1-9]\d* requests in'
        $said | Should -Not -Match 'Socket errors|Non-2xx'
    }
}
