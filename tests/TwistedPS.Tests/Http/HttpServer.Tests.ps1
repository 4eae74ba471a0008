BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Invoke-Web ($Server, [string] $Path = '/', [string] $Method = 'GET', $Body) {
        Invoke-WebRequest "http://127.0.0.1:$($Server.Port)$Path" -Method $Method -Body $Body -SkipHttpErrorCheck
    }
}

Describe 'An HTTP server' {
    AfterEach {
        Close-Peer
        Get-HttpServer | Stop-HttpServer -DrainTime 0
    }

    It 'answers with what the handler outputs, a line for each object' {
        $s = Start-HttpServer 0 { 'one'; 2; $null; $true }
        (Invoke-Web $s).Content | Should -BeExactly "one`n2`nTrue`n"
        $s.Requests | Should -Be 1
    }

    It 'shows the handler the request' {
        $s = Start-HttpServer 0 -Post {
            param($first, $second)
            $_.Method, $_.Path, $Request.Query.x, $Request.Headers['X-Test'], $_.Body, $_.RemoteEndPoint.Address, $Server.Name
            [object]::ReferenceEquals($_, $Request), [object]::ReferenceEquals($first, $Request), [object]::ReferenceEquals($second, $Response)
        } -Name Web
        Invoke-RestMethod "http://127.0.0.1:$($s.Port)/a%20b?x=1" -Method Post -Body 'héllo' -Headers @{ 'X-Test' = 'yes' } -ContentType 'text/plain; charset=utf-8' |
            Should -BeExactly "POST`n/a b`n1`nyes`nhéllo`n127.0.0.1`nWeb`nTrue`nTrue`nTrue`n"
    }

    It 'has a handler for <_>' -ForEach 'Get', 'Post', 'Put', 'Patch', 'Delete' {
        $handler = @{ $_ = { $_.Method } }
        $s = Start-HttpServer 0 @handler
        (Invoke-Web $s -Method $_).Content | Should -BeExactly "$($_.ToUpper())`n"
        $other = if ($_ -eq 'Get') { 'DELETE' } else { 'GET' }
        (Invoke-Web $s -Method $other).StatusCode | Should -Be 405
        $s.Requests, $s.Refused | Should -Be 1, 1
    }

    It 'sends the status, the content type and the headers of $Response' {
        $s = Start-HttpServer 0 {
            $Response.StatusCode = 404
            $Response.ContentType = 'application/json'
            $Response.Headers['X-Answer'] = 42
            @{ found = $false } | ConvertTo-Json -Compress
        }
        $answer = Invoke-Web $s
        $answer.StatusCode | Should -Be 404
        $answer.Headers['Content-Type'] | Should -Be 'application/json'
        $answer.Headers['X-Answer'] | Should -Be '42'
        $answer.Content | Should -BeExactly "{`"found`":false}`n"
    }

    It 'refuses a body over -MaxBodyLength' {
        $s = Start-HttpServer 0 -Post { $_.Body.Length } -MaxBodyLength 4
        (Invoke-Web $s -Method POST -Body '1234').Content | Should -BeExactly "4`n"
        (Invoke-Web $s -Method POST -Body '12345').StatusCode | Should -Be 413
        $s.Requests | Should -Be 1
    }

    It 'answers 500 for a handler that throws, and keeps the error to itself' {
        $s = Start-HttpServer 0 { if ($_.Path -eq '/bad') { throw 'a secret' }; 'good' }
        $answer = Invoke-Web $s /bad
        $answer.StatusCode | Should -Be 500
        $answer.Content | Should -BeExactly "500 Internal Server Error`n"
        $s.Errors[0].Handler, $s.Errors[0].Message | Should -Be 'Get', 'a secret'
        $s.Log.Message -like 'Get failed: a secret (*HttpServer.Tests.ps1:*)' | Should -HaveCount 1
        (Invoke-Web $s).Content | Should -BeExactly "good`n"
    }

    It 'lets -OnError answer instead, with nothing of the handler that failed' {
        $s = Start-HttpServer 0 { 'begun'; $Response.ContentType = 'text/html'; [int]'x' } -OnError {
            if ($Request.Path -eq '/fine') { $Response.StatusCode = 200 }
            "sorry: $($_.Exception.GetType().Name -ne '')"
        }
        $answer = Invoke-Web $s
        $answer.StatusCode, $answer.Content | Should -Be 500, "sorry: True`n"
        $answer.Headers['Content-Type'] | Should -Be 'text/plain; charset=utf-8'
        (Invoke-Web $s /fine).StatusCode | Should -Be 200
        $s.ErrorCount | Should -Be 2
    }

    It 'answers 500 when -OnError throws as well' {
        $s = Start-HttpServer 0 { throw 'first' } -OnError { 'begun'; throw 'second' }
        (Invoke-Web $s).Content | Should -BeExactly "500 Internal Server Error`n"
        $s.Errors.Message | Should -Be 'second', 'first'
    }

    It 'answers 500 for a header with a line break' {
        $s = Start-HttpServer 0 { $Response.Headers['X-Name'] = "a`r`nSet-Cookie: b"; 'x' }
        $answer = Invoke-Web $s
        $answer.StatusCode | Should -Be 500
        $answer.Headers.ContainsKey('Set-Cookie') | Should -BeFalse
        $s.Errors[0].Handler | Should -Be 'Get'
    }

    It 'answers when the deferreds of the handler have come to something' {
        $s = Start-HttpServer 0 {
            'now'
            if ($_.Path -eq '/bad') { Start-Deferred { throw 'no' } } else { Start-Deferred { 'later' } }
        }
        (Invoke-Web $s).Content | Should -BeExactly "now`nlater`n"
        (Invoke-Web $s /bad).StatusCode | Should -Be 500
        $s.Errors[0].Message | Should -Be 'no'
    }

    It 'shares $script: among its handlers, and nothing with another server' {
        $start = 10
        $arguments = @{
            InitializationScript = { $script:n = $using:start; function Step { (++$script:n) } }
            Get                  = { Step }
            Post                 = { Step }
            OnStart              = { Step }
        }
        $a = Start-HttpServer 0 @arguments
        $b = Start-HttpServer 0 @arguments
        (Invoke-Web $a).Content, (Invoke-Web $a -Method POST).Content, (Invoke-Web $b).Content | Should -BeExactly "12`n", "13`n", "12`n"
    }

    It 'calls OnStop once and frees the port at once' {
        $path = Join-Path $TestDrive 'http.log'
        $s = Start-HttpServer 0 { 'x' } -OnStop { 'stopping' } -LogPath $path -Name Log
        $port = $s.Port
        $null = Invoke-Web $s /path
        Stop-HttpServer $s
        $s.Status | Should -Be 'Stopped'
        Test-PortFree $port | Should -BeTrue
        (Get-Content $path) -replace '^.{25}' | Should -Be "[Log] Started on 127.0.0.1:$port", '[Log,0,127.0.0.1] GET /path 200', '[Log] OnStop: stopping', '[Log] Stopped'
        $again = Start-HttpServer $port { 'again' }
        (Invoke-Web $again).Content | Should -BeExactly "again`n"
    }

    It 'can be stopped while a handler hangs' {
        $s = Start-HttpServer 0 { while ($true) { } }
        $client = [Net.Http.HttpClient]::new()
        $answer = $client.GetAsync("http://127.0.0.1:$($s.Port)/")
        Wait-Until { $s.Requests -eq 1 }
        Stop-HttpServer $s -DrainTime 0 -WarningAction SilentlyContinue
        $s.Status | Should -Be 'Stopped'
        $answer.Wait(30000) | Should -BeTrue
        [int]$answer.Result.StatusCode | Should -BeIn 500, 503
        $client.Dispose()
    }

    It 'is listed, by name and number, and stopped from the pipeline' {
        $a = Start-HttpServer 0 { } -Name WebA
        $b = Start-HttpServer 0 { } -Name WebB
        (Get-HttpServer Web*).Name | Should -Be 'WebA', 'WebB'
        (Get-HttpServer -Id $b.Id).Name | Should -Be 'WebB'
        ($a | Out-String) | Should -Match 'Requests\s+Refused'
        Get-HttpServer WebA | Stop-HttpServer
        Stop-HttpServer WebB
        Get-HttpServer | Should -BeNullOrEmpty
    }

    It 'says <Id> when it can not be started' -ForEach @(
        @{ Id = 'HandlerMissing'; Arguments = @{ OnStart = { } } }
        @{ Id = 'HostNotFound'; Arguments = @{ Get = { }; Address = 'no.such.host.invalid' } }
        @{ Id = 'AddressNotAvailable'; Arguments = @{ Get = { }; Address = '192.0.2.1' } }
        @{ Id = 'ListenFailed'; Arguments = @{ Get = { }; Address = '::1' } }
        @{ Id = 'HandlerError'; Arguments = @{ Get = { }; OnStart = { throw 'no' } } }
    ) {
        $failure = Get-Failure { Start-HttpServer 0 @Arguments }
        $failure.Id, $failure.IsTerminating | Should -Be $Id, $true
        Get-HttpServer | Should -BeNullOrEmpty
    }

    It 'says AddressInUse with the address and the port' -Tag G9 {
        $s = Start-HttpServer 0 { }
        $failure = Get-Failure { Start-HttpServer $s.Port { } }
        $failure.Id, $failure.Target | Should -Be 'AddressInUse', "127.0.0.1:$($s.Port)"
    }

    It 'answers any host on all addresses' {
        $s = Start-HttpServer 0 { $_.Headers.Host } -Address *
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "GET / HTTP/1.1`r`nHost: elsewhere.example`r`nConnection: close`r`n`r`n"
        Receive-Peer $peer -End | Should -Match '\r\n\r\nelsewhere\.example\n$'
    }

    It 'runs on a foreground reactor with the handlers of this session' {
        $reactor = New-Reactor -Foreground
        $seen = [Collections.Generic.List[string]]::new()
        $s = Start-HttpServer 0 { $seen.Add($_.Path); 'ok' } -Reactor $reactor
        $client = [Net.Http.HttpClient]::new()
        $answer = $client.GetStringAsync("http://127.0.0.1:$($s.Port)/here")
        Wait-Reactor $reactor -Until { $answer.IsCompleted } -Timeout 30
        $answer.Result | Should -BeExactly "ok`n"
        $seen | Should -Be '/here'
        $client.Dispose()
        Stop-Reactor $reactor
        Get-HttpServer | Should -BeNullOrEmpty
    }
}
