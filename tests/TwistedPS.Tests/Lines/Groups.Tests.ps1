BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Groups of connections' {
    BeforeEach {
        # join <group>, leave <group>, say <group> <text>
        $s = Start-LineServer 0 {
            $verb, $name, $text = $_ -split ' ', 3
            $group = $Server.Groups[$name]
            switch ($verb) {
                'join' { "join $($group.Add($Connection))" }
                'leave' { "leave $($group.Remove($Connection))" }
                'say' { Send-Line $group $text -Except $Connection; 'said' }
            }
        } -Name groups
        $a, $b, $c = 0..2 | ForEach-Object {
            Connect-LineClient 127.0.0.1 $s.Port
            Wait-Until { $s.ConnectionCount -eq $_ + 1 }
        }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient -DrainTime 0
    }

    It 'are joined once and left once' {
        Send-Line $a 'join #go', 'join #go', 'leave #go', 'leave #go' -Receive -Timeout 30 |
            Should -BeExactly 'join True', 'join False', 'leave True', 'leave False'
    }

    It 'carry what a handler says to the others in it, and to nobody else' {
        $a, $b | ForEach-Object { Send-Line $_ 'join #go' -Receive -Timeout 30 } | Should -BeExactly 'join True', 'join True'
        Send-Line $a 'say #go hello' -Receive -Timeout 30 | Should -BeExactly said
        Receive-Line $b -Timeout 30 | Should -BeExactly hello
        Send-Line -Server $s 'to all'
        $a, $b, $c | Receive-Line -Timeout 30 | Should -BeExactly 'to all', 'to all', 'to all'
    }

    It 'carry what is sent from the prompt' {
        $null = $s.Groups['x'].Add($s.Connections[0])
        $null = $s.Groups['x'].Add($s.Connections[2])
        'one', 'two' | Send-Line $s.Groups['x']
        Send-Line -Group $s.Groups['x'] three
        $a, $c | Receive-Line -Count 3 -Timeout 30 | Should -BeExactly one, two, three, one, two, three
        Send-Line $s.Groups['x'] 'but one' -Except $s.Connections[0]
        Receive-Line $c -Timeout 30 | Should -BeExactly 'but one'
        $b.WaitingLines + $a.WaitingLines | Should -Be 0
    }

    It 'say nothing to nobody' {
        Send-Line $s.Groups['nobody'] a
        Send-Line $a 'say nobody a' -Receive -Timeout 30 | Should -BeExactly said
    }

    It 'are listed by name with their members, while they have any' {
        $s.Groups | Should -BeNullOrEmpty
        Send-Line $b 'join #b', 'join #a' -Receive -Timeout 30
        Send-Line $a 'join #b' -Receive -Timeout 30
        $s.Groups.Name | Should -BeExactly '#a', '#b'
        $s.Groups['#b'].Count | Should -Be 2
        $s.Groups['#b'].Members.Id | Should -Be $s.Connections[0, 1].Id
        $s.Groups | Format-Table | Out-String -Width 150 | Should -Match "#b +2 groups,0,127.0.0.1:\d+ groups,1,127.0.0.1:\d+"
        Send-Line $b 'leave #a' -Receive -Timeout 30
        $s.Groups.Name | Should -BeExactly '#b'
    }

    It 'lose who goes away by himself: <Name>' -ForEach @(
        @{ Name = 'closed'; Leave = { Disconnect-LineClient $a } }
        @{ Name = 'dropped'; Leave = { $a.Connection.Abort() } }
    ) {
        $a, $b | ForEach-Object { Send-Line $_ 'join #go' -Receive -Timeout 30 }
        Send-Line $a 'join alone' -Receive -Timeout 30
        & $Leave
        Wait-Until { $s.ConnectionCount -eq 2 }
        $s.Groups.Name | Should -BeExactly '#go'
        $s.Groups['#go'].Count | Should -Be 1
        Send-Line $s.Groups['#go'] still
        Receive-Line $b -Timeout 30 | Should -BeExactly still
    }

    It 'take no connection of another server' {
        $other = Start-LineServer 0 { $_ }
        { $other.Groups['x'].Add($s.Connections[0]) } | Should -Throw '*not a connection of*'
    }

    It 'can not be sent to by <Name>' -ForEach @(
        @{ Name = 'Send-Line, of a TCP server'; Send = { Send-Line (Start-TcpServer 0 { $_ }).Groups['x'] a }; Id = 'InvalidTarget' }
        @{ Name = 'Send-Line -Receive'; Send = { Send-Line $s.Groups['x'] a -Receive }; Id = 'InvalidTarget' }
        @{ Name = 'Send-Line, of a stopped server'; Send = { $g = $s.Groups['x']; Stop-LineServer $s -DrainTime 0; Send-Line $g a }; Id = 'ServerStopped' }
        @{ Name = 'their name alone'; Send = { Send-Line '#go' a }; Id = 'LineClientNotFound' }
    ) {
        (Get-Failure $Send).Id | Should -BeExactly $Id
    }

    It 'drop a member that does not read, and the others go on' {
        $slow = Start-LineServer 0 { } -SendBufferLimit 100KB -OnConnect { $Server.Groups['all'].Add($Connection) } -OnDisconnect { $Server.State.Reason = $_ }
        $deaf = Connect-Peer $slow.Port -ReceiveBufferSize 4096
        Wait-Until { $slow.ConnectionCount -eq 1 }
        $quick = Connect-LineClient 127.0.0.1 $slow.Port
        Receive-Line $quick -Timeout 30 | Should -BeExactly True
        $text = 'x' * 10KB
        for ($i = 0; $i -lt 10000 -and -not $slow.State.Reason; $i++) {
            Send-Line $slow.Groups['all'] $text
            Receive-Line $quick -Timeout 30 | Should -BeExactly $text
        }
        $slow.State.Reason | Should -Be SlowReader
        $slow.Groups['all'].Count | Should -Be 1
        Send-Line $slow.Groups['all'] last
        Receive-Line $quick -Timeout 30 | Should -BeExactly last
    }

    It 'do not read: a connection whose handler sends to one of them by itself waits until it has gone' {
        $s = Start-LineServer 0 -SendBufferLimit 100KB -OnDisconnect { $Server.State.Reason = $_ } -OnLine {
            foreach ($other in $Server.Connections | Where-Object Id -NE $Connection.Id) {
                Send-Line $other ('x' * 10KB)
            }
            'sent'
        }
        $slow = Connect-Peer $s.Port -ReceiveBufferSize 4096
        Wait-Until { $s.ConnectionCount -eq 1 }
        $target = $s.Connections[0]
        $quick = Connect-LineClient 127.0.0.1 $s.Port
        for ($i = 0; $i -lt 10000 -and $target.UnsentBytes -le 100KB; $i++) {
            Send-Line $quick 'go' -Receive -Timeout 30 | Should -BeExactly sent
        }
        Send-Line $quick 'go'
        $target.UnsentBytes | Should -BeLessThan 120KB
        Reset-Peer $slow
        Receive-Line $quick -Timeout 30 | Should -BeExactly sent
        $s.State.Reason | Should -Be Lost
        $s.ErrorCount | Should -Be 0
    }
}
