BeforeAll {
    Import-Module $PSScriptRoot/../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1 -Force

    function Get-Completion {
        param([string] $Line)
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }

    function New-Queue {
        , [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
    }

    function Stop-All {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpClient | Disconnect-TcpClient -DrainTime 0
        Get-LineClient | Disconnect-LineClient -DrainTime 0
    }
}

Describe 'A TCP server' {
    AfterEach { Stop-All }

    It 'sends back every byte, sent <Size> at a time' -Tag E1 -ForEach @(
        @{ Size = 1 }, @{ Size = 2 }, @{ Size = 3 }, @{ Size = 262 }
    ) {
        $s = Start-TcpServer 0 { $Connection.Send($_) }
        $peer = Connect-Peer $s.Port
        $text = -join (@(0..255) + 0, 255, 255, 13, 10, 10 | ForEach-Object { [char]$_ })
        for ($at = 0; $at -lt $text.Length; $at += $Size) {
            Send-Peer $peer $text.Substring($at, [Math]::Min($Size, $text.Length - $at))
        }
        Receive-Peer $peer -Length $text.Length | Should -BeExactly $text
        $s.BytesIn | Should -Be $text.Length
        Wait-Until { $s.BytesOut -eq $text.Length }
    }

    It 'sends what its handler outputs: <Handler>' -ForEach @(
        @{ Handler = { , $_ }; Reply = "x`0$([char]255)" }
        @{ Handler = { $_ }; Reply = "x`0$([char]255)" }
        @{ Handler = { param($Connection, $Data) "$($Connection.Number) $($Data.Length) $($Data.GetType().Name)" }; Reply = '0 3 Byte[]' }
        @{ Handler = { 'a'; [byte]1; , [byte[]](2, 3); [byte]4; 5; $null; 'b' }; Reply = "a$([char]1)$([char]2)$([char]3)$([char]4)5b" }
        @{ Handler = { [System.Collections.Generic.List[byte]]$_ }; Reply = "x`0$([char]255)" }
        @{ Handler = { , [System.Collections.Generic.List[byte]]$_ }; Reply = "x`0$([char]255)" }
        @{ Handler = { 'é' }; Reply = "$([char]0xc3)$([char]0xa9)" }
    ) {
        $s = Start-TcpServer 0 $Handler
        Invoke-Peer $s.Port "x`0$([char]255)" | Should -BeExactly $Reply
    }

    It 'takes the encoding of its own' {
        $s = Start-TcpServer 0 { 'é' } -Encoding latin1
        Invoke-Peer $s.Port x | Should -BeExactly "$([char]0xe9)"
    }

    It 'answers a peer that half-closes in full, then ends' -Tag E2 {
        $s = Start-TcpServer 0 { , $_ }
        Invoke-Peer $s.Port last | Should -BeExactly last
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'stays open for a peer that half-closes when it has OnEnd' {
        $seen = New-Queue
        $s = Start-TcpServer 0 { $script:length += $_.Length } -OnEnd { ($using:seen).Enqueue($Connection); "$script:length bytes" }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer 'hello' -End
        Receive-Peer $peer -Length 7 | Should -BeExactly '5 bytes'
        $connection = @($seen)[0]
        $connection.Status | Should -Be Open
        Send-TcpData $connection 'later'
        Receive-Peer $peer -Length 5 | Should -BeExactly later
        Disconnect-ReactorConnection $connection
        Receive-Peer $peer -End | Should -BeExactly ''
        Wait-Until { $s.ConnectionCount -eq 0 }
        $connection.CloseReason | Should -Be Done
    }

    It 'closes when OnEnd ends sending as well, after what it outputs' {
        $s = Start-TcpServer 0 { } -OnEnd { 'sum'; Send-TcpData $Connection 'first ' -EndSending }
        Invoke-Peer $s.Port x | Should -BeExactly 'first sum'
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'loses only the connection whose handler throws; with OnError none' {
        $s = Start-TcpServer 0 { throw 'no' }
        Invoke-Peer $s.Port a | Should -BeExactly ''
        $s.Errors[0].Handler | Should -BeExactly OnData
        $lenient = Start-TcpServer 0 { throw 'no' } -OnError { "sorry: $_" }
        Invoke-Peer $lenient.Port a | Should -BeExactly 'sorry: no'
    }

    It 'calls the handlers in order' {
        $seen = New-Queue
        $note = { param($queue, $what) $queue.Enqueue($what) }
        $s = Start-TcpServer 0 -OnStart { ($using:seen).Enqueue('start') } -OnConnect { ($using:seen).Enqueue('connect'); 'hi' } -OnData {
            ($using:seen).Enqueue("data $_")
        } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") } -OnStop { ($using:seen).Enqueue('stop') }
        Invoke-Peer $s.Port a | Should -BeExactly hi
        Wait-Until { $s.ConnectionCount -eq 0 }
        Stop-TcpServer $s
        $seen | Should -BeExactly start, connect, 'data 97', 'disconnect Done', stop
    }

    It 'needs a handler' {
        $failure = Get-Failure { Start-TcpServer 0 }
        $failure.Id | Should -BeExactly HandlerMissing
        $failure.Message | Should -Not -BeLike '*OnLine*'
    }

    It 'is refused a port that is in use, and can have it after a stop' -Tag G9 {
        $s = Start-TcpServer 0 { $_ }
        $failure = Get-Failure { Start-TcpServer $s.Port { $_ } }
        $failure.Id | Should -BeExactly AddressInUse
        $failure.Target | Should -BeExactly "127.0.0.1:$($s.Port)"
        Stop-TcpServer $s
        (Start-TcpServer $s.Port { $_ }).Port | Should -Be $s.Port
    }

    It 'refuses whoever is over <Name>' -ForEach @(
        @{ Name = 'MaxConnections' }, @{ Name = 'MaxConnectionsPerAddress' }
    ) {
        $limit = @{ $Name = 1 }
        $s = Start-TcpServer 0 { , $_ } @limit
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $refused = Connect-Peer $s.Port
        Receive-Peer $refused -End | Should -BeExactly ''
        $s.RefusedConnections | Should -Be 1
        $peer.Close()
        Wait-Until { $s.ConnectionCount -eq 0 }
        Invoke-Peer $s.Port a | Should -BeExactly a
    }

    It 'ends an idle connection' {
        $seen = New-Queue
        $s = Start-TcpServer 0 { , $_ } -IdleTimeout '100ms' -OnDisconnect { ($using:seen).Enqueue("$_") }
        $peer = Connect-Peer $s.Port
        Wait-Until { $seen.Count -eq 1 }
        $seen | Should -BeExactly TimedOut
    }

    It 'reads no more than SendBufferLimit allows from a peer that does not read' -Tag E3 {
        $s = Start-TcpServer 0 { $Connection.Send([byte[]]::new(1MB)) } -SendBufferLimit 2MB
        $peer = Connect-Peer $s.Port
        Wait-Until {
            if ($peer.Client.Poll(0, 'SelectWrite')) { Send-Peer $peer x }
            $s.Connections[0].UnsentBytes -gt 2MB
        }
        Send-Peer $peer 'not read'
        $in = Invoke-Reactor -Server $s { $Server.BytesIn }
        Invoke-Reactor -Server $s { $Server.BytesIn } | Should -Be $in
        $s.Connections[0].UnsentBytes | Should -BeLessOrEqual 3MB
    }

    It 'is found <Name>' -ForEach @(
        @{ Name = 'by name'; Find = { param($s) 'echo' } }
        @{ Name = 'by wildcard'; Find = { param($s) 'ec*' } }
        @{ Name = 'by id'; Find = { param($s) $s.Id } }
        @{ Name = 'itself'; Find = { param($s) $s } }
    ) {
        $s = Start-TcpServer 0 { $_ } -Name echo
        $other = Start-TcpServer 0 { $_ } -Name other
        if ($Name -eq 'by id') {
            (Get-TcpServer -Id $s.Id).Name | Should -BeExactly echo
        }
        elseif ($Name -ne 'itself') {
            (Get-TcpServer (& $Find $s)).Id | Should -Be $s.Id
        }
        Stop-TcpServer (& $Find $s)
        $s.Status | Should -Be Stopped
        (Get-TcpServer).Id | Should -Be $other.Id
        Get-TcpServer | Stop-TcpServer
        Get-TcpServer | Should -BeNullOrEmpty
        Test-PortFree $s.Port | Should -BeTrue
    }

    It 'is unknown to Stop-TcpServer by another name, and Get-LineServer does not list it' {
        $null = Start-TcpServer 0 { $_ } -Name echo
        { Stop-TcpServer nobody -ErrorAction Stop } | Should -Throw "*no TcpServer 'nobody'*"
        Get-LineServer | Should -BeNullOrEmpty
        Stop-TcpServer echo -WhatIf
        @(Get-TcpServer).Count | Should -Be 1
    }

    It 'serves in the foreground with -Wait, and Ctrl+C ends it' {
        $seen = New-Queue
        $pipeline = Start-Pipeline {
            param($seen)
            $prefix = 'own'
            Start-TcpServer 0 { "$prefix $($_.Length)" } -Wait -PassThru | ForEach-Object { $seen.Enqueue($_.Port) }
        } (, $seen)
        Wait-Until { $seen.Count -eq 1 }
        $port = @($seen)[0]
        Invoke-Peer $port abc | Should -BeExactly 'own 3'
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        Test-PortFree $port | Should -BeTrue
    }

    It 'is shown with its connections in tables' {
        $s = Start-TcpServer 0 { , $_ } -Name shown
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Name showing
        Send-TcpData $c abc
        $null = Receive-TcpData $c -Count 3 -Timeout 30
        Wait-Until { $s.BytesOut -eq 3 }
        $s | Format-Table | Out-String -Width 150 | Should -Match "shown +Running +127.0.0.1:$($s.Port) +1 +3 +3 +0 "
        $c | Format-Table | Out-String -Width 150 | Should -Match "showing +Connected +127.0.0.1 +$($s.Port) +3 +3 +0 "
        Get-ReactorConnection | Format-Table | Out-String -Width 150 | Should -Match "shown +Open +127.0.0.1:\d+ +3 +3 +0 None"
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'Stop-TcpServer sh'; Expected = 'shown' }
        @{ Line = 'Get-TcpServer sh'; Expected = 'shown' }
        @{ Line = 'Send-TcpData -Server sh'; Expected = 'shown' }
        @{ Line = 'Send-TcpData show'; Expected = 'showing' }
        @{ Line = 'Receive-TcpData show'; Expected = 'showing' }
        @{ Line = 'Disconnect-TcpClient show'; Expected = 'showing' }
        @{ Line = 'Connect-TcpClient -Client show'; Expected = 'showing' }
        @{ Line = 'Start-TcpServer 0 -Framing Length'; Expected = 'Length16', 'Length32', 'Length8' }
    ) {
        $s = Start-TcpServer 0 { , $_ } -Name shown
        $null = Connect-TcpClient 127.0.0.1 $s.Port -Name showing
        Get-Completion $Line | Should -BeExactly $Expected
    }
}

Describe 'A TCP client' {
    BeforeEach {
        $s = Start-TcpServer 0 { , $_ } -Name echo
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Name mine
    }

    AfterEach { Stop-All }

    It 'connects, sends, receives and disconnects' {
        $c.Status | Should -Be Connected
        Send-TcpData $c ([byte[]](0, 255, 13))
        $data = Receive-TcpData $c -Count 3 -Timeout 30
        $data.GetType() | Should -Be ([byte[]])
        $data | Should -Be 0, 255, 13
        Disconnect-TcpClient $c
        $c.Status | Should -Be Disconnected
        $c.Connection.CloseReason | Should -Be Done
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'sends <Name>' -ForEach @(
        @{ Name = 'text'; Send = { Send-TcpData $c 'é1' }; Expected = 0xc3, 0xa9, 49 }
        @{ Name = 'a byte'; Send = { Send-TcpData $c ([byte]7) }; Expected = 7 }
        @{ Name = 'a number as its text'; Send = { Send-TcpData $c 12 }; Expected = 49, 50 }
        @{ Name = 'an array of bytes'; Send = { Send-TcpData $c ([byte[]](1, 2)) }; Expected = 1, 2 }
        @{ Name = 'an array of objects that are bytes'; Send = { Send-TcpData $c @([byte]1, [byte]2) }; Expected = 1, 2 }
        @{ Name = 'a list of bytes'; Send = { Send-TcpData $c ([System.Collections.Generic.List[byte]](1, 2)) }; Expected = 1, 2 }
        @{ Name = 'what a cmdlet has put out byte by byte'; Send = { $b = [byte[]](1, 2) | Write-Output; Send-TcpData $c $b }; Expected = 1, 2 }
        @{ Name = 'each of an array'; Send = { Send-TcpData $c 'a', ([byte[]](1, 2)), 'b' }; Expected = 97, 1, 2, 98 }
        @{ Name = 'a pipeline of bytes'; Send = { [byte[]](1..5) | Send-TcpData $c }; Expected = 1..5 }
        @{ Name = 'a pipeline of texts and bytes'; Send = { 'a', [byte]1, [byte]2, 'b' | Send-TcpData $c }; Expected = 97, 1, 2, 98 }
        @{ Name = 'nothing for null and nothing'; Send = { Send-TcpData $c $null; Send-TcpData $c ''; Send-TcpData $c @(); Send-TcpData $c '.' }; Expected = 46 }
        @{ Name = 'by name'; Send = { Send-TcpData mine 'a' }; Expected = 97 }
        @{ Name = 'by id'; Send = { Send-TcpData $c.Id 'a' }; Expected = 97 }
    ) {
        & $Send
        Receive-TcpData $c -Count @($Expected).Count -Timeout 30 | ForEach-Object { $_ } | Should -Be $Expected
        $c.BytesOut | Should -Be @($Expected).Count
    }

    It 'sends a file' {
        $path = Join-Path $TestDrive data.bin
        $bytes = [byte[]]::new(200KB)
        [Random]::new(1).NextBytes($bytes)
        [IO.File]::WriteAllBytes($path, $bytes)
        Get-Content $path -AsByteStream | Send-TcpData $c
        $back = Receive-TcpData $c -Count 200KB -Timeout 30
        [Linq.Enumerable]::SequenceEqual([byte[]]$back, $bytes) | Should -BeTrue
    }

    It 'receives what has come, and keeps what a -Count leaves over' {
        Send-TcpData $c 'hello world'
        Wait-Until { $c.BytesIn -eq 11 }
        Receive-TcpData $c -Count 5 -AsString | Should -BeExactly hello
        Receive-TcpData $c -Count 1 -AsString | Should -BeExactly ' '
        Receive-TcpData $c -AsString | Should -BeExactly world
    }

    It 'is received from <Name>' -ForEach @(
        @{ Name = 'by name'; Receive = { Receive-TcpData mine -Count 1 -AsString -Timeout 30; Disconnect-TcpClient mine } }
        @{ Name = 'by id'; Receive = { Receive-TcpData $c.Id -Count 1 -AsString -Timeout 30; Disconnect-TcpClient $c.Id } }
        @{ Name = 'in the pipeline'; Receive = { Get-TcpClient | Receive-TcpData -Count 1 -AsString -Timeout 30; Get-TcpClient | Disconnect-TcpClient } }
    ) {
        Send-TcpData $c a
        & $Receive | Should -BeExactly a
        $c.Status | Should -Be Disconnected
    }

    It 'puts a character together that was cut apart' {
        Send-TcpData $c 'é€'
        1..5 | ForEach-Object { Receive-TcpData $c -Count 1 -AsString -Timeout 30 } | Should -BeExactly '', 'é', '', '', '€'
    }

    It 'receives to the end' {
        $all = Start-TcpServer 0 { } -OnConnect { , [byte[]]::new(300KB); 'end'; [byte]0xc3; $Connection.Close() }
        $one = Connect-TcpClient 127.0.0.1 $all.Port
        $text = Receive-TcpData $one -ToEnd -AsString -Timeout 60
        $text.Length | Should -Be (300KB + 4)
        $text.Substring(300KB) | Should -BeExactly "end$([char]0xfffd)"
        (Get-Failure { Receive-TcpData $one }).Id | Should -BeExactly NotConnected
    }

    It 'receives nothing to the end of a connection that was silent' {
        $silent = Start-TcpServer 0 -OnConnect { $Connection.Close() }
        $one = Connect-TcpClient 127.0.0.1 $silent.Port
        (Receive-TcpData $one -ToEnd -Timeout 30).Length | Should -Be 0
    }

    It 'keeps what came when <Name>' -ForEach @(
        @{ Name = 'the time is up'; Receive = { Receive-TcpData $c -Count 100 -Timeout '100ms' }; Id = 'ReceiveTimeout' }
        @{ Name = 'the time for all is up'; Receive = { Receive-TcpData $c -ToEnd -Timeout '100ms' }; Id = 'ReceiveTimeout' }
        @{ Name = 'the connection ends'; Receive = { $s.Connections[0].Close(); Receive-TcpData $c -Count 100 }; Id = 'NotConnected' }
    ) {
        Send-TcpData $c abcd
        Wait-Until { $c.BytesIn -eq 4 }
        $failure = Get-Failure $Receive
        $failure.Id | Should -BeExactly $Id
        $failure.IsTerminating | Should -BeFalse
        Receive-TcpData $c -Count 4 -AsString -Timeout 30 | Should -BeExactly abcd
    }

    It 'ends sending <Name>' -ForEach @(
        @{ Name = 'after its data'; Send = { Send-TcpData $c 'last' -EndSending }; Reply = 'last' }
        @{ Name = 'with nothing to send'; Send = { @() | Send-TcpData $c -EndSending }; Reply = '' }
    ) {
        & $Send
        Receive-TcpData $c -ToEnd -AsString -Timeout 30 | Should -BeExactly $Reply
        $c.Status | Should -Be Disconnected
        (Get-Failure { Send-TcpData $c more }).Id | Should -BeExactly NotConnected
    }

    It 'waits for a peer that does not read no longer than -Timeout' {
        $deaf = Start-TcpServer 0 { } -OnConnect { $Connection.Pause() }
        $one = Connect-TcpClient 127.0.0.1 $deaf.Port -SendBufferLimit 1000
        $failure = Get-Failure { Send-TcpData $one ([byte[]]::new(50MB)) -Timeout '200ms' }
        $failure.Id | Should -BeExactly SendTimeout
        $failure.Message | Should -Not -BeLike '*lines*'
    }

    It 'connects again and keeps what it has received' {
        Send-TcpData $c kept
        Wait-Until { $c.BytesIn -eq 4 }
        Disconnect-TcpClient $c
        ($c | Connect-TcpClient).Status | Should -Be Connected
        Send-TcpData $c new
        Receive-TcpData $c -Count 7 -AsString -Timeout 30 | Should -BeExactly keptnew
    }

    It 'has handlers' {
        $seen = New-Queue
        $one = Connect-TcpClient 127.0.0.1 $s.Port -OnConnecting { ($using:seen).Enqueue('connecting') } -OnConnect { 'hi' } -OnData {
            ($using:seen).Enqueue([Text.Encoding]::UTF8.GetString($_))
            $Connection.Close()
        } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Wait-Until { $seen.Count -eq 3 }
        $seen | Should -BeExactly connecting, hi, 'disconnect Done'
        (Get-Failure { Receive-TcpData $one }).Id | Should -BeExactly HandlerReceives
    }

    It 'raises events' {
        $null = Register-ObjectEvent $c DataReceived -SourceIdentifier data
        try {
            Send-TcpData $c ab
            (Wait-Event data -Timeout 30).SourceEventArgs.Data | Should -Be 97, 98
        }
        finally {
            Unregister-Event data
            Get-Event | Remove-Event
        }
    }

    It 'is refused where nobody listens' {
        (Get-Failure { Connect-TcpClient 127.0.0.1 (Get-UnusedPort) }).Id | Should -BeExactly ConnectionRefused
    }

    It 'is listed while it is connected' {
        $other = Connect-TcpClient 127.0.0.1 $s.Port
        (Get-TcpClient).Id | Should -Be $c.Id, $other.Id
        (Get-TcpClient m*).Id | Should -Be $c.Id
        (Get-TcpClient -Id $other.Id).Name | Should -BeExactly "TcpClient$($other.Id)"
        Disconnect-TcpClient $c, $other
        Get-TcpClient | Should -BeNullOrEmpty
    }

    It 'can not be received from in a handler of its own reactor' {
        $seen = New-Queue
        $waiter = Start-TcpServer 0 {
            try { Receive-TcpData $using:c }
            catch { ($using:seen).Enqueue($_.FullyQualifiedErrorId) }
        }
        Invoke-Peer $waiter.Port x | Should -BeExactly ''
        $seen | Should -BeLike 'WouldDeadlock,*'
    }

    It 'works on a foreground reactor' {
        $reactor = New-Reactor -Foreground
        $got = [System.Collections.Generic.List[byte]]::new()
        $front = Start-TcpServer 0 { $got.AddRange([byte[]]$_); 'ok' } -Reactor $reactor
        $one = Connect-TcpClient 127.0.0.1 $front.Port -Reactor $reactor
        Send-TcpData $one abc
        Receive-TcpData $one -Count 2 -AsString -Timeout 30 | Should -BeExactly ok
        $got | Should -Be 97, 98, 99
        Stop-Reactor $reactor
    }
}

Describe 'Send-TcpData to many' {
    BeforeEach {
        $s = Start-TcpServer 0 { , $_ } -Name many
        $clients = 0..2 | ForEach-Object {
            Connect-TcpClient 127.0.0.1 $s.Port
            Wait-Until { $s.ConnectionCount -eq $_ + 1 }
        }
    }

    AfterEach { Stop-All }

    It 'reaches all connections of a server <Name> but some' -ForEach @(
        @{ Name = 'itself'; Send = { param($data) Send-TcpData -Server $s $data -Except $s.Connections[1] } }
        @{ Name = 'by name'; Send = { param($data) $data | Send-TcpData -Server many -Except $s.Connections[1] } }
        @{ Name = 'by id'; Send = { param($data) Send-TcpData -Server $s.Id -Data $data -Except $s.Connections[1] } }
    ) {
        & $Send news
        Send-TcpData -Server $s '!'
        $clients[0, 2] | Receive-TcpData -Count 5 -AsString -Timeout 30 | Should -BeExactly news!, news!
        Receive-TcpData $clients[1] -AsString -Timeout 30 | Should -BeExactly '!'
    }

    It 'encodes text for each server' {
        $latin = Start-TcpServer 0 { , $_ } -Encoding latin1
        $one = Connect-TcpClient 127.0.0.1 $latin.Port
        Wait-Until { $latin.ConnectionCount -eq 1 }
        Send-TcpData -Server $s, $latin 'é'
        Receive-TcpData $clients[0] -Count 2 -Timeout 30 | ForEach-Object { $_ } | Should -Be 0xc3, 0xa9
        Receive-TcpData $one -Timeout 30 | ForEach-Object { $_ } | Should -Be 0xe9
    }

    It 'reaches the members of a group but some, and ends sending to them' {
        $group = $s.Groups['few']
        $s.Connections[0, 1] | ForEach-Object { $group.Add($_) } | Should -Be $true, $true
        Send-TcpData $group 'go' -Except $s.Connections[0]
        Receive-TcpData $clients[1] -Count 2 -AsString -Timeout 30 | Should -BeExactly go
        Send-TcpData $group 'bye' -EndSending
        $clients[0, 1] | Receive-TcpData -ToEnd -AsString -Timeout 30 | Should -BeExactly bye, bye
        $clients[2].Status | Should -Be Connected
        Wait-Until { $group.Count -eq 0 }
    }

    It 'is an error: <Name>' -ForEach @(
        @{ Name = 'to nobody'; Send = { Send-TcpData nobody a }; Id = 'TcpClientNotFound' }
        @{ Name = 'to nothing'; Send = { Send-TcpData $null a }; Id = 'ParameterArgumentValidationErrorNullNotAllowed' }
        @{ Name = 'to a line client'; Send = { $l = Start-LineServer 0 { $_ }; Send-TcpData (Connect-LineClient 127.0.0.1 $l.Port) a }; Id = 'InvalidTarget' }
        @{ Name = 'to a group of a line server'; Send = { Send-TcpData (Start-LineServer 0 { $_ }).Groups['x'] a }; Id = 'InvalidTarget' }
        @{ Name = 'to a server as a connection'; Send = { Send-TcpData $s a }; Id = 'InvalidTarget' }
        @{ Name = 'to a client that is not connected'; Send = { Disconnect-TcpClient $clients[0]; Send-TcpData $clients[0] a }; Id = 'NotConnected' }
        @{ Name = 'to a connection that has ended'; Send = { $one = $s.Connections[0]; $one.Abort(); Wait-Until { $s.ConnectionCount -eq 2 }; Send-TcpData $one a }; Id = 'NotConnected' }
        @{ Name = 'to a stopped server'; Send = { Stop-TcpServer $s -DrainTime 0; Send-TcpData -Server $s a }; Id = 'ServerStopped' }
        @{ Name = 'to a group of a stopped server'; Send = { $group = $s.Groups['x']; Stop-TcpServer $s -DrainTime 0; Send-TcpData $group a }; Id = 'ServerStopped' }
        @{ Name = 'Send-Line to a TCP client'; Send = { Send-Line $clients[0] a }; Id = 'InvalidTarget' }
    ) {
        (Get-Failure $Send).Id | Should -BeExactly $Id
    }
}

Describe 'Framing' {
    AfterEach { Stop-All }

    It 'tells messages apart: <Framing>' -ForEach @(
        @{ Framing = 'Netstring'; Sent = '3:abc,0:,2:de,'; Reply = '1:3,1:0,1:2,' }
        @{ Framing = 'Length8'; Sent = "$([char]3)abc`0$([char]2)de"; Reply = "$([char]1)3$([char]1)0$([char]1)2" }
        @{ Framing = 'Length16'; Sent = "`0$([char]3)abc`0`0`0$([char]2)de"; Reply = "`0$([char]1)3`0$([char]1)0`0$([char]1)2" }
        @{ Framing = 'Length32'; Sent = "`0`0`0$([char]3)abc`0`0`0`0`0`0`0$([char]2)de"; Reply = "`0`0`0$([char]1)3`0`0`0$([char]1)0`0`0`0$([char]1)2" }
        @{ Framing = 'Raw'; Sent = 'abc'; Reply = '3' }
    ) {
        $s = Start-TcpServer 0 { "$($_.Length)" } -Framing $Framing
        Invoke-Peer $s.Port $Sent | Should -BeExactly $Reply
    }

    It 'carries messages of a client: <Framing>' -ForEach @(
        @{ Framing = 'Netstring' }, @{ Framing = 'Length16' }, @{ Framing = 'Length32' }
    ) {
        $s = Start-TcpServer 0 { , $_ } -Framing $Framing
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing $Framing
        Send-TcpData $c 'one', 'two'
        [byte[]](1..3) | Send-TcpData $c
        Send-TcpData $c ''
        1..2 | ForEach-Object { Receive-TcpData $c -AsString -Timeout 30 } | Should -BeExactly one, two
        Receive-TcpData $c -Timeout 30 | ForEach-Object { $_ } | Should -Be 1, 2, 3
        (Receive-TcpData $c -Timeout 30).Length | Should -Be 0
    }

    It 'makes one message of all bytes of a pipeline' {
        $s = Start-TcpServer 0 { "$($_.Length)" } -Framing Netstring
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Netstring
        [byte[]]::new(90000) | Send-TcpData $c
        Receive-TcpData $c -AsString -Timeout 60 | Should -BeExactly 90000
    }

    It 'closes a connection with <Reason> when it sends <Sent>' -ForEach @(
        @{ Sent = '6:'; Reason = 'MessageTooLong'; TooLong = 1; Invalid = 0 }
        @{ Sent = 'GET /'; Reason = 'InvalidMessage'; TooLong = 0; Invalid = 1 }
    ) {
        $seen = New-Queue
        $s = Start-TcpServer 0 { , $_ } -Framing Netstring -MaxMessageLength 5 -OnDisconnect { ($using:seen).Enqueue("$_") }
        Invoke-Peer $s.Port "5:hello,$Sent" | Should -BeExactly '5:hello,'
        Wait-Until { $seen.Count -eq 1 }
        $seen | Should -BeExactly $Reason
        $s.MessagesTooLong | Should -Be $TooLong
        $s.InvalidMessages | Should -Be $Invalid
        $s.Log | Where-Object Level -EQ Warning | Should -HaveCount 1
    }

    It 'does not send what is too long for it: <Name>' -ForEach @(
        @{ Name = 'Send-TcpData'; Send = { Send-TcpData $c ([byte[]]::new(256)) } }
        @{ Name = 'to all'; Send = { Send-TcpData -Server $s ([byte[]]::new(256)) } }
    ) {
        $s = Start-TcpServer 0 { , $_ } -Framing Length8
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Length8
        $failure = Get-Failure $Send
        $failure.Id | Should -BeExactly MessageTooLong
        $failure.IsTerminating | Should -BeFalse
        Send-TcpData $c ok
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly ok
    }

    It 'is an error of the handler when its output is too long' {
        $s = Start-TcpServer 0 { , [byte[]]::new(256) } -Framing Length8 -OnError { 'sorry' }
        Invoke-Peer $s.Port "$([char]1)x" | Should -BeExactly "$([char]5)sorry"
        $s.Errors[0].Message | Should -BeLike '*255*'
    }
}
