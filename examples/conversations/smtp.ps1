<#
.SYNOPSIS
    A session of SMTP from top to bottom: mails are kept in files, and none is passed on. Ctrl+C ends it.
.DESCRIPTION
    The order of the commands is that of the script. examples/protocols/smtp.ps1 is a server with handlers, which has to keep what has been said
    in $Connection.State; it serves thousands at once, and knows STARTTLS.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.PARAMETER Path
    The folder of the mails; made if it is not there.
.EXAMPLE
    ./smtp.ps1
    curl smtp://localhost:2525 --mail-from me@example.org --mail-rcpt you@example.org --upload-file mail.txt
#>
[CmdletBinding()]
param(
    [ValidateRange(0, 65535)] [int] $Port = 2525,
    [string] $Path = './mail'
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$folder = (New-Item $Path -ItemType Directory -Force).FullName

# In Latin-1 each byte is a character, so a mail in any encoding stays as it is.
$lines = @{ Delimiter = 'CRLF'; Encoding = 'latin1'; MaxLineLength = 998; IdleTimeout = '5m' }
Start-LineServer $Port @lines -Name Smtp -Wait -QueuedMessage '220-Please wait' -InitializationScript {
    # The next command that is one of those expected; what may come at any time is answered here.
    function Receive-Command ([string] $Expected) {
        while ($true) {
            $line = Receive-Line
            switch -Regex ($line) {
                "^(?:$Expected)" { return $line }
                '^NOOP( |$)' { Send-Line '250 OK'; break }
                '^RSET$' { Send-Line '250 OK'; return 'RSET' }
                '^QUIT$' { Send-Line '221 Bye'; exit }
                '^(HELO|EHLO|MAIL|RCPT|DATA)( |$)' { Send-Line '503 Not now'; break }
                default { Send-Line '500 Unknown command' }
            }
        }
    }
} -Conversation {
    '220 localhost ESMTP'
    do { $hello = Receive-Command '(HELO|EHLO) \S' } while ($hello -eq 'RSET')
    if ($hello -match '^EHLO') { '250-localhost'; '250 8BITMIME' } else { '250 localhost' }

    while ($true) {
        $line = Receive-Command 'MAIL FROM: ?<[^<>]*>'
        if ($line -eq 'RSET') { continue }
        $from = $line -replace '^[^<]*<([^>]*)>.*', '$1'
        '250 OK'

        $to = @()
        while (($line = Receive-Command ($to ? 'RCPT TO: ?<[^<>]+>|DATA$' : 'RCPT TO: ?<[^<>]+>')) -match '^RCPT') {
            $to += $line -replace '^[^<]*<([^>]*)>.*', '$1'
            '250 OK'
        }
        if ($line -eq 'RSET') { continue }

        '354 Go ahead'
        $text = [Text.StringBuilder]::new("Return-Path: <$from>`r`nDelivered-To: $($to -join ', ')`r`n")
        while (($line = Receive-Line) -cne '.') {
            # A dot at the start of a line of the mail comes doubled.
            if ($text.Length -lt 10MB) { $null = $text.Append($line -replace '^\.').Append("`r`n") }
        }
        if ($text.Length -ge 10MB) { '552 Mail too big'; continue }
        $file = "$(New-Guid).eml"
        [IO.File]::WriteAllText("$using:folder/$file", "$text", [Text.Encoding]::Latin1)
        "250 Kept as $file"
    }
}
