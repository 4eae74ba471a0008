BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'What is written without a line end' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-TcpClient | Disconnect-TcpClient
    }

    It 'is sent as it is from a handler: <Name>' -ForEach @(
        @{ Name = 'text'; Handler = { $Connection.Write("a`nb`r") }; Expected = "a`nb`r" }
        @{ Name = 'text with properties'; Handler = { $Connection.Write((Write-Output 'a' | Add-Member Note 1 -PassThru)) }; Expected = 'a' }
        @{ Name = 'bytes'; Handler = { $Connection.Write([byte[]](255, 251, 1)) }; Expected = "$([char]255)$([char]251)$([char]1)" }
        @{ Name = 'arrays of bytes, added'; Handler = { $Connection.Write([byte[]](1, 2) + [byte[]]3) }; Expected = "$([char]1)$([char]2)$([char]3)" }
        @{ Name = 'numbers'; Handler = { $Connection.Write((255, 251, 1)) }; Expected = "$([char]255)$([char]251)$([char]1)" }
        @{ Name = 'a list'; Handler = { $Connection.Write([Collections.Generic.List[byte]](1, 2)) }; Expected = "$([char]1)$([char]2)" }
        @{ Name = 'a number'; Handler = { $Connection.Write(65) }; Expected = '65' }
        @{ Name = 'nothing'; Handler = { $Connection.Write($null); $Connection.Write('') }; Expected = '' }
        @{ Name = 'Send-Line -NoNewline'; Handler = { Send-Line $Connection 'a', 'b', "`n" -NoNewline }; Expected = "ab`n" }
        @{ Name = 'Send-TcpData'; Handler = { Send-TcpData $Connection ([byte[]](0, 10, 255)); Send-TcpData $Connection "a`r" }; Expected = "$([char]0)`n$([char]255)a`r" }
        @{ Name = 'all connections'; Handler = { Send-Line -Server $Server 'a' -NoNewline; Send-TcpData -Server $Server ([byte[]]200) }; Expected = "a$([char]200)" }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "x`n" | Should -BeExactly $Expected
        $s.LinesOut | Should -Be 0
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'has no framing on a connection of data' {
        $s = Start-TcpServer 0 { $Connection.Write('a'); , $_ } -Framing Netstring
        Invoke-Peer $s.Port '1:x,' | Should -BeExactly 'a1:x,'
    }

    It 'is in the encoding of the connection' {
        $s = Start-LineServer 0 { $Connection.Write('é') } -Encoding unicode
        Invoke-Peer $s.Port "x`0`n`0" | Should -BeExactly "$([char]0xe9)`0"
    }

    It 'is refused once the connection is closed' {
        $s = Start-LineServer 0 { }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Disconnect-LineClient $c
        { $c.Connection.Write('a') } | Should -Throw '*closed*'
        (Get-Failure { Send-TcpData $c 'a' }).Id | Should -Be NotConnected
    }

    It 'goes from the prompt to <Target>' -ForEach @(
        @{ Target = 'a client'; Send = { Send-TcpData $c 'pro'; Send-Line $c 'mpt: ' -NoNewline }; ToServer = $true }
        @{ Target = 'a client, by name'; Send = { Send-TcpData Named 'pro'; Send-Line Named 'mpt: ' -NoNewline }; ToServer = $true }
        @{ Target = 'a connection'; Send = { Send-TcpData $s.Connections[0] 'pro'; Send-Line $s.Connections[0] 'mpt: ' -NoNewline } }
        @{ Target = 'a group'; Send = { Send-TcpData $s.Groups['all'] 'pro'; Send-Line $s.Groups['all'] 'mpt: ' -NoNewline } }
        @{ Target = 'a server'; Send = { Send-TcpData -Server $s 'pro'; Send-Line -Server $s 'mpt: ' -NoNewline } }
    ) {
        $s = Start-LineServer 0 { "<$_>" } -OnConnect { $null = $Server.Groups['all'].Add($Connection) }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name Named
        Wait-Until { $s.Groups['all'].Count -eq 1 }
        & $Send
        if ($ToServer) {
            Send-Line $c '' -Receive -Timeout 10 | Should -BeExactly '<prompt: >'
        }
        else {
            Send-Line $s.Connections[0] ''
            Receive-Line $c -Timeout 10 | Should -BeExactly 'prompt: '
        }
    }

    It 'leaves telnet''s own bytes and its Enter out of lines' {
        $s = Start-LineServer 0 { "<$_>" } -OnConnect { $Connection.Write((255, 251, 1)) }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Length 3 | Should -BeExactly "$([char]255)$([char]251)$([char]1)"
        Send-Peer $peer "$([char]255)$([char]253)$([char]1)hi`r`0"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "<hi>`r`n"
    }
}

Describe 'What is piped to Send-TcpData' {
    AfterEach {
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpClient | Disconnect-TcpClient
        Get-LineClient | Disconnect-LineClient
    }

    It 'is sent before the next comes: <Name>' -ForEach @(
        @{ Name = 'bytes'; Items = [byte]1, [byte]2, [byte]3; Totals = 1, 2, 3 }
        @{ Name = 'text'; Items = 'a', 'bc'; Totals = 1, 3 }
        @{ Name = 'bytes and text'; Items = [byte]1, 'a', [byte]2; Totals = 1, 2, 3 }
        @{ Name = 'bytes, in the foreground'; Items = [byte]1, [byte]2; Totals = 1, 2; New = { New-Reactor -Foreground } }
    ) {
        $s = Start-TcpServer 0 { }
        $on = @{}
        if ($New) {
            $on.Reactor = & $New
        }
        $c = Connect-TcpClient 127.0.0.1 $s.Port @on
        $seen = [Collections.Generic.List[int]]::new()
        & {
            foreach ($item in $Items) {
                $item
                $total = $Totals[$seen.Count]
                Wait-Until { $s.BytesIn -eq $total }
                $seen.Add($s.BytesIn)
                if ($New) {
                    # A foreground reactor runs no more often than this.
                    $until = [Diagnostics.Stopwatch]::StartNew()
                    Wait-Until { $until.ElapsedMilliseconds -gt 20 }
                }
            }
        } | Send-TcpData $c
        $seen | Should -Be $Totals
        if ($on.Reactor) {
            Disconnect-TcpClient $c
            Stop-Reactor $on.Reactor
        }
    }

    It 'arrives whole and in order, however many bytes' {
        $s = Start-TcpServer 0 { , $_ }
        $c = Connect-TcpClient 127.0.0.1 $s.Port
        $bytes = [byte[]]::new(100000)
        [Random]::new(1).NextBytes($bytes)
        & { $bytes; 'text'; $bytes } | Send-TcpData $c
        $expected = [Text.Encoding]::Latin1.GetString($bytes)
        $got = Receive-TcpData $c -Count 200004 -Timeout 20
        [Text.Encoding]::Latin1.GetString($got) | Should -BeExactly "${expected}text$expected"
    }

    It 'is one message with a framing' {
        $s = Start-TcpServer 0 { "$($_.Length)" } -Framing Netstring
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Netstring
        [byte]1, [byte]2 | Send-TcpData $c
        Receive-TcpData $c -AsString -Timeout 10 | Should -BeExactly '2'
    }
}
