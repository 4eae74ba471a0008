BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A TCP server' {
    AfterEach { Stop-Everything }

    It 'sends back every byte, sent <Size> at a time' -Tag E1 -ForEach @(
        @{ Size = 1 }, @{ Size = 2 }, @{ Size = 3 }, @{ Size = 262 }
    ) {
        $s = Start-TcpServer 0 { $Connection.Send($_) }
        $peer = Connect-Peer $s.Port
        $text = -join (@(0..255) + 0, 255, 255, 13, 10, 10 | ForEach-Object { [char]$_ })
        for ($at = 0; $at -lt $text.Length; $at += $Size) {
            Send-Peer $peer $text.Substring($at, [Math]::Min($Size, $text.Length - $at))
        }
        Receive-Peer $peer -Length $text.Length | Get-Hex | Should -Be (Get-Hex $text)
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
        Invoke-Peer $s.Port "x`0$([char]255)" | Get-Hex | Should -Be (Get-Hex $Reply)
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
        $s = Start-TcpServer 0 { } -OnEnd { 'first '; Send-TcpData $Connection 'sum' -EndSending }
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
        $s | Format-Table | Out-String -Width 150 | Should -Match "shown +Running +127.0.0.1:$($s.Port) +1 +0 +3 B +3 B\s"
        $c | Format-Table | Out-String -Width 150 | Should -Match "showing +Connected +127.0.0.1:$($s.Port) +0 +3 B +3 B\s"
        Get-ReactorConnection | Format-Table | Out-String -Width 150 | Should -Match "shown +Open +127.0.0.1:\d+ +3 B +3 B\s"
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'Stop-TcpServer sh'; Expected = 'shown' }
        @{ Line = 'Get-TcpServer sh'; Expected = 'shown' }
        @{ Line = 'Send-TcpData -Server sh'; Expected = 'shown' }
        @{ Line = 'Send-TcpData show'; Expected = 'showing' }
        @{ Line = 'Receive-TcpData show'; Expected = 'showing' }
        @{ Line = 'Disconnect-TcpClient show'; Expected = 'showing' }
        @{ Line = 'Connect-TcpClient -Client show'; Expected = 'showing' }
        @{ Line = 'Start-TcpServer 0 -Framing Length'; Expected = 'Length8', 'Length16', 'Length16LE', 'Length32', 'Length32LE', 'Length64', 'Length64LE' }
    ) {
        $s = Start-TcpServer 0 { , $_ } -Name shown
        $null = Connect-TcpClient 127.0.0.1 $s.Port -Name showing
        Get-Completion $Line | Should -BeExactly $Expected
    }
}

Describe 'Framing' {
    AfterEach { Stop-Everything }

    It 'tells messages apart: <Framing>' -ForEach @(
        @{ Framing = 'Netstring'; Sent = '3:abc,0:,2:de,'; Reply = '1:3,1:0,1:2,' }
        @{ Framing = 'Length8'; Sent = "$([char]3)abc`0$([char]2)de"; Reply = "$([char]1)3$([char]1)0$([char]1)2" }
        @{ Framing = 'Length16'; Sent = "`0$([char]3)abc`0`0`0$([char]2)de"; Reply = "`0$([char]1)3`0$([char]1)0`0$([char]1)2" }
        @{ Framing = 'Length32'; Sent = "`0`0`0$([char]3)abc`0`0`0`0`0`0`0$([char]2)de"; Reply = "`0`0`0$([char]1)3`0`0`0$([char]1)0`0`0`0$([char]1)2" }
        @{ Framing = 'Raw'; Sent = 'abc'; Reply = '3' }
    ) {
        $s = Start-TcpServer 0 { "$($_.Length)" } -Framing $Framing
        Invoke-Peer $s.Port $Sent | Get-Hex | Should -Be (Get-Hex $Reply)
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
        Invoke-Peer $s.Port "$([char]1)x" | Get-Hex | Should -Be (Get-Hex "$([char]5)sorry")
        $s.Errors[0].Message | Should -BeLike '*255*'
    }
}
