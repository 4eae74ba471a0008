# Clients of the chat, over the peers of Helpers.psm1.

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

Export-ModuleMember -Function *
