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
    BeforeEach {
        $broker = Start-Broker
        $nodes = 1..2 | ForEach-Object { Start-ChatNode $broker.Url }
        $here = 1..2 | ForEach-Object { Connect-Peer $nodes[0].Port }
        $there = 1..2 | ForEach-Object { Connect-Peer $nodes[1].Port }
        Wait-Chat ($here + $there) '#all'
    }

    AfterEach {
        Close-Peer
        Stop-AllExample
        Stop-Broker $broker
    }

    It 'lasts while its broker <Way>, and all hear each other again when it is back' -Tag X13 -ForEach @(
        @{ Way = 'is killed'; Break = { Stop-Broker $broker }; Mend = { $broker = Start-Broker -Port $broker.Port } }
        @{ Way = 'hangs'; Break = { /bin/kill -STOP $broker.Process.Id }; Mend = { /bin/kill -CONT $broker.Process.Id } }
    ) {
        . $Break
        Wait-Alone $here[0]
        Wait-Alone $there[0]
        Wait-Chat $here '#all'
        Wait-Chat $there '#all'
        . $Mend
        Wait-Chat ($here + $there) '#all'
    }

    It 'lasts when a node is killed, and all hear each other again when there is another' -Tag X13 {
        $nodes[1].Kill()
        $nodes[1].WaitForExit()
        Wait-Alone $here[0]
        Wait-Chat $here '#all'
        $there = Connect-Peer (Start-ChatNode $broker.Url).Port
        Wait-Chat ($here + $there) '#all'
    }
}
