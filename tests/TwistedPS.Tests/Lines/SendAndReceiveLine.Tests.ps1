BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Receive-Line' {
    BeforeEach {
        $s = Start-LineServer 0 { 1..5; 'end' }
        $c = Connect-LineClient 127.0.0.1 $s.Port
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'receives one line, or -Count' {
        Send-Line $c 'go'
        Receive-Line $c -Timeout 30 | Should -BeExactly 1
        Receive-Line $c -Count 3 -Timeout 30 | Should -BeExactly @('2', '3', '4')
        Receive-Line $c -Timeout 30 | Should -BeExactly 5
        Receive-Line $c -Timeout 30 | Should -BeOfType string
    }

    It 'outputs lines as they come' {
        Send-Line $c 'go'
        Receive-Line $c -Count 100 -Timeout 30 | Select-Object -First 2 | Should -BeExactly @('1', '2')
        Receive-Line $c -Timeout 30 | Should -BeExactly 3
    }

    It 'receives up to and with a text' {
        Send-Line $c 'go', 'again'
        Receive-Line $c -Until end -Timeout 30 | Should -BeExactly @('1', '2', '3', '4', '5', 'end')
        Receive-Line $c -Until '2' -Timeout 30 | Should -BeExactly @('1', '2')
    }

    It 'receives until a scriptblock is true of $_' {
        $limit = 3
        Send-Line $c 'go'
        Receive-Line $c -Until { $_ -eq $limit } -Timeout 30 | Should -BeExactly @('1', '2', '3')
    }

    It 'keeps what came before the time was up' {
        Send-Line $c 'go'
        $lines = Receive-Line $c -Count 10 -Timeout 500ms -ErrorVariable failure -ErrorAction SilentlyContinue
        $lines | Should -BeExactly @('1', '2', '3', '4', '5', 'end')
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ReceiveTimeout,*'
    }

    It 'takes the timeout <Timeout>' -ForEach @(
        @{ Timeout = '200ms' }
        @{ Timeout = 0.2 }
        @{ Timeout = '0.2' }
        @{ Timeout = '0.2s' }
        @{ Timeout = [timespan]::FromMilliseconds(200) }
        @{ Timeout = '00:00:00.2' }
    ) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        (Get-Failure { Receive-Line $c -Timeout $Timeout }).Id | Should -Be ReceiveTimeout
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 0.15
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'takes what is there with -Timeout 0' {
        Send-Line $c 'go'
        Wait-Until { $c.WaitingLines -eq 6 }
        Receive-Line $c -Count 6 -Timeout 0 | Should -HaveCount 6
        (Get-Failure { Receive-Line $c -Timeout 0 }).Id | Should -Be ReceiveTimeout
    }

    It 'goes on until the connection ends with -Follow' {
        $bye = Start-LineServer 0 { if ($_ -eq 'end') { $Connection.Close() } else { $_ } }
        $follower = Connect-LineClient 127.0.0.1 $bye.Port
        1..3 | Send-Line $follower
        Send-Line $follower 'end'
        $failures = @()
        $lines = Receive-Line $follower -Follow -ErrorVariable failures
        $lines | Should -BeExactly @('1', '2', '3')
        $failures | Should -BeNullOrEmpty
    }

    It 'says that the connection has ended' {
        Disconnect-LineClient $c
        $failure = Get-Failure { Receive-Line $c }
        $failure.Id | Should -Be NotConnected
        $failure.IsTerminating | Should -BeFalse
    }

    It 'receives from many' {
        $other = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'go'
        Send-Line $other 'go'
        $c, $other | Receive-Line -Count 2 -Timeout 30 | Should -BeExactly @('1', '2', '1', '2')
    }

    It 'refuses a client that handles its lines' {
        $handling = Connect-LineClient 127.0.0.1 $s.Port { }
        (Get-Failure { Receive-Line $handling }).Id | Should -Be HandlerReceives
    }

    It 'pauses a server that sends more than anyone receives, and loses nothing' {
        $flood = Start-LineServer 0 { 1..2000 | ForEach-Object { "$_".PadLeft(5000) } }
        $slow = Connect-LineClient 127.0.0.1 $flood.Port
        Send-Line $slow ('go' * 1), 'go'
        Wait-Until { $flood.Connections[0].UnsentBytes -gt 1MB }
        $slow.WaitingLines | Should -BeLessThan 2000
        $lines = Receive-Line $slow -Count 4000 -Timeout 30
        $lines.Trim() | Should -BeExactly ((1..2000) + (1..2000) | ForEach-Object { "$_" })
    }
}

Describe 'Send-Line' {
    BeforeEach {
        $s = Start-LineServer 0 { $_; if ($_ -eq 'more') { 1..3; 'end' } }
        $c = Connect-LineClient 127.0.0.1 $s.Port
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'sends what comes down the pipeline, in order' {
        1..2500 | Send-Line $c
        Receive-Line $c -Count 2500 -Timeout 30 | Should -BeExactly (1..2500 | ForEach-Object { "$_" })
    }

    It 'sends arrays, numbers, empty lines and texts of several lines' {
        Send-Line $c 'a', '', 1.5, "b`nc"
        Receive-Line $c -Count 5 -Timeout 30 | Should -BeExactly @('a', '', '1.5', 'b', 'c')
    }

    It 'sends nothing for $null' {
        $null, 'a', $null | Send-Line $c
        Receive-Line $c -Timeout 30 | Should -BeExactly a
        $s.LinesIn | Should -Be 1
    }

    It 'receives one reply for each line with -Receive' {
        'a', 'b', 'c' | Send-Line $c -Receive -Timeout 30 | Should -BeExactly @('a', 'b', 'c')
    }

    It 'receives -Count lines' {
        Send-Line $c 'more' -Receive -Count 2 -Timeout 30 | Should -BeExactly @('more', '1')
    }

    It 'receives until <Name>' -ForEach @(
        @{ Name = 'a text'; Until = 'end' }
        @{ Name = 'a scriptblock is true'; Until = { $_ -like 'e*' } }
    ) {
        Send-Line $c 'more' -Receive -Until $Until -Timeout 30 | Should -BeExactly @('more', '1', '2', '3', 'end')
    }

    It 'gives up on a reply after -Timeout' {
        $mute = Start-LineServer 0 { }
        $waiting = Connect-LineClient 127.0.0.1 $mute.Port
        $failure = Get-Failure { Send-Line $waiting 'a' -Receive -Timeout 200ms }
        $failure.Id | Should -Be ReceiveTimeout
        $failure.IsTerminating | Should -BeFalse
    }

    It 'gives up on a peer that does not read after -Timeout' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        try {
            $listener.Start()
            $stuck = Connect-LineClient 127.0.0.1 $listener.LocalEndpoint.Port
            $failure = Get-Failure { 1..3000 | ForEach-Object { 'x' * 10000 } | Send-Line $stuck -Timeout 500ms -ErrorAction Stop }
            $failure.Id | Should -Be SendTimeout
            $ending = Start-Pipeline { param($Client) Disconnect-LineClient $Client -DrainTime 0 } $stuck
            Test-Pipeline $ending -Timeout 10 | Should -BeTrue
            $stuck.Status | Should -Be Disconnected
        }
        finally {
            $listener.Stop()
        }
    }

    It 'sends to one connection of a server' {
        Wait-Until { $s.ConnectionCount -eq 1 }
        Send-Line (Get-ReactorConnection) 'from the server'
        Receive-Line $c -Timeout 30 | Should -BeExactly 'from the server'
    }

    It 'sends to all connections of a server but those of -Except' {
        $others = 1..3 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        Send-Line $c 'me' -Receive -Timeout 30 | Should -BeExactly me
        Wait-Until { $s.ConnectionCount -eq 4 }
        $mine = Get-ReactorConnection | Where-Object LinesIn -EQ 1
        Send-Line -Server $s 'news' -Except $mine
        $others | Receive-Line -Timeout 30 | Should -BeExactly @('news', 'news', 'news')
        Send-Line -Server $s 'all'
        $others + $c | Receive-Line -Timeout 30 | Should -BeExactly @('all', 'all', 'all', 'all')
    }

    It 'sends to all from a handler' {
        $chat = Start-LineServer 0 { Send-Line -Server $Server "$($Connection.Number): $_" -Except $Connection }
        $one, $two, $three = 1..3 | ForEach-Object { Connect-LineClient 127.0.0.1 $chat.Port }
        Wait-Until { $chat.ConnectionCount -eq 3 }
        Send-Line $two 'hi'
        $one, $three | Receive-Line -Timeout 30 | Should -BeExactly @('1: hi', '1: hi')
        Send-Line $one 'ho'
        Receive-Line $two -Timeout 30 | Should -BeExactly '0: ho'
    }

    It 'drops a peer that does not read from a broadcast with SlowReader, and serves the others' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $news = Start-LineServer 0 { $_ } -OnDisconnect { ($using:reasons).Enqueue($_) } -SendBufferLimit 65536
        $slow = Connect-Peer $news.Port
        Wait-Until { $news.ConnectionCount -eq 1 }
        $reader = Connect-LineClient 127.0.0.1 $news.Port
        Wait-Until { $news.ConnectionCount -eq 2 }
        $sent = 0
        while ($reasons.IsEmpty -and $sent -lt 5000) {
            Send-Line -Server $news ('x' * 10000)
            $sent++
            (Receive-Line $reader -Timeout 30).Length | Should -Be 10000
        }
        $reasons | Should -BeExactly SlowReader
        $slow.Client.Connected | Should -BeTrue
        Send-Line -Server $news 'still here'
        Receive-Line $reader -Timeout 30 | Should -BeExactly 'still here'
    }
}
