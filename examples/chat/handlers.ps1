<#
.SYNOPSIS
    The protocol of the chat, as handlers to splat to Start-LineServer or New-LineTestConnection.
#>
@{
    Name      = 'Chat'

    # A nick is a group of one, so a message reaches a person and a channel in the same way, and a nick is free when its
    # owner has gone.
    OnConnect = {
        do {
            $nick = 'guest' + ++$Server.State.Guests
        } while ($Server.Groups[$nick].Count)
        $Connection.State.Nick = $nick
        $null = $Server.Groups[$nick].Add($Connection)
    }

    OnLine    = {
        $nick = $Connection.State.Nick
        switch -Regex -CaseSensitive ($_) {
            '^/join (#\w+)( |\z)' {
                $channel = $Server.Groups[$Matches[1]]
                if ($channel.Add($Connection)) {
                    Send-Line -Server $Server "$nick has joined the channel $($channel.Name)"
                }
                else {
                    "error: you are in $($channel.Name) already!"
                }
            }
            '^/leave (#\w+)( |\z)' {
                $channel = $Server.Groups[$Matches[1]]
                if ($channel.Remove($Connection)) {
                    Send-Line -Server $Server "$nick has left the channel $($channel.Name)"
                }
                else {
                    "error: you are not in $($channel.Name)!"
                }
            }
            '^/nick (\w+)( |\z)' {
                $person = $Server.Groups[$Matches[1]]
                if ($person.Count) {
                    "error: the nick $($person.Name) is taken!"
                }
                else {
                    $null = $Server.Groups[$nick].Remove($Connection)
                    $null = $person.Add($Connection)
                    $Connection.State.Nick = $person.Name
                    Send-Line -Server $Server "$nick is changing nick to $($person.Name)"
                }
            }
            # Without control characters: a line break would let anybody write lines in another's name.
            '^/msg (#?\w+) ([\P{Cc}\t]+)\z' {
                $receivers = $Server.Groups[$Matches[1]]
                # Who is in a group on other nodes is not known here, and what is sent to it reaches them.
                if ($receivers.Count -or (Get-ReactorCluster).Nodes.Count -gt 1) {
                    Send-Line $receivers "$nick to $($receivers.Name): $($Matches[2])"
                }
                else {
                    "error: there is no $($receivers.Name) here!"
                }
            }
            default {
                'error: line did not conform to chat server requirements!'
            }
        }
    }
}
