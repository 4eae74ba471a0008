BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

AfterAll {
    Get-HttpServer | Stop-HttpServer -DrainTime 0
}

Describe 'Invoke-HttpTestRequest' {
    BeforeAll {
        function Get-Price ([string] $Name) { throw "no price of $Name" }
    }

    It 'answers with status, headers and body, without a port' {
        $web = New-HttpTestConnection { "You asked for $($Request.Path)" }
        $answer = Invoke-HttpTestRequest $web /x
        $answer.StatusCode, $answer.Status, $answer.Body | Should -BeExactly 200, OK, "You asked for /x`n"
        $answer.ContentType | Should -BeExactly 'text/plain; charset=utf-8'
        $answer.Headers['Content-Length'] | Should -BeExactly '17'
        $web.Port, $web.Requests, $web.RequestsUnderWay | Should -Be 0, 1, 0
        "$answer" | Should -BeExactly '200 OK, text/plain; charset=utf-8, 17 bytes'
        "$web" | Should -BeLike 'HTTP server * (memory)'
    }

    It 'lets handlers call mocks' {
        Mock Get-Price { 42 }
        $web = New-HttpTestConnection { Get-Price $Request.Query.name }
        (Invoke-HttpTestRequest $web '/?name=tea').Body.Trim() | Should -BeExactly '42'
        Should -Invoke Get-Price -Exactly 1 -ParameterFilter { $Name -eq 'tea' }
    }

    It 'sends a <Name>' -ForEach @(
        @{ Name = 'text, by POST'; Arguments = @{ Body = 'é' }; Wanted = 'POST|é|c3a9||2' }
        @{ Name = 'text in another encoding'; Arguments = @{ Body = 'é'; ContentType = 'text/plain; charset=latin1'; Method = 'put' }; Wanted = 'PUT|é|e9|text/plain; charset=latin1|1' }
        @{ Name = 'body of bytes'; Arguments = @{ Body = [byte[]] (65, 66) }; Wanted = 'POST|AB|4142||2' }
        @{ Name = 'form'; Arguments = @{ Body = [ordered] @{ a = '1 2'; b = '&' } }; Wanted = 'POST|a=1+2&b=%26|613d312b3226623d253236|application/x-www-form-urlencoded|11' }
        @{ Name = 'request without a body'; Arguments = @{}; Wanted = 'GET||||' }
        @{ Name = 'method that nobody knows'; Arguments = @{ Method = 'BREW' }; Wanted = 'BREW||||' }
    ) {
        $web = New-HttpTestConnection -Any {
            $Request.Method, $Request.Body, [Convert]::ToHexString($Request.BodyBytes).ToLower(), $Request.Headers['Content-Type'], $Request.Headers['Content-Length'] -join '|'
        }
        (Invoke-HttpTestRequest $web @Arguments).Body.TrimEnd("`n") | Should -BeExactly $Wanted
    }

    It 'sends headers, from an address' {
        $web = New-HttpTestConnection { "$($Request.Headers.Host) $($Request.Headers.Cookie) $($Request.RemoteEndPoint)" }
        (Invoke-HttpTestRequest $web 'http://example.org/x' -Headers @{ Cookie = 'a=1' } -RemoteEndPoint '192.0.2.7:99').Body.Trim() |
            Should -BeExactly 'example.org a=1 192.0.2.7:99'
    }

    It 'shows what the handler has set' {
        $web = New-HttpTestConnection { $Response.StatusCode = 418; $Response.Headers['Set-Cookie'] = 'a=1', 'b=2'; @{ Tea = $true } }
        $answer = Invoke-HttpTestRequest $web
        $answer.StatusCode, $answer.ContentType | Should -BeExactly 418, 'application/json; charset=utf-8'
        $answer.Headers['Set-Cookie'] | Should -BeExactly 'a=1', 'b=2'
        ($answer.Body | ConvertFrom-Json).Tea | Should -BeTrue
    }

    It 'reads a file, and a stream' {
        Set-Content "$TestDrive/page.html" 'a page' -NoNewline
        $web = New-HttpTestConnection -Get { Get-Item "$TestDrive/page.html" } -Post { [IO.MemoryStream]::new([byte[]] (1, 2)) }
        $answer = Invoke-HttpTestRequest $web
        $answer.Body, $answer.ContentType, $answer.Headers['Content-Length'] | Should -BeExactly 'a page', 'text/html', '6'
        (Invoke-HttpTestRequest $web -Method Post).BodyBytes | Should -Be 1, 2
    }

    It 'shows the length of what HEAD leaves out, and neither where there is no content' {
        $web = New-HttpTestConnection -Get { 'page' } -Delete { $Response.StatusCode = 204; 'nothing of this' }
        $answer = Invoke-HttpTestRequest $web -Method HEAD
        $answer.Body, $answer.Headers['Content-Length'] | Should -BeExactly '', '5'
        $answer = Invoke-HttpTestRequest $web -Method DELETE
        $answer.StatusCode, $answer.Body, $answer.Headers.ContainsKey('Content-Length') | Should -BeExactly 204, '', $false
    }

    It 'answers <Status> as on the network' -ForEach @(
        @{ Status = 405; Arguments = @{ Method = 'PUT' } }
        @{ Status = 413; Arguments = @{ Body = 'too long' } }
    ) {
        $web = New-HttpTestConnection -Get { } -Post { } -MaxBodyLength 3
        (Invoke-HttpTestRequest $web @Arguments).StatusCode | Should -Be $Status
        $web.Refused, $web.Requests | Should -Be 1, 0
    }

    It 'writes the error of a handler, and answers 500' {
        $web = New-HttpTestConnection { throw 'broken' }
        $answer = Invoke-HttpTestRequest $web -ErrorVariable failures -ErrorAction SilentlyContinue
        $answer.StatusCode | Should -Be 500
        $failures.Exception.Message | Should -BeExactly broken
    }

    It 'answers what OnError says' {
        $web = New-HttpTestConnection { throw 'broken' } -OnError { "sorry: $_" }
        $answer = Invoke-HttpTestRequest $web
        $answer.StatusCode, $answer.Body.Trim() | Should -BeExactly 500, 'sorry: broken'
    }

    It 'answers 500 where the content can not be read' {
        $web = New-HttpTestConnection { $Response.ContentType = 'text/plain'; $pipe = [IO.Pipes.AnonymousPipeServerStream]::new(); $pipe }
        (Invoke-HttpTestRequest $web).StatusCode | Should -Be 500
        $web.Errors | Should -HaveCount 1
    }

    It 'waits for a Deferred' {
        $web = New-HttpTestConnection { Start-Deferred { 6 * 7 } }
        (Invoke-HttpTestRequest $web -Timeout 60).Body.Trim() | Should -BeExactly '42'
    }

    It 'gives up after a time' {
        $web = New-HttpTestConnection { New-Deferred }
        (Get-Failure { Invoke-HttpTestRequest $web -Timeout 50ms }).Id | Should -Be ReceiveTimeout
    }

    It 'outputs a Deferred of what a fake clock brings' {
        $r = New-Reactor -Foreground -FakeClock
        $web = New-HttpTestConnection -Reactor $r {
            $d = New-Deferred
            $null = Start-ReactorTimer -After 1h { param($Timer, $Number, $Late) Complete-Deferred $Late 'late' } -ArgumentList $d
            $d
        }
        $answer = Invoke-HttpTestRequest $web -AsDeferred
        Wait-Reactor $r -Advance 59m
        $answer.Status | Should -Be Waiting
        Wait-Reactor $r -Advance 1m
        (Receive-Deferred $answer -Wait -Timeout 60).Body.Trim() | Should -BeExactly late
        Stop-Reactor $r
    }

    It 'asks a running server, on <Kind>' -ForEach @(@{ Kind = 'the network' }, @{ Kind = 'a background reactor' }) {
        $web = $Kind -eq 'the network' ? (Start-HttpServer 0 { $Server.State.Count++; "$($Server.State.Count)" }) :
        (New-HttpTestConnection -Reactor ($r = New-Reactor) { $Server.State.Count++; "$($Server.State.Count)" })
        (Invoke-HttpTestRequest $web -Timeout 60).Body.Trim() | Should -BeExactly 1
        ($web | Invoke-HttpTestRequest -Timeout 60).Body.Trim() | Should -BeExactly 2
        if ($r) { Stop-Reactor $r }
    }

    It 'needs a handler, and a server that runs' {
        (Get-Failure { New-HttpTestConnection }).Id | Should -Be HandlerMissing
        $stopped = [Collections.Generic.List[string]]::new()
        $web = New-HttpTestConnection { } -OnStop { $stopped.Add('stopped') }
        Stop-HttpServer $web
        $stopped | Should -BeExactly stopped
        (Get-Failure { Invoke-HttpTestRequest $web }).Id | Should -Be ServerStopped
    }
}
