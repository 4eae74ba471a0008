BeforeAll {
    Import-Module $PSScriptRoot/../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1 -Force

    function Get-Completion {
        param([string] $Line)
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }
}

Describe 'A line client' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name echo
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'connects, sends, receives and disconnects' {
        $c = Connect-LineClient localhost $s.Port
        $c.Status | Should -Be Connected
        Send-Line $c 'hello'
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        Disconnect-LineClient $c
        $c.Status | Should -Be Disconnected
        $c.Connection.CloseReason | Should -Be Done
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'connects to <Address>' -ForEach @(
        @{ Address = '127.0.0.1' }
        @{ Address = 'localhost' }
    ) {
        $c = Connect-LineClient $Address $s.Port
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
    }

    It 'connects again, with what it has received and its number' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'kept'
        Wait-Until { $c.WaitingLines -eq 1 }
        Disconnect-LineClient $c
        $again = $c | Connect-LineClient
        $again | Should -Be $c
        $c.Status | Should -Be Connected
        Send-Line $c 'new'
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('kept', 'new')
    }

    It 'leaves one connection when it connects again while connected' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $null = $c | Connect-LineClient
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
        Wait-Until { $s.TotalConnections -eq 2 -and $s.ConnectionCount -eq 1 }
    }

    It 'keeps lines that came before the peer closed' {
        $bye = Start-LineServer 0 { $_; 'Bye'; $Connection.Close() }
        $c = Connect-LineClient 127.0.0.1 $bye.Port
        Send-Line $c 'last'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        Receive-Line $c -Count 2 | Should -BeExactly @('last', 'Bye')
    }

    It 'is listed while it is connected' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine
        $other = Connect-LineClient 127.0.0.1 $s.Port
        (Get-LineClient).Id | Should -Be @($c.Id, $other.Id)
        (Get-LineClient mine).Id | Should -Be $c.Id
        (Get-LineClient m*).Id | Should -Be $c.Id
        (Get-LineClient -Id $other.Id).Name | Should -BeExactly "LineClient$($other.Id)"
        Disconnect-LineClient $c
        (Get-LineClient).Id | Should -Be $other.Id
    }

    It 'is found <Name>' -ForEach @(
        @{ Name = 'by name'; Call = { Send-Line mine 'a'; Receive-Line mine -Timeout 30; Disconnect-LineClient mine } }
        @{ Name = 'by id'; Call = { $id = (Get-LineClient).Id; Send-Line $id 'a'; Receive-Line $id -Timeout 30; Disconnect-LineClient $id } }
        @{ Name = 'in the pipeline'; Call = { Send-Line (Get-LineClient) 'a'; Get-LineClient | Receive-Line -Timeout 30; Get-LineClient | Disconnect-LineClient } }
    ) {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine
        & $Call | Should -BeExactly a
        $c.Status | Should -Be Disconnected
    }

    It 'disconnects many at once' {
        $clients = 1..5 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        Disconnect-LineClient $clients
        $clients.Status | Select-Object -Unique | Should -Be Disconnected
        Disconnect-LineClient $clients
    }

    It 'takes the delimiter and the encoding of its own' {
        $own = Start-LineServer 0 { $_; $_.Length } -Delimiter '||' -Encoding latin1
        $c = Connect-LineClient 127.0.0.1 $own.Port -Delimiter '||' -Encoding latin1
        Send-Line $c "caf$([char]0xe9)" -Receive -Count 2 -Timeout 30 | Should -BeExactly @("caf$([char]0xe9)", '4')
    }

    It 'waits for its end with Wait-LineClient' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $failure = Get-Failure { Wait-LineClient $c -Timeout 200ms }
        $failure.Id | Should -Be WaitTimeout
        $failure.IsTerminating | Should -BeFalse
        $s.Connections[0].Close()
        Wait-LineClient $c -Timeout 30 | Should -Be $c
    }

    It 'raises events that Register-ObjectEvent takes' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $null = Register-ObjectEvent $s LineReceived -SourceIdentifier onServer
        $null = Register-ObjectEvent $c LineReceived -SourceIdentifier onClient
        $null = Register-ObjectEvent $s Disconnected -SourceIdentifier onEnd
        try {
            Send-Line $c 'seen'
            $event = Wait-Event onServer -Timeout 30
            $event.SourceEventArgs.Line | Should -BeExactly seen
            $event.SourceEventArgs.Connection.Owner | Should -Be $s
            (Wait-Event onClient -Timeout 30).SourceEventArgs.Line | Should -BeExactly seen
            Disconnect-LineClient $c
            (Wait-Event onEnd -Timeout 30).SourceEventArgs.Connection.CloseReason | Should -Be Done
        }
        finally {
            Unregister-Event onServer
            Unregister-Event onClient
            Unregister-Event onEnd
            Get-Event | Remove-Event
        }
    }

    It 'gives up connecting with <Name>' -ForEach @(
        @{ Name = 'Disconnect-LineClient'; End = { param($c) Disconnect-LineClient $c } }
        @{ Name = 'Dispose'; End = { param($c) $c.Dispose() } }
    ) {
        $deaf = New-DeafListener
        $maker = Start-LineServer 0 { $null = Connect-LineClient 127.0.0.1 ($using:deaf).Port -Name $using:Name; 'begun' }
        $peer = Connect-Peer $maker.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "begun`r`n"
        Wait-Until { Get-LineClient "$Name*" }
        $c = Get-LineClient $Name
        $c.Status | Should -Be Connecting
        & $End $c
        Wait-Until { $c.Status -eq 'Disconnected' } -Timeout 10
        Get-LineClient $Name* | Should -BeNullOrEmpty
    }

    It 'disconnects with Dispose' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $c.Dispose()
        Wait-LineClient $c -Timeout 30 | Should -Be $c
    }
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
            $failure = Get-Failure { 1..3000 | ForEach-Object { 'x' * 10000 } | Send-Line $stuck -Timeout 500ms | Select-Object -First 1 }
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

Describe 'A line client with handlers' {
    BeforeEach {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { if ($_ -eq 'bye') { $Connection.Close() } else { "<$_>" } }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'has OnConnecting, OnConnect, every line, and OnDisconnect called in order' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine { ($using:seen).Enqueue("line $_ $($Client.Name)") } `
            -OnConnecting { ($using:seen).Enqueue("connecting $($_.Port -eq $Client.Port)") } -OnConnect { ($using:seen).Enqueue("connect $($Connection -eq $_)") } `
            -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Send-Line $c 'a', 'b', 'bye'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('connecting True', 'connect True', 'line <a> mine', 'line <b> mine', 'disconnect Done')
    }

    It 'sends what they output' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { ($using:seen).Enqueue($_); if ($_.Length -lt 10) { $_ } else { 'bye' } } -OnConnect { 'a' }
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('<a>', '<<a>>', '<<<a>>>', '<<<<a>>>>', '<<<<<a>>>>>')
    }

    It 'has OnConnectFailed called with the error' {
        $port = Get-UnusedPort
        $failure = Get-Failure {
            Connect-LineClient 127.0.0.1 $port { $_ } -OnConnecting { ($using:seen).Enqueue('connecting') } -OnConnectFailed { ($using:seen).Enqueue("failed $($_.GetType().Name)") } `
                -OnConnect { ($using:seen).Enqueue('connect') } -OnDisconnect { ($using:seen).Enqueue('disconnect') }
        }
        $failure.Id | Should -Be ConnectionRefused
        $seen | Should -BeExactly @('connecting', 'failed ErrorRecord')
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'keeps the error of a handler and closes the connection' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { throw "no $_" } -OnDisconnect { ($using:seen).Enqueue($_) }
        Send-Line $c 'a'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly HandlerError
        $c.Errors[0].Message | Should -BeExactly 'no <a>'
    }

    It 'shares $script: among its handlers and has a state' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { $script:count++; ($using:seen).Enqueue("$script:count $($Client.State.Word)") } -OnConnect { $script:count = 10; $Client.State.Word = 'w' }
        Send-Line $c 'a', 'b', 'bye'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('11 w', '12 w')
    }

    It 'may be made in a handler, on the same reactor' {
        $target = $s
        $relay = Start-LineServer 0 {
            $peer = $Connection
            $script:peers = @{}
            $up = Connect-LineClient 127.0.0.1 ($using:target).Port { $Client.State.Peer.Send($_) } -OnConnect { $Client.State.First }
            $up.State.Peer = $peer
            $up.State.First = $_
        }
        $c = Connect-LineClient 127.0.0.1 $relay.Port
        $null = $target
        Send-Line $c 'through' -Receive -Timeout 30 | Should -BeExactly '<through>'
        $relay.Errors | Should -BeNullOrEmpty
    }
}

Describe 'Disconnect-LineClient' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'does nothing with -WhatIf' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Disconnect-LineClient $c -WhatIf
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
    }

    It 'takes a completed name that has wildcards in it as it is' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name 'odd[1]'
        $completion = (TabExpansion2 'Disconnect-LineClient odd').CompletionMatches[0].CompletionText
        Invoke-Expression "Disconnect-LineClient $completion"
        $c.Status | Should -Be Disconnected
    }
}

Describe 'Get-ReactorConnection and Disconnect-ReactorConnection' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -OnConnect { 'welcome' } -Name guests
        $clients = 1..3 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        $null = $clients | Receive-Line -Timeout 30
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'lists connections of all servers, of one, and by id' {
        $other = Start-LineServer 0 { $_ }
        $null = Connect-LineClient 127.0.0.1 $other.Port
        Wait-Until { $other.ConnectionCount -eq 1 }
        Get-ReactorConnection | Should -HaveCount 4
        Get-ReactorConnection -Server guests | Should -HaveCount 3
        $s | Get-ReactorConnection | Should -HaveCount 3
        Get-ReactorConnection -Address 127.* | Should -HaveCount 4
        Get-ReactorConnection -Address 10.* | Should -BeNullOrEmpty
        $id = $s.Connections[1].Id
        (Get-ReactorConnection $id).Number | Should -Be 1
    }

    It 'shows what a connection has done' {
        Send-Line $clients[0] 'abc' -Receive -Timeout 30 | Should -BeExactly abc
        $connection = $s.Connections[0]
        $connection.LinesIn, $connection.LinesOut, $connection.BytesIn | Should -Be @(1, 2, 5)
        $connection.Address | Should -BeExactly 127.0.0.1
        $connection.Status | Should -Be Open
        $connection.Owner | Should -Be $s
    }

    It 'throws out <Name>' -ForEach @(
        @{ Name = 'one by id'; Call = { Disconnect-ReactorConnection $s.Connections[1].Id }; Left = 2 }
        @{ Name = 'one object'; Call = { Disconnect-ReactorConnection $s.Connections[1] }; Left = 2 }
        @{ Name = 'all from the pipeline'; Call = { Get-ReactorConnection | Disconnect-ReactorConnection }; Left = 0 }
        @{ Name = 'some of the pipeline'; Call = { Get-ReactorConnection | Where-Object Number -GE 1 | Disconnect-ReactorConnection }; Left = 1 }
        @{ Name = 'nobody with -WhatIf'; Call = { Get-ReactorConnection | Disconnect-ReactorConnection -WhatIf }; Left = 3 }
    ) {
        & $Call
        Wait-Until { $s.ConnectionCount -eq $Left }
        Wait-Until { (Get-LineClient | Measure-Object).Count -eq $Left }
        if ($Left -lt 3) {
            $clients[1].Connection.CloseReason | Should -Be Done
        }
    }

    It 'drops a connection with -Force' {
        Disconnect-ReactorConnection $s.Connections[0] -Force
        Wait-LineClient $clients[0] -Timeout 30 | Should -Be $clients[0]
        $clients[0].Connection.CloseReason | Should -Be Lost
        $s.ConnectionCount | Should -Be 2
    }
}

Describe 'Completion' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name 'main server'
        $null = Start-LineServer 0 { $_ } -Name maintenance
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name caller
        Wait-Until { $s.ConnectionCount -eq 1 }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'offers servers to <Command>' -ForEach @(
        @{ Command = 'Stop-LineServer ma' }
        @{ Command = 'Get-LineServer ma' }
        @{ Command = 'Wait-LineServer ma' }
        @{ Command = 'Set-LineServer ma' }
        @{ Command = 'Send-Line -Server ma' }
        @{ Command = 'Get-ReactorConnection -Server ma' }
        @{ Command = 'New-LineTestConnection -Server ma' }
        @{ Command = 'Invoke-Reactor { } -Server ma' }
    ) {
        Get-Completion $Command | Should -Be @("'main server'", 'maintenance')
    }

    It 'offers clients to <Command>' -ForEach @(
        @{ Command = 'Get-LineClient ca' }
        @{ Command = 'Disconnect-LineClient ca' }
        @{ Command = 'Receive-Line ca' }
        @{ Command = 'Send-Line ca' }
        @{ Command = 'Wait-LineClient ca' }
    ) {
        Get-Completion $Command | Should -Be caller
    }

    It 'offers connections and reactors' {
        Get-Completion 'Disconnect-ReactorConnection ' | Should -Be "$($s.Connections[0].Id)"
        Get-Completion 'Get-ReactorConnection ' | Should -Be "$($s.Connections[0].Id)"
        Get-Completion 'Stop-Reactor ' | Should -Contain "$($s.Reactor.Id)"
    }

    It 'offers delimiters, encodings and addresses' {
        Get-Completion 'Start-LineServer 0 { } -Delimiter ' | Should -Be @('Auto', 'LF', 'CRLF', 'CR', 'NUL')
        Get-Completion 'Start-LineServer 0 { } -Encoding u' | Should -Be @('utf8', 'unicode', 'utf32')
        Get-Completion 'Start-LineServer 0 { } -Address ' | Should -Contain '0.0.0.0'
    }

    It 'offers nothing that has stopped' {
        Stop-LineServer maintenance
        Get-Completion 'Stop-LineServer maint' | Should -BeNullOrEmpty
    }
}

Describe 'The default views' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name viewed
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name viewer
        $null = Send-Line $c 'a' -Receive -Timeout 30
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is a table of <Name> with its columns' -ForEach @(
        @{ Name = 'a server'; Get = { $s }; Pattern = 'Id\s+Name\s+Status\s+EndPoint\s+Peers\s+LinesIn\s+LinesOut\s+BytesIn\s+BytesOut\s+Errors\s+Uptime'; Row = '\bviewed\s+Running\s+127\.0\.0\.1:\d+\s+1\s+1\s+1\s+\d+\s+\d+\s+0\s+\d' }
        @{ Name = 'a client'; Get = { $c }; Pattern = 'Id\s+Name\s+Status\s+Host\s+Port\s+Waiting\s+LinesIn\s+LinesOut\s+BytesIn\s+BytesOut\s+Errors\s+Uptime'; Row = '\bviewer\s+Connected\s+127\.0\.0\.1\s+\d+\s+0\s+1\s+1\s' }
        @{ Name = 'a connection'; Get = { $s.Connections }; Pattern = 'Id\s+Owner\s+Status\s+RemoteEndPoint\s+LinesIn\s+LinesOut\s+BytesIn\s+BytesOut\s+Unsent\s+CloseReason'; Row = '\bviewed\s+Open\s+127\.0\.0\.1:\d+\s+1\s+1\s' }
        @{ Name = 'a reactor'; Get = { $s.Reactor }; Pattern = 'Id\s+IsRunning\s+Services'; Row = 'True\s+viewed, viewer' }
        @{ Name = 'a log'; Get = { $s.Log }; Pattern = 'Time\s+Level\s+Source\s+Message'; Row = 'Information\s+viewed,0,127\.0\.0\.1\s+Client connection from 127\.0\.0\.1' }
    ) {
        $text = & $Get | Out-String -Width 160
        $text | Should -Match $Pattern
        $text | Should -Match $Row
    }

    It 'shows the name of <Name> in a window of 80 columns' -ForEach @(
        @{ Name = 'a server'; Get = { $s }; Expected = 'viewed' }
        @{ Name = 'a client'; Get = { $c }; Expected = 'viewer' }
        @{ Name = 'a connection'; Get = { $s.Connections }; Expected = 'viewed' }
    ) {
        & $Get | Out-String -Width 80 | Should -Match "\b$Expected\b"
    }

    It 'is a table of the errors of handlers' {
        $bad = Start-LineServer 0 { throw 'visible' }
        Invoke-Peer $bad.Port "a`n" | Should -BeExactly ''
        $text = $bad.Errors | Out-String -Width 160
        $text | Should -Match 'Time\s+Handler\s+Connection\s+Message'
        $text | Should -Match '\d\d:\d\d:\d\d\.\d{3}\s+OnLine\s+LineServer\d+,0,127\.0\.0\.1:\d+\s+visible'
    }
}
