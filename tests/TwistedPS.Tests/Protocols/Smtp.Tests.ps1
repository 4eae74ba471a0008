BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $hasPython = [bool](Find-PythonWith ssl, smtplib -Package python3)
    $hasCurl, $hasSwaks = 'curl', 'swaks' | ForEach-Object { [bool](Find-RealProgram $_) }
    $clients = @(
        @{
            Name    = "Python's smtplib"
            Missing = -not $hasPython
            Words   = { Find-PythonWith ssl -Package python3; "$PSScriptRoot/../Support/smtp_client.py"; $port }
            Secure  = { "$TestDrive/ca.pem" }
        }
        @{
            Name    = 'curl'
            Missing = -not $hasCurl
            Words   = { -split "curl -sS smtp://localhost:$port --mail-from me@example.org $($to -replace '^', '--mail-rcpt ') -T -" }
            Secure  = { '--ssl-reqd', '--cacert', "$TestDrive/ca.pem" }
        }
        @{
            Name    = 'swaks'
            Missing = -not $hasSwaks
            Words   = { -split "swaks --server localhost:$port --from me@example.org --to $($to -join ',') --data @-" }
            # It adds a line end.
            EndOf   = ''
            Secure  = { '--tls' }
        }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $null = New-ReactorCertificate -CertificateAuthority -Path $TestDrive/ca.pem | New-ReactorCertificate -Path $TestDrive/both.pem
    $to = 'you@example.org', 'her@example.org'
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/smtp.ps1" @{ Path = "$TestDrive/mail"; Certificate = "$TestDrive/both.pem" }).Port

    function Get-Mail {
        $file = Get-ChildItem $TestDrive/mail
        [IO.File]::ReadAllText($file, [Text.Encoding]::Latin1)
        Remove-Item $file
    }

    # What is answered to each line, the lines of an answer joined.
    function Send-Commands ([string[]] $Lines) {
        $answers = (Invoke-Peer $port (-join ($Lines | ForEach-Object { "$_`r`n" }))) -split '\r\n'
        $answers[1..($answers.Count - 2)]
    }
}

AfterAll { Stop-AllExample }

Describe 'The SMTP server' {
    AfterEach { Close-Peer }

    foreach ($client in $clients) {
        It 'keeps what <Name> sends, in plain text and encrypted, byte for byte' -Skip:$client.Missing -ForEach $client {
            $mail = "Subject: tea`r`n`r`n.`r`n..dots`r`n café`r`n`r`nlast"
            $bytes = [Text.Encoding]::Latin1.GetString([Text.Encoding]::UTF8.GetBytes("$mail`r`n"))
            foreach ($isSecure in $false, $true) {
                $program, $arguments = @(& $Words; if ($isSecure) { & $Secure })
                $null = Invoke-Program $program $arguments ($mail + ($EndOf ?? "`r`n"))
                Get-Mail | Should -BeExactly "Return-Path: <me@example.org>`r`nDelivered-To: you@example.org, her@example.org`r`n$bytes"
            }
        }
    }

    It 'answers commands out of order, unknown, malformed and too long' {
        Send-Commands 'DATA', 'RCPT TO:<a@b>', 'MAIL FROM:a@b', 'EHLO', 'MAIL FROM:<a@b>', 'DATA', 'RCPT TO:<>', ('x' * 999), 'noop', 'TURN', '.', 'QUIT' |
            Should -BeExactly '503 RCPT first', '503 MAIL first', '501 Syntax error', '501 Syntax error', '250 OK', '503 RCPT first', '501 Syntax error',
            '500 Line too long', '250 OK', '500 Unknown command', '500 Unknown command', '221 Bye'
    }

    It 'refuses a mail <Name>, and takes the next one' -ForEach @(
        @{ Name = 'with a line that is too long'; Text = 'x' * 999; Answer = '500 Line too long' }
        @{ Name = 'that is too big'; Text = (@('x' * 998) * 11000) -join "`r`n"; Answer = '552 Mail too big' }
    ) {
        Send-Commands 'MAIL FROM:<>', 'RCPT TO:<a@b>', 'DATA', 'first', $Text, 'last', '.', 'MAIL FROM:<>', 'RCPT TO:<a@b>', 'DATA', 'text', '.' |
            ForEach-Object { $_ -replace '(?<=Kept as ).*' } |
            Should -BeExactly '250 OK', '250 OK', '354 Go ahead', $Answer, '250 OK', '250 OK', '354 Go ahead', '250 Kept as '
        Get-Mail | Should -BeExactly "Return-Path: <>`r`nDelivered-To: a@b`r`ntext`r`n"
    }
}
