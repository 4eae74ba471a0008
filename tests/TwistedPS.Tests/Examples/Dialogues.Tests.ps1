BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $ncat, $socat, $swaks, $curl = 'ncat', 'socat', 'swaks', 'curl' | ForEach-Object { [bool](Find-RealProgram $_) }
    $python = [bool](Find-PythonWith smtplib -Package python3)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $folder = "$PSScriptRoot/../../../examples/conversations"
}

AfterAll { Stop-AllExample }

Describe 'The login dialogue' {
    BeforeAll { $port = (Start-ExampleServer $folder/login.ps1).Port }
    AfterEach { Close-Peer }

    It 'talks with socat, a line at a time' -Skip:(-not $socat) {
        $program = Start-Program socat 'STDIO', "TCP:127.0.0.1:$port"
        Read-ChildText $program 'login: ' | Should -BeExactly 'login: '
        $program.StandardInput.WriteLine('ann')
        Read-ChildText $program 'password: ' | Should -BeExactly 'password: '
        $program.StandardInput.WriteLine('wrong')
        Read-ChildText $program 'login: ' | Should -BeExactly "Login incorrect`r`nlogin: "
        $program.StandardInput.WriteLine('ann')
        $null = Read-ChildText $program 'password: '
        $program.StandardInput.WriteLine('swordfish')
        Read-ChildText $program '$ ' | Should -BeExactly "Welcome, ann. Commands: date, who, exit`r`n`$ "
        $program.StandardInput.WriteLine('dir')
        Read-ChildText $program '$ ' | Should -BeExactly "dir: not found`r`n`$ "
        $program.StandardInput.WriteLine('exit')
        Read-ChildRest $program | Should -BeExactly "Bye, ann`r`n"
        $program.WaitForExit(60000) | Should -BeTrue
    }

    It 'talks with ncat, which sends all at once' -Skip:(-not $ncat) {
        $said = Invoke-Program ncat '127.0.0.1', $port "ann`nswordfish`ndate`n`nwho`nexit`n"
        $said | Should -Match '(?s)\Alogin: password: Welcome, ann\. .*\r\n\$ \d{4}-\d\d-\d\dT[\d:]+\r\n\$ \$ 127\.0\.0\.1:\d+ since [\d:]+.*\r\n\$ Bye, ann\r\n\z'
    }

    It 'says goodbye after three tries' {
        Invoke-Peer $port "a`n1`nb`n2`nc`n3`n" | Should -BeExactly "$("login: password: Login incorrect`r`n" * 3)Goodbye`r`n"
    }
}

Describe 'The menu' {
    BeforeAll { $port = (Start-ExampleServer $folder/menu.ps1).Port }
    AfterEach { Close-Peer }

    It 'asks until an answer is one, and adds up' {
        $menu = "`r`nWhat would you like?`r`n  1  tea`r`n  2  coffee`r`n  3  cake`r`n  0  back`r`n> "
        $many = 'How many (1 to 9)? '
        Invoke-Peer $port "1`n2`n9`nx`n3`n0`n10`n1`n0`n" |
            Should -BeExactly "$menu${many}2 tea; 4 in all`r`n${menu}Choose a number from 0 to 3.`r`n${menu}Choose a number from 0 to 3.`r`n$menu$many$many${many}1 cake; 8 in all`r`n${menu}Thank you. That is 8.`r`n"
    }

    It 'serves several at once, each with an order of its own' {
        $peers = 1..3 | ForEach-Object { Connect-Peer $port }
        foreach ($peer in $peers) { Send-Peer $peer "2`n" }
        foreach ($peer in $peers) { $null = Receive-Peer $peer -Until '? ' }
        1..3 | ForEach-Object { Send-Peer $peers[$_ - 1] "$_`n0`n" }
        1..3 | ForEach-Object { Receive-Peer $peers[$_ - 1] -End | Should -BeLike "*Thank you. That is $(3 * $_).`r`n" }
    }
}

Describe 'The SMTP session' {
    BeforeAll {
        $port = (Start-ExampleServer $folder/smtp.ps1 @{ Path = "$TestDrive/mail" }).Port

        function Get-Mail {
            $file = Get-ChildItem $TestDrive/mail
            [IO.File]::ReadAllText($file, [Text.Encoding]::Latin1)
            Remove-Item $file
        }

        function Send-Commands ([string[]] $Lines) {
            $answers = (Invoke-Peer $port (-join ($Lines | ForEach-Object { "$_`r`n" }))) -split '\r\n'
            $answers[1..($answers.Count - 2)]
        }
    }
    AfterEach { Close-Peer }

    It 'keeps what <Name> sends, byte for byte' -ForEach @(
        @{ Name = "Python's smtplib"; Has = $python; Words = { Find-PythonWith smtplib -Package python3; "$PSScriptRoot/../Support/smtp_client.py"; $port }; End = "`r`n" }
        @{ Name = 'swaks'; Has = $swaks; Words = { -split "swaks --server localhost:$port --from me@example.org --to you@example.org,her@example.org --data @-" }; End = '' }
        @{ Name = 'curl'; Has = $curl; Words = { -split "curl -sS smtp://localhost:$port --mail-from me@example.org --mail-rcpt you@example.org --mail-rcpt her@example.org -T -" }; End = "`r`n" }
    ) {
        if (-not $Has) { Set-ItResult -Skipped -Because 'it is not installed' }
        $mail = "Subject: tea`r`n`r`n.`r`n..dots`r`n café`r`n`r`nlast"
        $bytes = [Text.Encoding]::Latin1.GetString([Text.Encoding]::UTF8.GetBytes("$mail`r`n"))
        $program, $arguments = @(& $Words)
        $null = Invoke-Program $program $arguments "$mail$End"
        Get-Mail | Should -BeExactly "Return-Path: <me@example.org>`r`nDelivered-To: you@example.org, her@example.org`r`n$bytes"
    }

    It 'keeps to the order of the commands' {
        Send-Commands 'DATA', 'EHLO a', 'RCPT TO:<a@b>', 'TURN', 'MAIL FROM:<a@b>', 'DATA', 'RCPT TO:<c@d>', 'MAIL FROM:<x@y>', 'RSET', 'noop', 'DATA', 'QUIT' |
            Should -BeExactly '503 Not now', '250-localhost', '250 8BITMIME', '503 Not now', '500 Unknown command', '250 OK', '503 Not now', '250 OK', '503 Not now', '250 OK', '250 OK', '503 Not now', '221 Bye'
        Get-ChildItem $TestDrive/mail | Should -BeNullOrEmpty
    }
}
