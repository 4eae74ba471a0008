BeforeDiscovery {
    # Bytes, one character for each.
    $payloads = @(
        @{ Name = 'of line feeds'; Payload = "one`ntwo`n`n" }
        @{ Name = 'of CRLFs'; Payload = "one`r`n`r`ntwo`r`n" }
        @{ Name = 'of carriage returns'; Payload = "`rone`r`rtwo`r" }
        @{ Name = 'of NULs'; Payload = "`0one`0`0two`r`0`0" }
        @{ Name = 'of all bytes'; Payload = -join (0..255 | ForEach-Object { [char]$_ }) }
    )
    $ways = @(
        @{ Way = '$Connection.Write of text'; Send = { param($Client, $Text) $Client.Connection.Write($Text) } }
        @{ Way = '$Connection.Write of bytes'; Send = { param($Client, $Text) $Client.Connection.Write([Text.Encoding]::Latin1.GetBytes($Text)) } }
        @{ Way = 'Send-Line -NoNewline'; Send = { param($Client, $Text) Send-Line $Client $Text -NoNewline } }
        @{ Way = 'Send-TcpData'; Send = { param($Client, $Text) Send-TcpData $Client ([Text.Encoding]::Latin1.GetBytes($Text)) } }
        @{ Way = 'a pipeline of bytes'; Send = { param($Client, $Text) [Text.Encoding]::Latin1.GetBytes($Text) | Send-TcpData $Client } }
    )
    $cases = foreach ($payload in $payloads) { foreach ($way in $ways) { $payload + $way } }
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $redis, $nats = 'redis-server', 'nats-server' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force

    function Start-Program ([string] $Program, [int] $Port, [string[]] $Arguments) {
        $process = Start-Process (Find-RealProgram $Program) $Arguments -PassThru -RedirectStandardOutput $TestDrive/$Program.log -RedirectStandardError $TestDrive/$Program.err
        Wait-Until { Test-Listening $Port }
        $process
    }

    # A block of so many bytes that may have line ends in it.
    function Receive-Block ($Client, [int] $Length) {
        $text = Receive-Line $Client -Timeout 10
        while ($text.Length -lt $Length) {
            $text += "`r`n" + (Receive-Line $Client -Timeout 10)
        }
        $text
    }
}

Describe 'A redis-server, spoken to by a line client' -Skip:(-not $redis) {
    BeforeAll {
        $port = Get-UnusedPort
        $redis = Start-Program redis-server $port --port, $port, --bind, 127.0.0.1, --save, '""', --dir, "$TestDrive"
        $client = Connect-LineClient 127.0.0.1 $port -Delimiter CRLF -Encoding latin1
        $peer = Connect-Peer $port
    }

    AfterAll {
        $client | Disconnect-LineClient
        Close-Peer
        $redis.Kill()
        $redis.WaitForExit()
    }

    It 'keeps a payload <Name> from <Way> as it was given' -ForEach $cases {
        & $Send $client "*3`r`n`$3`r`nSET`r`n`$3`r`nkey`r`n`$$($Payload.Length)`r`n$Payload`r`n"
        Receive-Line $client -Timeout 10 | Should -BeExactly '+OK'

        # As a socket sees it.
        Send-Peer $peer "GET key`r`n"
        Receive-Peer $peer -Until "`r`n" | Should -BeExactly "`$$($Payload.Length)`r`n"
        Receive-Peer $peer -Length ($Payload.Length + 2) | Should -BeExactly "$Payload`r`n"

        # As the line client sees it.
        Send-Line $client 'GET key' -Receive -Timeout 10 | Should -BeExactly "`$$($Payload.Length)"
        Receive-Block $client $Payload.Length | Should -BeExactly $Payload
    }

    It 'takes commands of lines, and several of them from one text' {
        Send-Line $client "SET one 1`nSET two 2" -Receive -Count 2 -Timeout 10 | Should -BeExactly '+OK', '+OK'
        Send-Line $client 'MGET one two' -Receive -Count 5 -Timeout 10 | Should -BeExactly '*2', '$1', '1', '$1', '2'
    }
}

Describe 'A nats-server, spoken to by a line client' -Skip:(-not $nats) {
    BeforeAll {
        $port = Get-UnusedPort
        $nats = Start-Program nats-server $port --port, $port, --addr, 127.0.0.1
        $client = Connect-LineClient 127.0.0.1 $port -Delimiter CRLF -Encoding latin1
        Receive-Line $client -Timeout 10 | Should -BeLike 'INFO {*'
        Send-Line $client 'CONNECT {"verbose":false}', 'SUB the.subject 1', 'PING' -ErrorAction Stop
        Receive-Line $client -Timeout 10 | Should -BeExactly PONG
    }

    AfterAll {
        $client | Disconnect-LineClient
        $nats.Kill()
        $nats.WaitForExit()
    }

    It 'passes a payload <Name> from <Way> on as it was given' -ForEach $cases {
        & $Send $client "PUB the.subject $($Payload.Length)`r`n$Payload`r`n"
        Receive-Line $client -Timeout 10 | Should -BeExactly "MSG the.subject 1 $($Payload.Length)"
        Receive-Block $client $Payload.Length | Should -BeExactly $Payload
        $client.Status | Should -Be Connected
    }
}
