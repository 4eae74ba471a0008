# Clients of the chat, over the peers of Helpers.psm1, and its nodes.

$script:said = 0

function Send-Said ([Net.Sockets.TcpClient] $Peer, [string[]] $Lines, [int] $PieceSize = 65536) {
    $text = -join ($Lines | ForEach-Object { "$_`r`n" })
    for ($at = 0; $at -lt $text.Length; $at += $PieceSize) {
        Send-Peer $Peer $text.Substring($at, [Math]::Min($PieceSize, $text.Length - $at))
    }
}

function Receive-Heard ([Net.Sockets.TcpClient] $Peer) {
    (Receive-Peer $Peer -Until "`r`n") -replace '\r\n\z'
}

function Assert-Heard ([Net.Sockets.TcpClient[]] $Peers, [string[]] $Lines) {
    foreach ($peer in $Peers) {
        $Lines | ForEach-Object { Receive-Heard $peer | Should -BeExactly $_ }
    }
}

# Whoever has said all is sent all that is theirs, and then the end.
function Assert-NothingMore ([Net.Sockets.TcpClient[]] $Peers) {
    foreach ($peer in $Peers) {
        Send-Peer $peer '' -End
        Receive-Peer $peer -End | Should -BeExactly ''
    }
}

# A nick of an earlier test is free as soon as the server has seen that its owner is gone.
function Set-Nick ([Net.Sockets.TcpClient] $Peer, [string] $Nick) {
    Wait-Until {
        Send-Said $Peer "/nick $Nick"
        (Receive-Heard $Peer) -cmatch " is changing nick to $Nick\z"
    }
}

function Join-Chat ([int] $Port, [string[]] $Nicks, [string] $Channel) {
    $peers = @()
    foreach ($nick in $Nicks) {
        $peer = Connect-Peer $Port
        Set-Nick $peer $nick
        $peers | ForEach-Object { Receive-Heard $_ | Should -BeLike "* is changing nick to $nick" }
        $peers += $peer
    }
    foreach ($peer in $peers) {
        if ($Channel) {
            Send-Said $peer "/join $Channel"
            $peers | ForEach-Object { Receive-Heard $_ | Should -BeLike "* has joined the channel $Channel" }
        }
    }
    $peers
}

# The example as a process that joins a cluster.
function Start-ChatNode ([string] $Broker) {
    Start-ExampleServer $PSScriptRoot/../../../examples/chat/server.ps1 @{ WebPort = 0; Broker = $Broker } -Process
}

# A chat answers so once its node knows that it is alone.
function Wait-Alone ([Net.Sockets.TcpClient] $Peer) {
    Wait-Until {
        Send-Said $Peer '/msg nobody hi'
        Test-Heard $Peer 'error: there is no nobody here!'
    }
}

# Whether a line comes soon, after whatever comes before it.
function Test-Heard ([Net.Sockets.TcpClient] $Peer, [string] $Line) {
    while ($Peer.Client.Poll([timespan]::FromMilliseconds(200), 'SelectRead')) {
        if ((Receive-Heard $Peer) -clike "*$Line") {
            return $true
        }
    }
    $false
}

# Brings clients into a channel, and waits until each has heard all others there. What is said before nodes know each other is
# lost, so it is said again. After that there is nothing more to come.
function Wait-Chat ([Net.Sockets.TcpClient[]] $Peers, [string] $Channel) {
    $Peers | ForEach-Object { Send-Said $_ "/join $Channel" }
    foreach ($peer in $Peers) {
        Wait-Until {
            $line = "$Channel is heard $((++$script:said))"
            Send-Said $peer "/msg $Channel $line"
            -not ($Peers | Where-Object { -not (Test-Heard $_ $line) })
        }
    }
}

Export-ModuleMember -Function *
