BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $curl = [bool](Find-RealProgram curl)
    $clients = @(
        @{ Client = 'websockets of Python'; Module = 'websockets'; Package = 'python3-websockets' }
        @{ Client = 'Autobahn on Twisted'; Module = 'autobahn.twisted.websocket'; Package = 'python3-autobahn' }
    ) | ForEach-Object { $_ + @{ Python = Find-PythonWith $_.Module -Package $_.Package } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $web = Start-HttpServer 0 -OnWebSocketConnect { 'welcome' } -WebSocketProtocol chat -OnWebSocket {
        if ($_ -eq 'bye') { 'bye'; $Connection.Close() } else { "<$_>" }
    }
}

AfterAll { Get-HttpServer | Stop-HttpServer -DrainTime 0 }

Describe 'curl' -Skip:(-not $curl) {
    It 'is answered byte for byte as the standard has it' {
        $upgrade = 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' |
            ForEach-Object { '--header', $_ }
        $process = Start-Program curl (@('--silent', '--include', '--no-buffer', "http://127.0.0.1:$($web.Port)/") + $upgrade)
        # The frame of a text of seven bytes.
        $expected = "HTTP/1.1 101 Switching Protocols`r`nConnection: Upgrade`r`nUpgrade: websocket`r`n" +
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`r`n`r`n" + [char] 0x81 + [char] 7 + 'welcome'
        $bytes = [byte[]]::new($expected.Length)
        $process.StandardOutput.BaseStream.ReadExactlyAsync($bytes, 0, $bytes.Length).AsTask().Wait(30000) | Should -BeTrue
        [Text.Encoding]::Latin1.GetString($bytes) | Should -BeExactly $expected
        $process.Kill()
    }
}

Describe '<Client>' -ForEach $clients {
    It 'talks, in fragments too, is pinged, and gets the code of a close' -Skip:(-not $Python) {
        $said = Invoke-Program $Python "$PSScriptRoot/../Support/web_socket.py", $Module.Split('.')[0], $web.Port
        $said -split '\r?\n' -ne '' | Should -BeExactly @(
            'protocol chat'
            'welcome'
            '<one>'
            "<$('é' * 5000)>"
            '<in three fragments>'
            'pong'
            'bye'
            'closed 1000'
        )
    }
}
