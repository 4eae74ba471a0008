<#
.SYNOPSIS
    A server for telnet, which negotiates: it hides the password that is typed, and knows the size of the window. Ctrl+C ends it.
.DESCRIPTION
    Lines that telnet clients send need none of this: Start-LineServer leaves the commands of telnet out of them. This one reads
    the commands as well, and refuses all options (RFC 854) but ECHO (RFC 857) and NAWS (RFC 1073).
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./telnet.ps1
    telnet localhost 2323
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 2323)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# Text, or a command, which begins with the byte FF: of an option (WILL, WONT, DO, DONT), of its value, or any other.
$pattern = '(?s)^(?:(?<Text>(?:[^\xFF]|\xFF\xFF)+)|\xFF(?<Verb>[\xFB-\xFE])(?<Option>.)' +
    '|\xFF\xFA(?<Value>(?:[^\xFF]|\xFF\xFF)*)\xFF\xF0|\xFF[\xF0-\xF9])'
$will, $wont, $do, $dont, $echo, $windowSize = 251, 252, 253, 254, 1, 31

function Send-Command ($Connection, [byte[]] $Code) { $Connection.Write([byte[]] (@(255) + $Code)) }

function Invoke-Line ($Connection, [string] $Line) {
    $state = $Connection.State
    switch (++$state.Lines) {
        1 { $state.Name = $Line; Send-Command $Connection $will, $echo; 'Password: ' }
        2 { Send-Command $Connection $wont, $echo; "`r`nHello $($state.Name).`r`n> " }
        default {
            if ($Line -eq 'size') { "$($state.Size ?? 'unknown')`r`n> " }
            elseif ($Line -eq 'bye') { "Bye.`r`n"; $Connection.Close() }
            else { "Commands: size, bye`r`n> " }
        }
    }
}

Start-TcpServer $Port -Encoding latin1 -Wait -OnConnect { Send-Command $Connection $do, $windowSize; 'Name: ' } -OnData {
    $state = $Connection.State
    $state.Unread += $Connection.Decode($_)
    while ($Connection.Status -eq 'Open' -and $state.Unread -match $pattern) {
        $state.Unread = $state.Unread.Substring($Matches[0].Length)
        $state.Text += $Matches.Text -replace '\xFF\xFF', "`u{FF}"
        $verb, $option = "$($Matches.Verb)$($Matches.Option)".ToCharArray()
        if ($verb -eq $will -and $option -ne $windowSize) { Send-Command $Connection $dont, $option }
        if ($verb -eq $do -and $option -ne $echo) { Send-Command $Connection $wont, $option }
        $name, $size = [int[]] ($Matches.Value -replace '\xFF\xFF', "`u{FF}").ToCharArray()
        if ($name -eq $windowSize -and $size.Count -eq 4) {
            $state.Size = "$(256 * $size[0] + $size[1]) x $(256 * $size[2] + $size[3])"
        }
        while ($Connection.Status -eq 'Open' -and $state.Text -match '(?s)^([^\r\n]*)(?:\r[\n\0]|\n)(.*)$') {
            $state.Text = $Matches[2]
            Invoke-Line $Connection $Matches[1]
        }
    }
    if ($state.Unread.Length + $state.Text.Length -gt 1000) { "Line too long.`r`n"; $Connection.Close() }
}
