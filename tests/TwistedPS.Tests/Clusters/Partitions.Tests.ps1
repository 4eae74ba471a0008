BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $can = $IsLinux -and [Environment]::IsPrivilegedProcess -and (Find-RealProgram ip iproute2) -and (Find-RealProgram nats-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChatPeer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1,
        $PSScriptRoot/../Support/Broker.psm1, $PSScriptRoot/../Support/Network.psm1 -Force
}

Describe 'A chat on two nodes, in a network that is parted' -Skip:(-not $can) {
    BeforeAll {
        $network = New-Network
        $broker = Start-NetworkBroker $network
        $chat = Convert-Path $PSScriptRoot/../../../examples/chat/handlers.ps1
        $node = Start-Node "nats://$($network.Prefix).6" Chat "`$h = & '$chat'; (Start-LineServer $($network.Prefix).10:0 @h).Port" $network.Node
        $null = Join-ReactorCluster "nats://$($network.Prefix).2" -Name Chat
        $handlers = & $chat
        $server = Start-LineServer 0 @handlers
        $here = 1..2 | ForEach-Object { Connect-Peer $server.Port }
        $there = 1..2 | ForEach-Object { Connect-Peer $node.Lines "$($network.Prefix).10" }
        Wait-Chat ($here + $there) '#all'
    }

    AfterAll {
        Close-Peer
        Stop-Everything
        $node, $broker | ForEach-Object {
            $_.Kill()
            $_.WaitForExit()
        }
        Remove-Network $network
    }

    It 'keeps all connections when <Who> has lost its way to the broker, and all hear each other again' -Tag X13 -ForEach @(
        @{ Who = 'this node'; Link = 'here' }
        @{ Who = 'the other node'; Link = 'there' }
    ) {
        Set-Link $network $Link down
        Wait-Alone $here[0]
        Wait-Alone $there[0]
        Wait-Chat $here '#all'
        Wait-Chat $there '#all'
        Set-Link $network $Link up
        Wait-Chat ($here + $there) '#all'
    }

    It 'knows that the broker can not be reached' {
        Set-Link $network here down
        Wait-Until { (Get-ReactorCluster).Status -eq 'Reconnecting' }
        Publish-ReactorMessage any 'lost' -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerUnreachable,*'
        Set-Link $network here up
        Wait-Until { (Get-ReactorCluster).Status -eq 'Connected' }
    }
}
