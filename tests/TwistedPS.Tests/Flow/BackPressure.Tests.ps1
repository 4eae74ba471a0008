BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    # Reads and forgets.
    function Skip-Peer ([Net.Sockets.TcpClient] $Peer, [long] $Length) {
        $buffer = [byte[]]::new(1MB)
        while ($Length -gt 0) {
            $count = $Peer.Client.Receive($buffer, 0, [Math]::Min($buffer.Length, $Length), 'None')
            $count | Should -BeGreaterThan 0
            $Length -= $count
        }
    }
}

Describe 'OnDrain, <Kind>' -ForEach (Get-ReactorKind -Background) {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterEach { Stop-Everything }

    AfterAll { Stop-Reactor $reactor }

    It 'lets a sender of <Kind> keep to the limit' -ForEach @(
        @{ Kind = 'bytes'; Start = 'Start-TcpServer' }
        @{ Kind = 'lines'; Start = 'Start-LineServer' }
    ) {
        $most = [Collections.Concurrent.ConcurrentQueue[int]]::new()
        $s = & $Start 0 -Reactor $reactor -SendBufferLimit 100KB -InitializationScript {
            $block = [byte[]]::new(10KB)
            function Send-More ($Connection) {
                while ($Connection.State.Left -and $Connection.UnsentBytes -le 100KB) {
                    $Connection.Write($block)
                    $Connection.State.Left--
                }
                ($using:most).Enqueue($Connection.UnsentBytes)
                if (-not $Connection.State.Left) {
                    $Connection.Close()
                }
            }
        } -OnConnect { $Connection.State.Left = 1000; Send-More $Connection } -OnDrain { Send-More $Connection }
        $peer = Connect-Peer $s.Port
        Skip-Peer $peer 10000KB
        Receive-Peer $peer -End | Should -BeExactly ''
        $most.Count | Should -BeGreaterThan 1
        ($most | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 110KB
    }

    It 'is called of a client as well' {
        $seen = New-Queue
        $s = Start-TcpServer 0 { } -Reactor $reactor
        $c = Connect-TcpClient localhost $s.Port -Reactor $reactor -SendBufferLimit 1KB -OnConnect { 'x' * 100KB } -OnDrain {
            param($It)
            ($using:seen).Enqueue($It -eq $Connection -and $_ -eq $It -and $Client.Connection -eq $It)
        }
        Wait-Until { $seen.Count -eq 1 }
        $seen | Should -BeTrue
        Wait-Until { $s.BytesIn -eq 100KB }
    }

    It 'has none of a peer that does not read dropped by a connection that writes to it' {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $null = $Server.Groups["$($Connection.Number)"].Add($Connection) } -OnData {
            foreach ($other in $Server.Groups['0']) { $other.Write(('x' * 100KB)) }
        }
        $slow = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $quick = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 2 }
        $target = $s.Connections[0]
        for ($sent = 0; $target.UnsentBytes -le 1MB; $sent++) {
            Send-Peer $quick a
            Wait-Until { $s.BytesIn -eq $sent + 1 }

            # The byte is counted before its handler has written.
            Invoke-Reactor -Reactor $reactor { }
        }
        Send-Peer $quick a
        1..20 | ForEach-Object { Invoke-Reactor -Reactor $reactor { } }
        $s.BytesIn | Should -Be $sent
        $target.UnsentBytes | Should -BeLessThan 1200KB
        Skip-Peer $slow (100KB * ($sent + 1))
    }

    It 'has a process wait that writes to a peer that does not read' {
        $s = Start-LineServer 0 -Reactor $reactor {
            $null = Start-ReactorProcess yes -ArgumentList ('x' * 998) -OnOutput { $_ }
        }
        $slow = Connect-Peer $s.Port
        Send-Peer $slow "go`n"
        Wait-Until { $s.Connections.Count -and $s.Connections[0].UnsentBytes -gt 1MB }
        $process = Get-ReactorProcess
        $lines = $process.LinesOut
        Skip-Peer $slow 3000KB
        Wait-Until { $process.LinesOut -gt $lines }
        Wait-Until {
            $lines = $process.LinesOut
            1..50 | ForEach-Object { Invoke-Reactor -Reactor $reactor { } }
            $process.LinesOut -eq $lines -and $s.Connections[0].UnsentBytes -gt 1MB
        }
        $s.Connections[0].CloseReason | Should -Be None
    }

    It 'drops a peer that does not read what a timer writes: <Name>' -ForEach @(
        @{ Name = 'its output'; Handler = { $null = Start-ReactorTimer -Every 1ms { 'x' * 200KB } } }
        @{ Name = 'what it sends'; Handler = { $null = Start-ReactorTimer -Every 1ms -ArgumentList $Connection { param($t, $n, $c) $c.Send('x' * 200KB) } } }
    ) {
        $reasons = New-Queue
        $s = Start-LineServer 0 $Handler -Reactor $reactor -OnDisconnect { ($using:reasons).Enqueue("$_") }
        $slow = Connect-Peer $s.Port
        Send-Peer $slow "go`n"
        Wait-Until { $reasons.Count }
        $reasons | Should -Be SlowReader
    }
}

Describe 'OnDrain' {
    AfterEach { Stop-Everything }

    It 'can be replaced, and OnEnd stays as it is' {
        $seen = New-Queue
        $s = Start-LineServer 0 { 'x' * 100KB } -SendBufferLimit 1KB -OnEnd { ($using:seen).Enqueue('end'); $Connection.Close() }
        Set-LineServer $s -OnDrain { ($using:seen).Enqueue('drain') }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $null = Receive-Peer $peer -Length 100KB
        Wait-Until { $seen.Count -eq 1 }
        $peer.Client.Shutdown('Send')
        Wait-Until { $seen.Count -eq 2 }
        $seen | Should -Be drain, end
    }

    It 'is called in the foreground and in memory' {
        $seen = [Collections.Generic.List[object]]::new()
        $c = New-LineTestConnection { 'x' * 100KB } -SendBufferLimit 1KB -OnDrain { $seen.Add("$_" -eq "$Connection") }
        (Send-Line $c a -Receive).Length | Should -Be 100KB
        $seen | Should -Be $true
        Disconnect-LineClient $c
    }
}

Describe 'What cmdlets keep' {
    AfterEach { Stop-Everything }

    It 'of lines that are sent from a pipeline to a peer that does not read is bounded' {
        $deaf = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $deaf.Start()
        $c = Connect-LineClient 127.0.0.1 $deaf.LocalEndpoint.Port
        $script:made = 0
        { 1..200 | ForEach-Object { $script:made++; 'x' * 1MB } | Send-Line $c -Timeout 300ms -ErrorAction Stop } | Should -Throw '*did not accept*'
        $script:made | Should -BeLessThan 50
        $deaf.Stop()
    }

    It 'of a reply that is received to its end is bounded, and nothing is lost' {
        $s = Start-TcpServer 0 -OnConnect { 'x' * 100000; $Connection.Close() }
        $c = Connect-TcpClient localhost $s.Port
        $failure = Get-Failure { Receive-TcpData $c -ToEnd -MaxLength 99999 -Timeout 30 }
        $failure.Id, $failure.Target, $failure.IsTerminating | Should -Be ReplyTooLong, $c, $false
        $failure.Message | Should -BeLike '*longer than 99999 bytes. -MaxLength sets the limit.'
        (Receive-TcpData $c -ToEnd -MaxLength 100000 -Timeout 30).Length | Should -Be 100000
    }
}
