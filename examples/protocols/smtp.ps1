<#
.SYNOPSIS
    An SMTP server that keeps each mail in a file and passes none on, for tests of what sends mail. Ctrl+C ends it.
.DESCRIPTION
    It speaks RFC 5321, with STARTTLS. A mail of more than 10 MB, or with a line of more than 998 bytes, is refused.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.PARAMETER Path
    The folder of the mails; made if it is not there.
.PARAMETER Certificate
    A certificate, or a PEM or PFX file with its key; by default one that is made at the start, and that nobody trusts.
.EXAMPLE
    ./smtp.ps1
    curl smtp://localhost:2525 --ssl-reqd --insecure --mail-from me@example.org --mail-rcpt you@example.org --upload-file mail.txt
#>
[CmdletBinding()]
param(
    [ValidateRange(0, 65535)] [int] $Port = 2525,
    [string] $Path = './mail',
    [object] $Certificate
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$folder = (New-Item $Path -ItemType Directory -Force).FullName

function Save-Mail ([hashtable] $Mail) {
    $file = "$(New-Guid).eml"
    $envelope = "Return-Path: <$($Mail.From)>`r`nDelivered-To: $($Mail.To -join ', ')`r`n"
    [IO.File]::WriteAllText("$folder/$file", "$envelope$($Mail.Text)", [Text.Encoding]::Latin1)
    "250 Kept as $file"
}

# In Latin-1 each byte is a character, so a mail in any encoding stays as it is.
$lines = @{ Delimiter = 'CRLF'; Encoding = 'latin1'; MaxLineLength = 998; Certificate = $Certificate ?? (New-ReactorCertificate) }
Start-LineServer $Port @lines -StartTls -Wait -OnConnect { '220 localhost ESMTP' } -OnLineTooLong {
    if ($Connection.State.Text) { $Connection.State.Refusal = '500 Line too long' } else { '500 Line too long' }
} -OnLine {
    $mail = $Connection.State
    if ($mail.Text -and $_ -cne '.') {
        # A dot at the start of a line of the mail comes doubled.
        $null = $mail.Text.Append(($_ -replace '^\.') + "`r`n")
        if ($mail.Text.Length -gt 10MB) { $mail.Refusal = '552 Mail too big'; $null = $mail.Text.Clear() }
        return
    }
    switch -Regex ($_) {
        '^\.$' { if ($mail.Text) { $mail.Refusal ?? (Save-Mail $mail); $mail.Clear() } else { '500 Unknown command' }; break }
        '^HELO \S' { $mail.Clear(); '250 localhost'; break }
        '^EHLO \S' { $mail.Clear(); '250-localhost'; if (-not $Connection.Tls) { '250-STARTTLS' }; '250 8BITMIME'; break }
        '^MAIL FROM: ?<([^<>]*)>' { $mail.Clear(); $mail.From = $Matches[1]; '250 OK'; break }
        '^RCPT TO: ?<([^<>]+)>' { if ($mail.Count) { $mail.To += , $Matches[1]; '250 OK' } else { '503 MAIL first' }; break }
        '^DATA$' { if ($mail.To) { $mail.Text = [Text.StringBuilder]::new(); '354 Go ahead' } else { '503 RCPT first' }; break }
        '^STARTTLS$' { if ($Connection.Tls) { '503 TLS is on' } else { $mail.Clear(); '220 Go'; $Connection.StartTls() }; break }
        '^RSET$' { $mail.Clear(); '250 OK'; break }
        '^NOOP( |$)' { '250 OK'; break }
        '^QUIT$' { '221 Bye'; $Connection.Close(); break }
        '^(HELO|EHLO|MAIL|RCPT|DATA|STARTTLS|RSET|QUIT)( |$)' { '501 Syntax error'; break }
        default { '500 Unknown command' }
    }
}
