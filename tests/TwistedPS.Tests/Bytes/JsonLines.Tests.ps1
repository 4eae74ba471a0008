BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    function Get-Utf8Stream ($Server, [string] $Text) {
        $peer = Connect-TcpClient 127.0.0.1 $Server.Port -Reactor $Server.Reactor
        Send-TcpData $peer $Text -EndSending
        Receive-TcpData $peer -ToEnd -AsString -Timeout 30
    }
}

Describe 'JSON lines, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $on = @{ Reactor = New-Reactor @ReactorOptions }
    }

    AfterEach {
        Stop-Everything
        Stop-Reactor $on.Reactor
    }

    It 'are objects for the handler, and so is what it outputs' {
        $s = Start-TcpServer 0 { [ordered]@{ sum = $_.a + $_.b; of = $_ } } -Framing Json @on
        Get-Utf8Stream $s "{`"a`":1,`"b`":2}`n`r`n  `n{ `"a`": 40, `"b`": 2 }`r`n" |
            Should -BeExactly "{`"sum`":3,`"of`":{`"a`":1,`"b`":2}}`n{`"sum`":42,`"of`":{`"a`":40,`"b`":2}}`n"
    }

    It 'are of every kind of value, each output a line of its own' {
        $s = Start-TcpServer 0 {
            $null -eq $_ ? 'null' : $_.GetType().Name
            , $_
        } -Framing Json @on
        Get-Utf8Stream $s "1`n1.5`n`"é\n`"`ntrue`n[1,[2]]`nnull`n{`"x`":{}}`n" | Should -BeExactly (@(
                '"Int64"', '1', '"Double"', '1.5', '"String"', '"é\n"', '"Boolean"', 'true', '"Object[]"', '[1,[2]]', '"null"', '"PSCustomObject"', '{"x":{}}', ''
            ) -join "`n")
    }

    It 'are what is sent by any way' {
        $s = Start-TcpServer 0 -OnConnect { $null = $Server.Groups['all'].Add($Connection) } -OnData {
            [pscustomobject]@{ way = 'output' }
            $Connection.Send(@{ way = 'Send' })
            Send-TcpData $Connection @{ way = 'Send-TcpData' }
            Send-TcpData $Server.Groups['all'] @{ way = 'group' }
            Send-TcpData -Server $Server @{ way = 'server' }, @{ way = 'another' }
            Start-ReactorTimer -After 0 { @{ way = 'timer' } } | Out-Null
        } -Framing Json @on
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Json @on
        $c.Send(@{ x = 1 })
        (Receive-TcpData $c -Count 7 -Timeout 30).way | Should -BeExactly output, Send, Send-TcpData, group, server, another, timer
    }

    It 'are received as objects' {
        $s = Start-TcpServer 0 { , $_ } -Framing Json @on
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Json @on
        @{ a = 1 }, @{ a = 2 }, 'text', 5 | Send-TcpData $c
        Send-TcpData $c (, (1, 2))
        (Receive-TcpData $c -Timeout 30).a | Should -Be 1
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly '{"a":2}'
        Receive-TcpData $c -Count 2 -Timeout 30 | Should -Be text, 5
        $array = Receive-TcpData $c -Timeout 30
        Should -ActualValue $array -BeOfType ([object[]])
        $array | Should -Be 1, 2
        Send-TcpData $c @{ last = $true } -EndSending
        (Receive-TcpData $c -ToEnd -Timeout 30).last | Should -BeTrue
    }

    It 'go to the handler of a client' {
        $seen = New-Queue
        $s = Start-TcpServer 0 -OnConnect { @{ hello = 'you' } } -OnData { ($using:seen).Enqueue($_.reply) } -Framing Json @on
        $null = Connect-TcpClient 127.0.0.1 $s.Port -OnData { @{ reply = $_.hello } } -Framing Json @on
        Wait-Handled $on.Reactor { $seen.Count -eq 1 }
        $seen | Should -BeExactly you
    }

    It 'are hashtables with Json:AsHashtable, with keys that objects can not have' {
        $s = Start-TcpServer 0 { $_.GetType().Name -replace '^Ordered'; $_['a']; $_['A']; $_[''] } -Framing Json:AsHashtable @on
        Get-Utf8Stream $s "{`"a`":1,`"A`":2,`"`":3}`n" | Should -BeExactly "`"Hashtable`"`n1`n2`n3`n"
    }

    It 'that are none close the connection, and the log says where' -ForEach @{
        Cases = @(
            @{ Sent = '{"a":1,"b":x}'; Why = '*not JSON:*Path ''b'', line 1, position *' }
            @{ Sent = '{"a":'; Why = '*not JSON:*Path ''a'', line 1, position 5*' }
            @{ Sent = '1 2'; Why = '*not JSON:*position 2*' }
            @{ Sent = '{"a":1,"A":2}'; Why = '*not JSON:*different casing*' }
        )
    } {
        $seen = New-Queue
        foreach ($case in $Cases) {
            $s = Start-TcpServer 0 { , $_ } -Framing Json -OnDisconnect { ($using:seen).Enqueue("$_") } @on
            Get-Utf8Stream $s "7`n$($case.Sent)`n8`n" | Should -BeExactly "7`n"
            $s.InvalidMessages | Should -Be 1
            $s.Errors | Should -BeNullOrEmpty
            $s.Log | Where-Object Level -EQ Warning | ForEach-Object Message | Should -BeLike $case.Why
        }
        Wait-Handled $on.Reactor { $seen.Count -eq 4 }
        $seen | Should -BeExactly (@('InvalidMessage') * 4)
    }

    It 'that are none are for OnError, which may go on' {
        $s = Start-TcpServer 0 { , $_ } -Framing Json -OnError { [ordered]@{ id = $_.FullyQualifiedErrorId; line = $_.TargetObject } } @on
        Get-Utf8Stream $s "7`nnope`n8`n" | Should -BeExactly "7`n{`"id`":`"JsonInvalid`",`"line`":`"nope`"}`n8`n"
        $s.InvalidMessages | Should -Be 1
    }
}

Describe 'JSON lines' {
    AfterEach { Stop-Everything }

    It 'that are none are an error of Receive-TcpData, and the next is received' {
        $s = Start-TcpServer 0 { $_ }
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Json
        $c.Connection.Write("oops`n{`"a`":1}`n")
        $failure = Get-Failure { Receive-TcpData $c -Timeout 30 }
        $failure.Id | Should -BeExactly JsonInvalid
        $failure.Target | Should -BeExactly oops
        $failure.IsTerminating | Should -BeFalse
        (Receive-TcpData $c -Timeout 30).a | Should -Be 1
    }

    It 'are UTF-8 and no longer than -MaxMessageLength' {
        $s = Start-TcpServer 0 { , $_ } -Framing Json -MaxMessageLength 5
        Invoke-Peer $s.Port "12345`n123456`n" | Should -BeExactly "12345`n"
        $s.MessagesTooLong | Should -Be 1
        Invoke-Peer $s.Port "`"a$([char]0xE9)`"`n" | Should -BeExactly ''
        Wait-Until { $s.Log.Message -like '*not JSON: byte 2 is not UTF-8.' }
        Invoke-Peer $s.Port "$([char]0xEF)$([char]0xBB)$([char]0xBF)17`n" | Should -BeExactly "17`n"
    }

    It 'without a line end at the end are counted, and not handled' {
        $s = Start-TcpServer 0 { , $_ } -Framing Json
        Invoke-Peer $s.Port "1`n2" | Should -BeExactly "1`n"
        Wait-Until { $s.MessagesCutOff -eq 1 }
    }

    It 'contain objects to any depth, and one that contains itself is an error of the handler' {
        $s = Start-TcpServer 0 {
            if ($_ -eq 1) { @{ a = @{ b = @{ c = @{ d = @{ e = 'deep' } } } } } }
            else { $table = @{}; $table.self = $table; $table }
        } -Framing Json -OnError { 'too deep' }
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly "{`"a`":{`"b`":{`"c`":{`"d`":{`"e`":`"deep`"}}}}}`n`"too deep`"`n"
    }

    It 'go to servers of JSON as objects, and to others as text, from one pipeline' {
        $json = Start-TcpServer 0 { } -Framing Json
        $text = Start-TcpServer 0 { } -Framing Netstring
        $c = Connect-TcpClient 127.0.0.1 $json.Port -Framing Json
        $t = Connect-TcpClient 127.0.0.1 $text.Port -Framing Netstring
        Wait-Until { $json.ConnectionCount + $text.ConnectionCount -eq 2 }
        'a', $true | Send-TcpData -Server $json, $text
        1..2 | ForEach-Object { Receive-TcpData $c -AsString -Timeout 30 } | Should -BeExactly '"a"', true
        1..2 | ForEach-Object { Receive-TcpData $t -AsString -Timeout 30 } | Should -BeExactly a, True
    }

    It 'are no reason to inline a handler, and -Verbose says nothing' {
        Start-TcpServer 0 { $_ } -Framing Json -Verbose 4>&1 | Where-Object { "$_" -like 'OnData*' } | Should -BeNullOrEmpty
    }
}
