BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $server = "$PSScriptRoot/../../../examples/protocols/socks.ps1"

    function ConvertTo-Text ([byte[]] $Bytes) {
        [Text.Encoding]::Latin1.GetString($Bytes)
    }

    $refusal = [byte[]] (0, 1, 0, 0, 0, 0, 0, 0)
}

AfterAll { Stop-AllExample }

Describe 'The SOCKS server, sent <Size> bytes at a time' -ForEach @{ Size = 1 }, @{ Size = 1000 } {
    BeforeAll {
        $shell = Get-ExampleServer $server
        $echo = Start-TcpServer 0 { $Connection.Write($_) }
        function Send-Slowly ($Peer, [byte[]] $Bytes) {
            $text = ConvertTo-Text $Bytes
            for ($at = 0; $at -lt $text.Length; $at += $Size) {
                Send-Peer $Peer $text.Substring($at, [Math]::Min($Size, $text.Length - $at))
            }
        }
    }

    AfterEach { Close-Peer }

    AfterAll { Stop-TcpServer $echo }

    It 'connects to <Name>, and sends on what comes before it has answered' -ForEach @(
        @{ Name = 'a name'; To = 3, 9 + [Text.Encoding]::ASCII.GetBytes('localhost') }
        @{ Name = 'an address'; To = 1, 127, 0, 0, 1 }
    ) {
        $peer = Connect-Peer $shell.Port
        $greeting = 5, 2, 1, 0
        $request = 5, 1, 0 + $To + [Math]::Floor($echo.Port / 256) + ($echo.Port % 256)
        Send-Slowly $peer ($greeting + $request + 104, 105)
        Receive-Peer $peer -Length 12 | Should -BeExactly (ConvertTo-Text (5, 0, 5, 0 + $refusal))
        Send-Peer $peer 'more' -End
        Receive-Peer $peer -End | Should -BeExactly himore
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a client that only knows other ways to log in'; Sent = 5, 1, 2; Reply = 5, 255 }
        @{ Name = 'to listen'; Sent = 5, 1, 0, 5, 2, 0, 1, 127, 0, 0, 1, 0, 1; Reply = 5, 0, 5, 7 }
        @{ Name = 'an unknown kind of address'; Sent = 5, 1, 0, 5, 1, 0, 9, 127, 0, 0, 1, 0, 1; Reply = 5, 0, 5, 8 }
        @{ Name = 'port 0'; Sent = 5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 0; Reply = 5, 0, 5, 1 }
        @{ Name = 'a host that is not known'; Sent = 5, 1, 0, 5, 1, 0, 3, 9 + [Text.Encoding]::ASCII.GetBytes('x.invalid') + 0, 80; Reply = 5, 0, 5, 4 }
        @{ Name = 'a port that refuses'; Sent = 5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 1; Reply = 5, 0, 5, 5 }
        @{ Name = 'SOCKS 4'; Sent = 4, 1, 0, 80, 127, 0, 0, 1, 0; Reply = @() }
    ) {
        $peer = Connect-Peer $shell.Port
        Send-Slowly $peer $Sent
        $peer.Client.Shutdown('Send')
        $text = Receive-Peer $peer -End
        $text | Should -BeExactly (ConvertTo-Text ($Reply.Count -eq 4 ? $Reply + $refusal : $Reply))
    }
}

Describe 'curl through the SOCKS server' -Skip:(-not (Get-Command curl -CommandType Application -ErrorAction Ignore)) {
    It 'gets a page whose host the server looks up' {
        $shell = Get-ExampleServer $server
        $big = 'x' * 3000000
        $web = Start-HttpServer 0 -Get { $using:big }
        $got = curl -sS --max-time 30 --socks5-hostname "localhost:$($shell.Port)" "http://localhost:$($web.Port)/"
        $got.Trim().Length | Should -Be 3000000
        Stop-HttpServer $web
    }
}
