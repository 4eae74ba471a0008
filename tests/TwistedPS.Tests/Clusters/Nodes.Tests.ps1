BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $brokers = @(Get-BrokerKind)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force
}

Describe 'The nodes of a cluster at <Kind>' -ForEach $brokers {
    BeforeAll {
        $broker = Start-Broker $Kind
        $null = Join-ReactorCluster $broker.Url -Name nodes
        $node = Start-Node $broker.Url nodes @'
$sums = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
$null = Register-ReactorTopic sum { ($_ | Measure-Object -Sum).Sum }
$null = Register-ReactorTopic bad { throw "no $_" } -WarningAction Ignore
$null = Register-ReactorTopic relay { Publish-ReactorMessage back $_ }
$null = Register-ReactorTopic jobs { 'there' } -Queue workers
$s = Start-LineServer 0 -Name Chat -OnConnect { if ($Server.ConnectionCount -eq 1) { $null = $Server.Groups['go'].Add($Connection) }; 'hi' } -OnLine {
    if ($_ -eq 'go') { Send-Line $Server.Groups['go'] 'from there' } else { Send-Line -Server $Server "there: $_" -Except $Connection }
}
Start-LineServer 0 -OnConnect { 'hi' } -OnLine { } | ForEach-Object Port
$s.Port
'@
        $seen = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        function Receive-Seen ([int] $Count = 1) {
            foreach ($number in 1..$Count) {
                $item = $null
                $seen.TryTake([ref] $item, 30000) | Should -BeTrue -Because 'a message is to come'
                , $item
            }
        }
    }

    AfterEach {
        Get-ReactorTopic | Unregister-ReactorTopic
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient -DrainTime 0
    }

    AfterAll {
        Exit-ReactorCluster
        Stop-Node $node
        Stop-Broker $broker
    }

    It 'hear each other, in order' {
        $null = Register-ReactorTopic back { ($using:seen).Add($_) }
        1..1000 | Publish-ReactorMessage relay
        Receive-Seen 1000 | Should -Be (1..1000)
    }

    It 'hear <Name> as it is' -ForEach @(
        @{ Name = 'text'; Message = "ä`r`n$('x' * 100000)"; Type = 'String' }
        @{ Name = 'empty text'; Message = ''; Type = 'String' }
        @{ Name = 'bytes'; Message = [byte[]](0, 1, 255); Type = 'Byte[]' }
        @{ Name = 'a table'; Message = @{ a = 1 }; Type = 'PSCustomObject' }
    ) {
        $null = Register-ReactorTopic back { ($using:seen).Add($_) }
        Publish-ReactorMessage relay $Message
        $got = Receive-Seen
        $got.GetType().Name | Should -Be $Type
        if ($Message -is [hashtable]) { $got.a | Should -Be 1 } else { "$got" | Should -BeExactly "$Message" }
    }

    It 'answer requests' {
        Send-ReactorRequest sum (1, 2, 3) -Timeout 30 | Should -Be 6
    }

    It 'say what is wrong with a request' {
        Send-ReactorRequest bad 'x' -Timeout 30 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "The request to 'bad' has failed: no x"
        Send-ReactorRequest nobody 'x' -Timeout 1h -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'nobody'."
    }

    It 'share the work of a queue' {
        $null = Register-ReactorTopic jobs { 'here' } -Queue workers
        $replies = 1..100 | Send-ReactorRequest jobs -Timeout 30
        $replies | Should -HaveCount 100
        $replies | Select-Object -Unique | Sort-Object | Should -Be 'here', 'there'
    }

    It 'have servers of one name, whose connections all get what is sent to all, once' {
        $s = Start-LineServer 0 -Name Chat -OnConnect { 'hi' } -OnLine { Send-Line -Server $Server "here: $_" }
        $here = Connect-LineClient 127.0.0.1 $s.Port
        $there = 1..2 | ForEach-Object { Connect-LineClient 127.0.0.1 $node.Lines[1] }
        $here, $there | ForEach-Object { $_ } | Receive-Line -Timeout 30 | Should -Be 'hi', 'hi', 'hi'
        Send-Line $here 'a'
        Receive-Line $here -Timeout 30 | Should -Be 'here: a'
        $there | ForEach-Object { Receive-Line $_ -Timeout 30 } | Should -Be 'here: a', 'here: a'
        Send-Line $there[0] 'b'
        Receive-Line $here -Timeout 30 | Should -Be 'there: b'
        Receive-Line $there[1] -Timeout 30 | Should -Be 'there: b'
        Send-Line -Server $s 'end'
        $here, $there[0], $there[1] | ForEach-Object { Receive-Line $_ -Timeout 30 } | Should -Be 'end', 'end', 'end'
    }

    It 'have groups of one name' {
        $s = Start-LineServer 0 -Name Chat -OnConnect { 'hi' } -OnLine { Send-Line $Server.Groups['go'] $_ }
        $here = Connect-LineClient 127.0.0.1 $s.Port
        $stranger = Connect-LineClient 127.0.0.1 $s.Port
        $null = $here, $stranger | Receive-Line -Timeout 30
        $null = $s.Groups['go'].Add($s.Connections[0])
        $there = Connect-LineClient 127.0.0.1 $node.Lines[1]
        Receive-Line $there -Timeout 30 | Should -Be 'hi'
        Send-Line $there 'go'
        Receive-Line $here -Timeout 30 | Should -Be 'from there'
        Send-Line -Server $s 'end'
        Receive-Line $stranger -Timeout 30 | Should -Be 'end'
    }

    It 'of another cluster do not hear them' {
        $other = Start-Node $broker.Url other '$null = Register-ReactorTopic jobs { }; $null = Register-ReactorTopic > { }; $null = Register-ReactorTopic only { 1 }'
        Send-ReactorRequest only 1 -Timeout 1h -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'only'."
        Stop-Node $other
    }
}

Describe 'A process alone' {
    AfterEach {
        Stop-Everything
    }

    It 'is the only node, with its servers that have a name' {
        $s = Start-LineServer 0 -Name Chat { $_ }
        $null = Start-LineServer 0 { }
        $client = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $client 'x' -Receive -Timeout 30 | Should -Be 'x'
        $node = (Get-ReactorCluster).Nodes
        $node.Name | Should -Be (Get-ReactorCluster).Node
        "$($node.Servers)" | Should -Be 'Chat (LineServer, 1)'
        $node.ConnectionCount | Should -Be 1
        Stop-LineServer $s -DrainTime 0
        (Get-ReactorCluster).Nodes.Servers | Should -BeNullOrEmpty
    }

    It 'is shown with its servers, and what others call theirs gives a terminal nothing to obey' {
        $evil = [TwistedPS.ClusterNode]::new("n`e[2J", @([TwistedPS.ClusterServer]::new('LineServer', "Chat`e[2J", 2), [TwistedPS.ClusterServer]::new('DataServer', 'D', 1)))
        $text = $evil, (Get-ReactorCluster) | ForEach-Object { $_ | Out-String -Width 79; $_ | Format-List | Out-String -Width 79 }
        $text += $evil.Servers | Out-String -Width 79
        "$text" | Should -Not -Match "`e\[2J"
        $text[0] | Should -Match 'Chat.*\(LineServer, 2\), D '
        $text[3] | Should -Match "(?m)^Nodes +: $([regex]::Escape((Get-ReactorCluster).Node))\s*$"
        $text[2] | Should -Match '(?s)Name +Node +Broker +Status\s.*Alone'
        ($text -split '\r?\n').ForEach{ $_.Length } | Sort-Object | Select-Object -Last 1 | Should -BeLessOrEqual 79
    }
}

Describe 'A cluster at <Kind>' -ForEach $brokers {
    BeforeEach {
        $broker = Start-Broker $Kind
    }

    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'knows who is connected where' {
        $node = Start-Node $broker.Url it '$s = Start-LineServer 0 -Name Chat { $_ }; $s.Port'
        $cluster = Join-ReactorCluster $broker.Url -Name it
        Wait-Until { $cluster.Nodes.Count -eq 2 }
        $clients = 1..2 | ForEach-Object { Connect-LineClient 127.0.0.1 $node.Lines }
        Wait-Until { "$($cluster.Nodes[1].Servers)" -eq 'Chat (LineServer, 2)' }
        $cluster.Nodes[0].Name | Should -Be $cluster.Node
        $clients | Disconnect-LineClient
        Wait-Until { "$($cluster.Nodes[1].Servers)" -eq 'Chat (LineServer, 0)' }
        Stop-Node $node
        Wait-Until { $cluster.Nodes.Count -eq 1 }
        $leaver = Start-Node $broker.Url it 'Exit-ReactorCluster'
        Wait-Until { $cluster.Nodes.Count -eq 1 }
        Stop-Node $leaver
    }

    It 'goes on without a node that was killed' {
        $node = Start-Node $broker.Url it '$null = Register-ReactorTopic ask { 1 }'
        $null = Join-ReactorCluster $broker.Url -Name it
        Send-ReactorRequest ask -Timeout 30 | Should -Be 1
        Stop-Node $node
        Wait-Until { Send-ReactorRequest ask -Timeout 1 -ErrorVariable failed -ErrorAction SilentlyContinue; "$failed" -eq "Nobody replies to requests at 'ask'." }
    }

    It 'lasts when the broker is killed, and all hear each other again when it is back' {
        $node = Start-Node $broker.Url it '$null = Register-ReactorTopic ask { "asked $_" }; $s = Start-LineServer 0 -Name Chat { if ($_ -eq "status") { "$((Get-ReactorCluster).Status)" } else { Send-Line -Server $Server $_ } }; $s.Port'
        $cluster = Join-ReactorCluster $broker.Url -Name it
        $s = Start-LineServer 0 -Name Chat -OnConnect { 'hi' } -OnLine { Send-Line -Server $Server $_ }
        $here = Connect-LineClient 127.0.0.1 $s.Port
        $there = Connect-LineClient 127.0.0.1 $node.Lines
        Receive-Line $here -Timeout 30 | Should -Be 'hi'
        Send-Line $here 'before'
        $here, $there | ForEach-Object { Receive-Line $_ -Timeout 30 } | Should -Be 'before', 'before'

        Stop-Broker $broker
        Wait-Until { $cluster.Status -eq 'Reconnecting' }
        $null = Register-ReactorTopic late { "late $_" }
        Publish-ReactorMessage any 'lost' -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerUnreachable,*'
        Send-ReactorRequest ask 'lost' -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerUnreachable,*'
        Send-Line $here 'alone'
        Receive-Line $here -Timeout 30 | Should -Be 'alone'
        # A node that has not noticed yet may send what it is given now when the broker is back.
        Wait-Until { (Send-Line $there 'status' -Receive -Timeout 30) -eq 'Reconnecting' }
        Send-Line $there 'alone there'
        Receive-Line $there -Timeout 30 | Should -Be 'alone there'

        $broker = Start-Broker $Kind $broker.Port
        Wait-Until { $cluster.Status -eq 'Connected' }
        Wait-Until { (Send-ReactorRequest ask 'again' -Timeout 1 -ErrorAction SilentlyContinue) -eq 'asked again' }
        Send-ReactorRequest late 1 -Timeout 30 | Should -Be 'late 1'
        Send-Line $there 'there again'
        $here, $there | ForEach-Object { Receive-Line $_ -Timeout 30 } | Should -Be 'there again', 'there again'
        Send-Line $here 'here again'
        $here, $there | ForEach-Object { Receive-Line $_ -Timeout 30 } | Should -Be 'here again', 'here again'
        Get-LineServer none* -WarningVariable warnings -WarningAction SilentlyContinue
        Stop-Node $node
    }

    It 'is left, and joined again' {
        $node = Start-Node $broker.Url it '$null = Register-ReactorTopic ask { "asked $_" }'
        $null = Join-ReactorCluster $broker.Url -Name it
        Exit-ReactorCluster
        (Get-ReactorCluster).Status | Should -Be Alone
        Send-ReactorRequest ask -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'ask'."
        $null = Join-ReactorCluster $broker.Url -Name it
        Send-ReactorRequest ask 1 -Timeout 30 | Should -Be 'asked 1'
        Stop-Node $node
    }
}
