BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $nats = [bool](Find-RealProgram nats-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChatPeer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1,
        $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force
}

Describe 'The chat on two nodes' -Skip:(-not $nats) {
    BeforeAll {
        $broker = Start-Broker
        $nodes = 1..2 | ForEach-Object { Start-ChatNode $broker.Url }
    }

    BeforeEach {
        $alice, $bob = $nodes | ForEach-Object { Connect-Peer $_.Port }
        Set-Nick $alice 'alice'
        Set-Nick $bob 'bob'
        Wait-Chat $alice, $bob '#all'
    }

    AfterEach { Close-Peer }

    AfterAll {
        Stop-AllExample
        Stop-Broker $broker
    }

    It 'tells everyone who joins, leaves, and changes nick' -Tag X12 {
        Send-Said $alice '/join #go', '/nick anna', '/leave #go'
        Assert-Heard $alice, $bob 'alice has joined the channel #go', 'alice is changing nick to anna', 'anna has left the channel #go'
        Assert-NothingMore $alice, $bob
    }

    It 'brings a message to the members of a channel and to nobody else, wherever they are' -Tag X12 {
        $carol = Connect-Peer $nodes[1].Port
        Set-Nick $carol 'carol'
        $alice, $bob | ForEach-Object { Receive-Heard $_ | Should -BeLike '* is changing nick to carol' }
        Send-Said $bob '/join #go'
        Assert-Heard $alice, $bob, $carol 'bob has joined the channel #go'
        Send-Said $alice '/msg #go hi', '/msg #all end'
        Assert-Heard $bob 'alice to #go: hi', 'alice to #all: end'
        Assert-Heard $alice 'alice to #all: end'
        Assert-NothingMore $alice, $bob, $carol
    }

    It 'brings a message to one person and to nobody else, wherever they are' -Tag X12 {
        Send-Said $alice '/msg bob hi', '/msg nobody hi', '/msg #all end'
        Assert-Heard $bob 'alice to bob: hi', 'alice to #all: end'
        Assert-Heard $alice 'alice to #all: end'
        Assert-NothingMore $alice, $bob
    }

    It 'has nicks that are those of their node, as its page says' {
        Send-Said $bob '/nick alice'
        Assert-Heard $alice, $bob 'bob is changing nick to alice'
        Send-Said $bob '/msg alice hi'
        Assert-Heard $alice, $bob 'alice to alice: hi'
        Assert-NothingMore $alice, $bob
    }
}

Describe 'The chat with a broker' -Skip:(-not $nats) {
    BeforeEach {
        $broker = Start-Broker
    }

    AfterEach {
        Close-Peer
        Stop-AllExample
        Stop-Broker $broker
    }

    It 'says that nobody is there as long as it is the only node, and leaves the cluster at its end' {
        $node = Start-ExampleServer $PSScriptRoot/../../../examples/chat/server.ps1 @{ WebPort = 0; Broker = $broker.Url }
        $alice = Connect-Peer $node.Port
        Send-Said $alice '/msg bob hi'
        Assert-Heard $alice 'error: there is no bob here!'
        (Get-ReactorCluster).Name | Should -Be Chat
        Stop-AllExample
        (Get-ReactorCluster).Status | Should -Be Alone
    }
}
