BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $nats = [bool](Find-RealProgram nats-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $script = "$PSScriptRoot/../../../examples/protocols/nats-client.ps1"
}

Describe 'The client of a real nats-server' -Skip:(-not $nats) {
    BeforeAll {
        $port = Get-UnusedPort
        $process = Start-Program (Find-RealProgram nats-server) ('--port', $port, '--addr', '127.0.0.1')
        Wait-Until { Test-Listening $port }
    }

    AfterAll {
        Close-Peer
        $process.Kill()
        $process.WaitForExit()
    }

    It 'gets what it publishes itself, with line ends in it' {
        $text = "MSG news.x 1 5`r`nhello`r`nPING`r`näöü$('x' * 1000000)"
        $messages = & $script 'news.*' -Publish ([ordered] @{ 'other' = 'x'; 'news.a' = $text; 'news.b' = '' }) -Count 2 -Port $port
        $messages.Subject | Should -BeExactly news.a, news.b
        $messages.Text | Should -BeExactly $text, ''
    }

    It 'publishes what others get byte for byte, and ends when the server has it' {
        $peer = Connect-Peer $port
        Send-Peer $peer "CONNECT {""verbose"":false}`r`nSUB news.> 7`r`nPING`r`n"
        $null = Receive-Peer $peer -Until "PONG`r`n"
        & $script 'none' -Publish @{ 'news.a.b' = "one`ntwo" } -Count 0 -Port $port | Should -BeNullOrEmpty
        Receive-Peer $peer -Until 'two' | Should -BeExactly "MSG news.a.b 7 7`r`none`ntwo"
    }

    It 'writes what is an error' {
        $null = & $script 'a..b' -Port $port -ErrorVariable errors -ErrorAction SilentlyContinue
        "$errors" | Should -BeLike "*-ERR 'Invalid Subject'"
        $server = Start-LineServer 0 -OnConnect { 'INFO {}'; $Connection.Close() }
        $null = & $script 'a' -Port $server.Port -ErrorVariable errors -ErrorAction SilentlyContinue
        Stop-LineServer $server
        "$errors" | Should -BeLike 'It has ended too early. '
    }
}
