BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $png = [byte[]](0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 255)
    $file = Join-Path $TestDrive 'picture.png'
    [IO.File]::WriteAllBytes($file, $png)

    function Invoke-Web ($Server, [string] $Path = '/', [string] $Method = 'GET', $Body) {
        Invoke-WebRequest "http://127.0.0.1:$($Server.Port)$Path" -CustomMethod $Method -Body $Body -SkipHttpErrorCheck
    }

    function Get-Reply ([scriptblock] $Handler) {
        $server = Start-HttpServer 0 $Handler
        Invoke-Web $server
        Stop-HttpServer $server -DrainTime 0
    }

    function Get-Bytes ($Answer) { $Answer.RawContentStream.ToArray() -join ' ' }
}

AfterAll { Get-HttpServer | Stop-HttpServer -DrainTime 0 }

Describe 'Bytes over HTTP' {
    It 'sends <Name> as they are, with the type <Type>' -ForEach @(
        @{ Name = 'unrolled bytes'; Type = 'application/octet-stream'; Handler = { [IO.File]::ReadAllBytes($using:file) } }
        @{ Name = 'bytes'; Type = 'application/octet-stream'; Handler = { , [IO.File]::ReadAllBytes($using:file) } }
        @{ Name = 'bytes of Get-Content'; Type = 'application/octet-stream'; Handler = { Get-Content $using:file -AsByteStream } }
        @{ Name = 'raw bytes of Get-Content'; Type = 'application/octet-stream'; Handler = { Get-Content $using:file -AsByteStream -Raw } }
        @{ Name = 'bytes in a list'; Type = 'application/octet-stream'; Handler = { , [Collections.Generic.List[byte]] $using:png } }
        @{ Name = 'bytes in pieces'; Type = 'application/octet-stream'; Handler = { , ($using:png)[0..3]; ($using:png)[4]; ($using:png)[5..9] } }
        @{ Name = 'bytes that come later'; Type = 'application/octet-stream'; Handler = { Start-Deferred { [byte[]](0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 255) } } }
        @{ Name = 'a file'; Type = 'image/png'; Handler = { Get-Item $using:file } }
        @{ Name = 'the stream of a file'; Type = 'image/png'; Handler = { [IO.File]::OpenRead($using:file) } }
        @{
            Name    = 'a stream that was just written'
            Type    = 'application/octet-stream'
            Handler = { $stream = [IO.MemoryStream]::new(); $stream.Write($using:png, 0, 10); $stream }
        }
        @{
            Name    = 'a stream of unknown length'
            Type    = 'application/octet-stream'
            Handler = {
                $packed = [IO.MemoryStream]::new()
                $zip = [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionMode]::Compress, $true)
                $zip.Write($using:png, 0, 10)
                $zip.Dispose()
                $packed.Position = 0
                [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionMode]::Decompress)
            }
        }
    ) {
        $answer = Get-Reply $Handler
        Get-Bytes $answer | Should -Be ($png -join ' ')
        $answer.Headers['Content-Type'] | Should -Be $Type
    }

    It 'sends text, bytes and streams in the order of the output' {
        $answer = Get-Reply { 'a'; [byte[]](1, 2); [IO.MemoryStream]::new([byte[]](3)); 'b' }
        Get-Bytes $answer | Should -Be '97 10 1 2 3 98 10'
    }

    It 'shows an upload as bytes beside the text' {
        $s = Start-HttpServer 0 -Post { , $_.BodyBytes } -Put { $_.Body.GetType().Name, $_.Body }
        Get-Bytes (Invoke-Web $s -Method POST -Body $png) | Should -Be ($png -join ' ')
        (Invoke-Web $s -Method PUT -Body 'text').Content | Should -BeExactly "String`ntext`n"
    }

    It 'writes the names of several files, and sends none of them' {
        Set-Content $TestDrive/b.txt 'secret'
        $answer = Get-Reply { Get-ChildItem $using:TestDrive -File | Sort-Object Name }
        $answer.Content | Should -Not -Match 'secret'
        ($answer.Content.Trim() -split '\n' | Split-Path -Leaf) -join ' ' | Should -Be 'b.txt picture.png'
    }

    It 'answers 500 for a file that is not there, and goes on' {
        $s = Start-HttpServer 0 { if ($_.Path -eq '/') { [IO.FileInfo] "$using:TestDrive/none" } else { 'fine' } }
        (Invoke-Web $s).StatusCode | Should -Be 500
        $s.Errors[0].Message | Should -Match 'none'
        (Invoke-Web $s /x).Content | Should -BeExactly "fine`n"
    }

    It 'closes the stream of a handler that fails after all' {
        $s = Start-HttpServer 0 { [IO.File]::Open($using:file, 'Open', 'Read', 'None'); Start-Deferred { throw 'no' } } -OnError { 'sorry' }
        (Invoke-Web $s).Content | Should -BeExactly "sorry`n"
        [IO.File]::ReadAllBytes($file) | Should -HaveCount 10
    }

    It 'goes both ways in the foreground' {
        $reactor = New-Reactor -Foreground
        $s = Start-HttpServer 0 { Get-Item $file } -Post { , $Request.BodyBytes } -Any { @{ Method = $_.Method } } -Reactor $reactor
        $client = [Net.Http.HttpClient]::new()
        $url = "http://127.0.0.1:$($s.Port)/"
        $tasks = $client.GetByteArrayAsync($url), $client.PostAsync($url, [Net.Http.ByteArrayContent]::new($png)),
        $client.SendAsync([Net.Http.HttpRequestMessage]::new('PROPFIND', $url))
        Wait-Reactor $reactor -Until { $tasks.IsCompleted -notcontains $false } -Timeout 30
        $tasks[0].Result -join ' ' | Should -Be ($png -join ' ')
        $tasks[1].Result.Content.ReadAsByteArrayAsync().Result -join ' ' | Should -Be ($png -join ' ')
        $tasks[2].Result.Content.ReadAsStringAsync().Result | Should -BeExactly "{`"Method`":`"PROPFIND`"}`n"
        $client.Dispose()
        Stop-Reactor $reactor
    }

    It 'goes both ways while -Wait serves' {
        $port = Get-UnusedPort
        $null = Start-Pipeline {
            param($port, $file)
            Start-HttpServer $port { Get-Item $file } -Post { , $_.BodyBytes } -Wait
        } $port, $file
        Wait-Until { Test-Listening $port }
        Get-Bytes (Invoke-Web @{ Port = $port }) | Should -Be ($png -join ' ')
        Get-Bytes (Invoke-Web @{ Port = $port } -Method POST -Body $png) | Should -Be ($png -join ' ')
        Close-Peer
    }
}

Describe 'Objects over HTTP' {
    It 'sends <Name> as JSON' -ForEach @(
        @{ Name = 'a hashtable'; Handler = { @{ 'ä' = 1.5 } }; Json = '{"ä":1.5}' }
        @{
            Name    = 'a custom object, to any depth'
            Handler = { [pscustomobject]@{ a = [ordered]@{ b = @(@{ c = @{ d = @($true, $null, 'x', [long] 3) } }) } } }
            Json    = '{"a":{"b":[{"c":{"d":[true,null,"x",3]}}]}}'
        }
        @{ Name = 'several objects'; Handler = { @{ a = 1 }; [pscustomobject]@{ b = 2 } }; Json = '[{"a":1},{"b":2}]' }
        @{ Name = 'a list of one'; Handler = { , @(@{ a = 1 }) }; Json = '[{"a":1}]' }
        @{ Name = 'an empty list'; Handler = { , @() }; Json = '[]' }
        @{ Name = 'selected properties'; Handler = { 'abc' | Select-Object Length }; Json = '{"Length":3}' }
        @{ Name = 'an object of .NET'; Handler = { 'a' | Group-Object -NoElement }; Json = '{"Values":["a"],"Count":1,"Group":[],"Name":"a"}' }
        @{
            Name    = 'times, texts and names'
            Handler = { [ordered]@{ t = [datetime]::new(2024, 2, 29, 1, 2, 3, [DateTimeKind]::Utc); d = [DayOfWeek]::Monday; g = [guid]::Empty; v = [version] '1.2'; n = [double]::NaN } }
            Json    = '{"t":"2024-02-29T01:02:03.0000000Z","d":"Monday","g":"00000000-0000-0000-0000-000000000000","v":"1.2","n":"NaN"}'
        }
    ) {
        $answer = Get-Reply $Handler
        [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | Should -BeExactly "$Json`n"
        $answer.Headers['Content-Type'] | Should -Be 'application/json; charset=utf-8'
    }

    It 'sends an object of the system as its properties' {
        (Get-Reply { Get-Process -Id $PID }).Content | ConvertFrom-Json | ForEach-Object Id | Should -Be $PID
    }

    It 'keeps text as text, also beside objects' {
        $answer = Get-Reply { 'text'; 1; [datetime]::new(2024, 2, 29); @{ a = 1 } }
        $answer.Content | Should -BeExactly "text`n1`n02/29/2024 00:00:00`n{`"a`":1}`n"
        $answer.Headers['Content-Type'] | Should -Be 'text/plain; charset=utf-8'
    }

    It 'sends XML as XML' {
        $answer = Get-Reply { [xml] '<a><b>1</b></a>' }
        $answer.Content | Should -BeExactly "<a><b>1</b></a>`n"
        $answer.Headers['Content-Type'] | Should -Be 'application/xml; charset=utf-8'
    }

    It 'lets the response name another type' {
        $answer = Get-Reply { $Response.ContentType = 'application/problem+json'; @{ a = 1 } }
        $answer.Headers['Content-Type'] | Should -Be 'application/problem+json'
    }

    It 'hands an object that contains itself to -OnError' {
        $s = Start-HttpServer 0 { $a = @{}; $a.a = $a; $a } -OnError { "$_" }
        $answer = Invoke-Web $s
        $answer.StatusCode, $answer.Content | Should -Be 500, "An object that is nested too deeply, or contains itself, can't be written as JSON.`n"
    }
}

Describe 'Headers and methods of HTTP' {
    It 'sends a header for each object of an array' {
        $answer = Get-Reply { $Response.Headers['Set-Cookie'] = 'a=1', 'b=2'; 'x' }
        $answer.Headers['Set-Cookie'] | Should -Be 'a=1', 'b=2'
    }

    It 'takes the content type from the headers' {
        (Get-Reply { $Response.Headers['Content-Type'] = 'text/html'; '<p>' }).Headers['Content-Type'] | Should -Be 'text/html'
    }

    It 'answers OPTIONS with -Options and any other method with -Any' {
        $s = Start-HttpServer 0 -Options { $Response.StatusCode = 204; $Response.Headers['X-Allow'] = 'all' } -Any { $_.Method }
        $answer = Invoke-Web $s -Method OPTIONS
        $answer.StatusCode, $answer.Headers['X-Allow'], $answer.Headers.ContainsKey('Content-Length') | Should -Be 204, 'all', $false
        (Invoke-Web $s -Method PROPFIND).Content | Should -BeExactly "PROPFIND`n"
        (Invoke-Web $s).Content | Should -BeExactly "GET`n"
    }

    It 'names -Any in the errors of its handler' {
        $s = Start-HttpServer 0 -Any { throw 'no' }
        (Invoke-Web $s -Method PURGE).StatusCode | Should -Be 500
        $s.Errors[0].Handler | Should -Be 'Any'
    }
}
