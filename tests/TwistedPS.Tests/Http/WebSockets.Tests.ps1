BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/WebSocket.psm1 -Force
}

AfterAll {
    Close-WebSocket
    Get-HttpServer | Stop-HttpServer -DrainTime 0
    Stop-Everything
}

Describe 'WebSockets on a reactor with <Kind>' -ForEach $kinds {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterAll {
        Close-WebSocket
        Stop-Reactor $reactor
    }

    It 'have handlers of their own, a message for each object of the output' {
        $web = Start-HttpServer 0 -Reactor $reactor -Name Web -OnWebSocketConnect { "welcome to $($Connection.Request.Path)" } -OnWebSocket {
            param($first, $second)
            "<$_>", ($_ -eq $second -and $first -eq $Connection)
            @{ a = 1 } | ConvertTo-Json
            $null
            $Server.Name
        }
        $socket = Connect-WebSocket $web /room
        Receive-WebSocket $socket | Should -BeExactly 'welcome to /room'
        Send-WebSocket $socket "two`r`nlines", ''
        Receive-WebSocket $socket -Count 4 | Should -BeExactly "<two`r`nlines>", 'True', (@{ a = 1 } | ConvertTo-Json), 'Web'
        Receive-WebSocket $socket -Count 4 | Should -BeExactly '<>', 'True', (@{ a = 1 } | ConvertTo-Json), 'Web'
        $web.WebSocketServer.Connections.Count | Should -Be 1
        Stop-HttpServer $web -DrainTime 0
        Receive-WebSocket $socket | Should -Be 1001
        $web.WebSocketServer.Status | Should -Be Stopped
    }

    It 'are connections of a line server, with its handlers and groups' {
        $handlers = @{
            OnConnect    = { $null = $Server.Groups['all'].Add($Connection); "hi $($Connection.Number)" }
            OnLine       = { $Server.State.Last = $_; Send-Line $Server.Groups['all'] "$($Connection.Number) says $_" -Except $Connection }
            OnDisconnect = { Send-Line $Server.Groups['all'] "$($Connection.Number) has left: $_" -ErrorAction Ignore }
        }
        $lines = Start-LineServer 0 @handlers -Reactor $reactor
        $web = Start-HttpServer 0 -WebSocketServer $lines -Reactor $reactor
        $socket = Connect-WebSocket $web
        Receive-WebSocket $socket | Should -BeExactly 'hi 0'
        $client = Connect-LineClient 127.0.0.1 $lines.Port -Reactor $reactor
        Receive-Line $client -Timeout 30 | Should -BeExactly 'hi 1'
        Send-WebSocket $socket 'é', "two`nlines"
        Receive-Line $client -Count 3 -Timeout 30 | Should -BeExactly '0 says é', '0 says two', '0 says lines'
        Send-Line $client 'hello'
        Receive-WebSocket $socket | Should -BeExactly '1 says hello'
        Send-Line -Server $lines 'all'
        Receive-WebSocket $socket | Should -BeExactly 'all'
        $found = Get-ReactorConnection -Server $lines
        "$($found | ForEach-Object Address)", $found[0].Request.Method, $found[1].Request | Should -Be '127.0.0.1 127.0.0.1', 'GET', $null
        $found[0] | Disconnect-ReactorConnection
        Receive-WebSocket $socket | Should -Be 1000
        Receive-Line $client -Count 2 -Timeout 30 | Should -BeExactly 'all', '0 has left: Done'
        Stop-HttpServer $web -DrainTime 0
        $lines.Status, $lines.ConnectionCount | Should -Be Running, 1
        Stop-LineServer $lines -DrainTime 0
    }

    It 'are connections of a TCP server, with bytes' {
        $bytes = Start-TcpServer 0 { , [byte[]] ($_ | ForEach-Object { $_ -bxor 255 }) } -Reactor $reactor
        $web = Start-HttpServer 0 -WebSocketServer $bytes -Reactor $reactor
        $socket = Connect-WebSocket $web
        Send-WebSocket $socket -Bytes 0, 1, 255
        Receive-WebSocket $socket | Should -Be 255, 254, 0
        $web, $bytes | ForEach-Object { $_.Dispose() }
    }

    It 'end with <Code> where a handler throws or a message is too long' -ForEach @(
        @{ Code = 1011; Message = 'bad' }
        @{ Code = 1009; Message = 'x' * 101 }
    ) {
        $reactor = New-Reactor
        $web = Start-HttpServer 0 -Reactor $reactor -MaxMessageLength 100 -OnWebSocket { if ($_ -eq 'bad') { throw 'no' }; $_ } -OnWebSocketDisconnect { $Server.State.Reason = $_ }
        $socket = Connect-WebSocket $web
        Send-WebSocket $socket ('x' * 100), $Message
        Receive-WebSocket $socket -Count 2 | Should -Be ('x' * 100), $Code
        Wait-Handled $reactor { $web.WebSocketServer.State.Reason }
        $web.WebSocketServer.State.Reason | Should -Be @{ 1011 = 'HandlerError'; 1009 = 'LineTooLong' }[$Code]
        if ($Code -eq 1011) {
            $web.WebSocketServer.Errors[0].Handler | Should -BeExactly OnWebSocket
        }
        Stop-Reactor $reactor
    }
}

Describe 'WebSockets' {
    AfterEach {
        Close-WebSocket
        Get-HttpServer | Stop-HttpServer -DrainTime 0
        Stop-Everything
    }

    It 'share $script: and what the initialization defines with the other handlers' {
        $web = Start-HttpServer 0 -InitializationScript { $script:n = 10; function Step { (++$script:n) } } -Get { Step } -OnWebSocket { Step }
        $socket = Connect-WebSocket $web
        Send-WebSocket $socket x
        Receive-WebSocket $socket | Should -BeExactly 11
        Invoke-RestMethod "http://127.0.0.1:$($web.Port)/" | Should -Be 12
        Send-WebSocket $socket x
        Receive-WebSocket $socket | Should -BeExactly 13
        Invoke-Reactor -Server $web.WebSocketServer { $script:n } | Should -Be 13
        (Get-LineServer).Name | Should -Be $web.WebSocketServer.Name
    }

    It 'warn once of a variable that only the prompt has' {
        $outside = 1
        $warnings = $( $null = Start-HttpServer 0 { $outside } -OnWebSocket { $outside } ) 3>&1
        "$warnings" | Should -BeLike '$outside exists only in this session*'
        @($warnings).Count | Should -Be 1
    }

    It 'may be opened by -AllowedOrigin besides the own page, at -WebSocketPath only, with a protocol of -WebSocketProtocol' {
        $web = Start-HttpServer 0 { 'page' } -OnWebSocket { $_ } -AllowedOrigin https://example.org -WebSocketPath /ws -WebSocketProtocol b, c
        $own = "http://127.0.0.1:$($web.Port)"
        { Connect-WebSocket $web /ws @{ Origin = 'https://evil.example' } } | Should -Throw '*403*'
        { Connect-WebSocket $web / @{ Origin = $own } } | Should -Throw '*200*'
        (Connect-WebSocket $web /ws @{ Origin = $own } a, c, b).SubProtocol | Should -BeExactly b
        $socket = Connect-WebSocket $web /ws @{ Origin = 'https://example.org' }
        Send-WebSocket $socket hello
        Receive-WebSocket $socket | Should -BeExactly hello
        $web.Refused | Should -Be 1
        $web.Log.Message | Should -Contain 'GET /ws comes from a page of https://evil.example, which -AllowedOrigin does not list.'
        Stop-HttpServer $web -DrainTime 0
        Test-PortFree $web.Port | Should -BeTrue
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'may be connections of a server on another reactor, which outlives their web server' {
        $lines = Start-LineServer 0 { "<$_>" }
        $reactor = New-Reactor
        $web = Start-HttpServer 0 -WebSocketServer $lines -Reactor $reactor
        $socket = Connect-WebSocket $web
        Send-WebSocket $socket a
        Receive-WebSocket $socket | Should -BeExactly '<a>'
        Stop-Reactor $reactor
        $socket.Reactor = $lines.Reactor
        Receive-WebSocket $socket | Should -Be 1001
        Wait-Handled $lines.Reactor { $lines.ConnectionCount -eq 0 }
        $lines.Status | Should -Be Running
    }

    It 'keep a log in the file of the web server' {
        $web = Start-HttpServer 0 -OnWebSocket { "got $_"; Write-Verbose "saw $_" -Verbose } -LogPath $TestDrive/web.log -Name Web
        $socket = Connect-WebSocket $web
        Send-WebSocket $socket a
        $null = Receive-WebSocket $socket
        Stop-HttpServer $web -DrainTime 0
        $log = (Get-Content $TestDrive/web.log) -replace '^.{25}'
        $log | Should -Contain '[Web,0,127.0.0.1] GET / 101'
        $log | Should -Contain '[Web,0,127.0.0.1] Client connection from 127.0.0.1'
        $log -match 'saw a' | Should -HaveCount 1
    }

    It 'can not be asked for with <Id>' -ForEach @(
        @{ Id = 'HandlerMissing'; Arguments = @{ OnWebSocketDisconnect = { } } }
        @{ Id = 'ParameterWithoutEffect'; Arguments = @{ Get = { }; AllowedOrigin = '*' } }
        @{ Id = 'ParameterWithoutEffect'; Arguments = @{ Get = { }; MaxMessageLength = 1 } }
        @{ Id = 'ParameterWithoutEffect'; Arguments = @{ WebSocketServer = 'Lines'; OnWebSocket = { } } }
        @{ Id = 'ParameterWithoutEffect'; Arguments = @{ WebSocketServer = 'Lines'; MaxMessageLength = 1 } }
        @{ Id = 'OriginInvalid'; Arguments = @{ OnWebSocket = { }; AllowedOrigin = 'example.org' } }
        @{ Id = 'ServerNotFound'; Arguments = @{ WebSocketServer = 'Nobody' } }
    ) {
        $null = Start-LineServer 0 { } -Name Lines
        (Get-Failure { Start-HttpServer 0 @Arguments }).Id | Should -BeExactly $Id
        Get-HttpServer | Should -BeNullOrEmpty
        @(Get-LineServer).Name | Should -Be Lines
    }

    It 'are not opened for a server that has stopped' {
        $lines = Start-LineServer 0 { } -Name Lines
        $web = Start-HttpServer 0 -WebSocketServer Lines
        Stop-LineServer $lines
        { Connect-WebSocket $web } | Should -Throw '*503*'
        (Get-Failure { Start-HttpServer 0 -WebSocketServer $lines }).Id | Should -BeExactly ServerStopped
    }
}
