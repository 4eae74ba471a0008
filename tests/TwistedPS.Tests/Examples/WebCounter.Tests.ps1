BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $example = "$PSScriptRoot/../../../examples/webcounter/server.ps1"

    # All that comes until the end of the stream.
    function Invoke-Http ([int] $Port, [string] $Method, [string] $Path = '/') {
        $peer = Connect-Peer $Port
        Send-Peer $peer "$Method $Path HTTP/1.1`r`nHost: 127.0.0.1:$Port`r`nConnection: close`r`n`r`n"
        Receive-Peer $peer -End
    }

    function Get-Number ([int] $Port) {
        [int] ((Invoke-Http $Port GET) -replace '(?s)^HTTP/1\.1 200 OK\r\n.*\r\n\r\nI am request #(\d+)\n$', '$1')
    }
}

AfterAll { Stop-AllExample }

Describe 'The web counter' {
    BeforeEach {
        $port = (Get-ExampleServer $example).Port
    }

    AfterEach { Close-Peer }

    It 'counts from 1, whatever the path' -Tag H1 {
        $port = (Start-ExampleServer $example).Port
        $number = 0
        foreach ($path in '/', '/a/b', '/a%20b?x=1', '/') {
            $answer = Invoke-WebRequest "http://127.0.0.1:$port$path"
            $answer.StatusCode | Should -Be 200
            $answer.Headers['Content-Type'] | Should -Match '^text/plain(;|$)'
            $number++
            [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | Should -BeExactly "I am request #$number`n"
        }
        Invoke-RestMethod "http://localhost:$port/" | Should -BeExactly "I am request #5`n"
    }

    It 'keeps a connection, and closes it when asked to' -Tag H2 {
        $first = Get-Number $port
        $peer = Connect-Peer $port
        foreach ($number in ($first + 1)..($first + 3)) {
            Send-Peer $peer "GET /$number HTTP/1.1`r`nHost: localhost`r`n`r`n"
            Receive-Peer $peer -Until "`r`n`r`n" | Should -Match '^HTTP/1\.1 200 OK\r\n'
            Receive-Peer $peer -Until "`n" | Should -BeExactly "I am request #$number`n"
        }
        Send-Peer $peer "GET / HTTP/1.1`r`nHost: localhost`r`nConnection: close`r`n`r`n"
        $answer = Receive-Peer $peer -End
        $answer | Should -Match '\r\nConnection: close\r\n'
        $answer | Should -Match "\r\n\r\nI am request #$($first + 4)\n$"
    }

    It 'answers HEAD without a body' -Tag H3 {
        $length = "I am request #$((Get-Number $port) + 1)`n".Length
        $answer = Invoke-Http $port HEAD
        $answer | Should -Match '^HTTP/1\.1 200 OK\r\n'
        $answer | Should -Match "\r\nContent-Length: $length\r\n"
        $answer | Should -Match '\r\n\r\n$'
    }

    It 'refuses <_> and does not count it' -Tag H4 -ForEach 'PUT', 'DELETE', 'OPTIONS', 'BREW' {
        $number = Get-Number $port
        $peer = Connect-Peer $port
        Send-Peer $peer "$_ / HTTP/1.1`r`nHost: localhost`r`nContent-Length: 0`r`nConnection: close`r`n`r`n"
        $answer = Receive-Peer $peer -End
        $answer | Should -Match '^HTTP/1\.1 405 '
        $answer | Should -Match '\r\nAllow: GET, HEAD\r\n'
        Get-Number $port | Should -Be ($number + 1)
    }

    It 'answers garbage with 400 and the end, and goes on' -Tag H5 {
        $number = Get-Number $port
        foreach ($garbage in "what is this`r`n`r`n", "$([char]22)$([char]3)$([char]1)`n", "GET`r`n`r`n") {
            $peer = Connect-Peer $port
            Send-Peer $peer $garbage
            Receive-Peer $peer -End | Should -Match '^HTTP/1\.1 400 '
        }
        Get-Number $port | Should -Be ($number + 1)
    }

    It 'gives parallel requests a number each' -Tag H8 {
        $number = Get-Number $port
        $client = [Net.Http.HttpClient]::new()
        try {
            $tasks = foreach ($i in 1..100) { $client.GetStringAsync("http://127.0.0.1:$port/$i") }
            [Threading.Tasks.Task]::WaitAll($tasks, 60000) | Should -BeTrue
            $tasks.Result | Sort-Object -Unique | Should -HaveCount 100
            $tasks.Result | Should -Contain "I am request #$($number + 1)`n"
            $tasks.Result | Should -Contain "I am request #$($number + 100)`n"
        }
        finally {
            $client.Dispose()
        }
    }
}

Describe 'The web counter, started again' {
    It 'counts from 1 at once on the same port' -Tag H1, G9 {
        $port = Get-UnusedPort
        foreach ($time in 1, 2) {
            $shell = Start-ExampleServer $example @{ Port = $port } -Process
            Invoke-Http $port GET | Should -Match '\r\n\r\nI am request #1\n$'
            Stop-Example $shell
        }
        Close-Peer
    }
}
