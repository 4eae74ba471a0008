<#
.SYNOPSIS
    An IRC server with channels, private messages and nicks. Ctrl+C ends it.
.DESCRIPTION
    It knows NICK, USER, PING, JOIN, PART, PRIVMSG, NOTICE and QUIT, and answers mistakes with the numbers of RFC 2812.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./irc.ps1
    irssi --connect localhost --nick me
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 6667)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

function Send-Channel ($Text) { $Connection.State.Channels | ForEach-Object { Send-Line $Server.Groups[$_.ToLower()] $Text -Except $Connection } }

Start-LineServer $Port -MaxLineLength 510 -Wait -OnConnect { $Connection.State.Channels = @() } -OnLine {
    # What comes after a colon is one word, with its blanks. A nick is a group of one.
    $words, $last = $_ -replace '^:\S+ +' -split ' +:', 2
    $command, $target, $text = @(-split $words) + @($last | Where-Object { $null -ne $_ })
    if (-not $command) { return }
    $state, $group, $isMessage = $Connection.State, ($target ? $Server.Groups[$target.ToLower()] : $null), ($command -in 'PRIVMSG', 'NOTICE')
    $me = "$($state.Nick)!$($state.User)"
    $mistake = if ($command -notin 'PING', 'QUIT', 'USER', 'NICK', 'JOIN', 'PART', 'PRIVMSG', 'NOTICE') { "421 $command :Unknown command" }
    elseif (-not $target -and $command -ne 'QUIT') { "461 $command :Not enough parameters" }
    elseif (-not $state.IsKnown -and ($isMessage -or $command -in 'JOIN', 'PART')) { '451 :You have not registered' }
    elseif ($command -eq 'NICK' -and $target -notmatch '^[a-z_][\w-]{0,29}\z') { "432 $target :Erroneous nickname" }
    elseif ($command -eq 'NICK' -and $group.Count -and $target -ne $state.Nick) { "433 $target :Nickname is already in use" }
    elseif ($command -eq 'JOIN' -and $target -notmatch '^#[\w-]{1,49}\z') { "403 $target :No such channel" }
    elseif ($command -eq 'PART' -and $target -notin $state.Channels) { "442 $target :You're not on that channel" }
    elseif ($isMessage -and -not $group.Count) { "401 $target :No such nick/channel" }
    elseif ($isMessage -and -not $text) { '412 :No text to send' }
    if ($mistake) { return ":irc $($mistake -replace '^\d+', "`$0 $($state.Nick ?? '*')")" }
    switch ($command) {
        'PING' { ":irc PONG irc :$target" }
        'QUIT' { 'ERROR :Bye'; $Connection.Close() }
        'USER' { $state.User ??= "$target@$($Connection.RemoteAddress.Host)" }
        'NICK' {
            if ($state.IsKnown) { ":$me NICK :$target"; Send-Channel ":$me NICK :$target" }
            if ($state.Nick) { $null = $Server.Groups[$state.Nick.ToLower()].Remove($Connection) }
            $null, $state.Nick = $Server.Groups[$target.ToLower()].Add($Connection), $target
        }
        'JOIN' {
            if ($group.Add($Connection)) { $state.Channels += $target; Send-Line $group ":$me JOIN $target" }
            ":irc 353 $($state.Nick) = $target :$($group | ForEach-Object { $_.State.Nick })", ":irc 366 $($state.Nick) $target :End of /NAMES list"
        }
        'PART' { Send-Line $group ":$me PART $target"; $state.Channels = @($state.Channels -ne $target); $null = $group.Remove($Connection) }
        default { $group | Where-Object { $_ -ne $Connection -or $target[0] -ne '#' } | ForEach-Object { $_.Send(":$me $command $target :$text") } }
    }
    if (-not $state.IsKnown -and $state.Nick -and $state.User) { $state.IsKnown = $true; ":irc 001 $($state.Nick) :Welcome" }
} -OnDisconnect { Send-Channel ":$($Connection.State.Nick)!$($Connection.State.User) QUIT :$_" }
