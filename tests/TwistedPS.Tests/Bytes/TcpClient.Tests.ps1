BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A TCP client' {
    BeforeEach {
        $s = Start-TcpServer 0 { , $_ } -Name echo
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Name mine
    }

    AfterEach { Stop-Everything }

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

    It 'is asked to disconnect together with others, whose drain times run in parallel' {
        $s = Start-TcpServer 0 { } -OnEnd {
            $Server.State.Ended++
            if ($Server.State.Ended -eq 2) { $Server.Connections.Close() }
        }
        $disconnecting = Start-Pipeline {
            param($port)
            1..2 | ForEach-Object { Connect-TcpClient 127.0.0.1 $port } | Disconnect-TcpClient -DrainTime 1h
            @(Get-TcpClient).Count
        } $s.Port
        Test-Pipeline $disconnecting | Should -BeTrue
        $disconnecting.Shell.EndInvoke($disconnecting.Running) | Should -Be 0
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

    AfterEach { Stop-Everything }

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
        @{ Name = 'to nothing'; Send = { Send-TcpData $null a }; Id = 'InvalidTarget' }
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
