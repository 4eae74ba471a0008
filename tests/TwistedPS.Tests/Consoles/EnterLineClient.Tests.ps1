BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tmux = Find-RealProgram tmux
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Screen.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
    $started = [Collections.Generic.List[string]]::new()
    $port = Get-UnusedPort

    # Pester removes what a block has made when the block ends.
    $folder = [IO.Directory]::CreateTempSubdirectory().FullName

    function Start-Service {
        Start-LineServer $port -OnConnect { $Connection.Write('name? ') } -OnLine {
            switch -regex ($_) {
                '^ask' { $Connection.Write('Password: ') }
                '^bye' { $Connection.Write('so long'); $Connection.Close() }
                default { "<$_>" }
            }
        }
    }

    function Start-Console ([string] $Script, [hashtable] $Environment = @{}) {
        $screen = Start-Screen '-Command', "Import-Module '$module'; $Script" -Environment (@{ XDG_DATA_HOME = "$folder" } + $Environment)
        $started.Add($screen)
        $screen
    }

    function Enter-Text ([string] $Text) {
        Send-Key $screen -Text $Text
        Send-Key $screen Enter
    }
}

AfterAll {
    $started | ForEach-Object { Stop-Screen $_ }
    Stop-Everything
    Remove-Item $folder -Recurse
}

Describe 'Enter-LineClient on a terminal' -Skip:(-not $tmux) {
    BeforeAll {
        $screen = Start-Console "Enter-LineClient 127.0.0.1 $port -Transcript '$folder/transcript.txt'"
        $hint = 'Type reconnect to connect again, or exit to leave\.'
    }

    It 'says why there is no connection, and what to type next' {
        $null = Wait-ScreenText $screen "\AConnection failed\.\n127\.0\.0\.1:$port refused the connection: nothing listens there\.\n$hint\n> \|\z"
        Enter-Text hello
        $null = Wait-ScreenText $screen "\n> hello\nCannot send message to server\. No connection\.\n$hint\n> \|\z"
    }

    It 'keeps what has come without the end of a line before what is typed' {
        $script:server = Start-Service
        Enter-Text reconnect
        $null = Wait-ScreenText $screen "\n> reconnect\nConnected to 127\.0\.0\.1:$port\.\nexit leaves, reconnect connects again, \\exit sends exit\. F1 lists the keys\.\nname\? \|\z"
        Enter-Text bob
        $null = Wait-ScreenText $screen '\nname\? bob\n<bob>\n> \|\z'
    }

    It 'lists the keys, and clears the screen' {
        Send-Key $screen F1
        $shown = Wait-ScreenText $screen 'kill, kill, yank\n> \|\z'
        ($shown -split "`n" | Measure-Object Length -Maximum).Maximum | Should -BeLessThan 80
        Send-Key $screen C-l
        $null = Wait-ScreenText $screen '\A> \|\z'
    }

    It 'edits a line of 300 columns in its middle' {
        $text = -join (0..299 | ForEach-Object { $_ % 10 })
        Send-Key $screen -Text $text
        Send-Key $screen (@('C-b') * 150)
        Send-Key $screen -Text 'XY'
        Send-Key $screen BSpace
        $edited = $text.Insert(150, 'X')
        # The mark is not on the screen, which has 80 columns.
        $rows = "> $edited" -split '(.{80})' -ne ''
        $rows[1] = $rows[1].Insert(73, '|')
        $null = Wait-ScreenText $screen "\A$([regex]::Escape($rows -join "`n"))\z"
        Send-Key $screen Enter
        $null = Wait-ScreenText $screen "\A$([regex]::Escape("$(($rows -join "`n").Replace('|', ''))`n$("<$edited>" -split '(.{80})' -ne '' -join "`n")`n> |"))\z"
    }

    # What was above may be moved by the terminal, which keeps more or less of it on the screen.
    It 'lays it out anew when the size of the screen changes' {
        Send-Key $screen -Text ('x' * 100)
        $null = Wait-ScreenText $screen '\n> x{78}\nx{22}\|\z'
        Resize-Screen $screen 40
        $null = Wait-ScreenText $screen '(?<!x)\n> x{38}\nx{40}\nx{22}\|\z'
        Send-Key $screen -Text 'y'
        $null = Wait-ScreenText $screen '\n> x{38}\nx{40}\nx{22}y\|\z'
        Resize-Screen $screen 80
        Send-Key $screen BSpace
        $null = Wait-ScreenText $screen '\n> x{78}\nx{22}\|\z'
        Send-Key $screen C-u, C-l
        $null = Wait-ScreenText $screen '\A> \|\z'
    }

    It 'edits characters as people see them' {
        Send-Key $screen -Text "a`u{1F468}`u{200D}`u{1F469}`u{200D}`u{1F467}`u{6F22}e`u{301}"
        Send-Key $screen Left, Left, BSpace
        # It is one for tmux as well; the mark is after two rows of the cursor.
        $null = Wait-ScreenText $screen "\A> a\|`u{6F22}e`u{301}\z"
        Send-Key $screen End, BSpace, BSpace
        $null = Wait-ScreenText $screen '\A> a\|\z'
        Send-Key $screen BSpace
    }

    It 'prints replies above what is typed, without colors, and with escapes' {
        Send-Key $screen -Text 'half'
        Send-Key $screen Left, Left
        $null = Wait-ScreenText $screen '\A> ha\|lf\z'
        Send-Line -Server $server "`e[31mred`e[0m`e[2J", 'blue'
        $null = Wait-ScreenText $screen '\Ared\\e\[2J\nblue\n> ha\|lf\z'
        Send-Key $screen -Text 'x'
        $null = Wait-ScreenText $screen '\n> hax\|lf\z'
        Send-Key $screen C-u, C-k
    }

    It 'sends its own words after a backslash' {
        Enter-Text '\exit'
        $null = Wait-ScreenText $screen '\n> \\exit\n<exit>\n> \|\z'
        Enter-Text '\\reconnect'
        $null = Wait-ScreenText $screen '\n> \\\\reconnect\n<\\reconnect>\n> \|\z'
    }

    It 'waits for Enter after a paste of several lines, each of which is one' {
        Send-Key $screen C-l
        Send-Paste $screen "one`ntwo`n"
        $null = Wait-ScreenText $screen '\A> one\ntwo\n\|\z'
        Send-Key $screen Enter
        $null = Wait-ScreenText $screen '\A> one\ntwo\n<one>\n<two>\n> \|\z'
    }

    It 'searches what was typed' {
        Send-Key $screen C-l, C-r
        Send-Key $screen -Text 'BO'
        $null = Wait-ScreenText $screen "\Abck-i-search 'BO': \|bob\z"
        Send-Key $screen Enter
        $null = Wait-ScreenText $screen '\A> bob\n<bob>\n> \|\z'
    }

    It 'tells by color who says something' {
        $null = Wait-ScreenText $screen -WithColor '> \e\[36mbob\n\e\[32m<bob>'
    }

    It 'says that the connection is lost, after what came last' {
        Enter-Text 'ask'
        $null = Wait-ScreenText $screen '\nPassword: \|\z'
        Enter-Text 'hunter2'
        $null = Wait-ScreenText $screen '\nPassword: hunter2\n<hunter2>\n> \|\z'
        Enter-Text 'bye'
        $null = Wait-ScreenText $screen "\n> bye\nso long\nConnection lost\.\n$hint\n> \|\z"
    }

    It 'ends at Ctrl+C' {
        Send-Key $screen -Text 'not sent'
        $null = Wait-ScreenText $screen '\n> not sent\|\z'
        Send-Key $screen C-c
        $null = Wait-ScreenText $screen '\nended with \d+\n\|\z'
    }

    It 'has written all of it to its transcript' {
        $lines = Get-Content $folder/transcript.txt
        $lines -notmatch '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d{4} [<>=] ' | Should -BeNullOrEmpty
        $said = $lines -replace '^\S+ \S+ '
        $said[0] | Should -BeExactly '= Connection failed.'
        "$($said -join '|')|" | Should -BeLike '*|> hello|= Cannot send message to server. No connection.|*|> reconnect|= Connected to *|< name? |> bob|< <bob>|*'
        "$($said -join '|')|" | Should -BeLike '*|< \e`[31mred\e`[0m\e`[2J|< blue|> \exit|< <exit>|*|> one|*> two|*< <two>|*'
        "$($said -join '|')|" | Should -BeLike '*|> bob|< <bob>|> ask|< Password: |> hunter2|< <hunter2>|> bye|< so long|= Connection lost.|*'
        $said[-2..-1] | Should -BeExactly '= Connection lost.', '= Type reconnect to connect again, or exit to leave.'
    }
}

Describe 'Enter-LineClient in another session' -Skip:(-not $tmux) {
    BeforeAll {
        $ca = New-ReactorCertificate -CertificateAuthority -Path $folder/ca.pem
        $secure = Start-LineServer 0 -Certificate ($ca | New-ReactorCertificate localhost) -StartTls -OnLine {
            if ($_ -eq 'STARTTLS') { 'go ahead'; $Connection.StartTls() } else { "<$_> $($Connection.Tls.Version)" }
        }
        $encrypted = Start-LineServer 0 {
            if ($_ -eq 'flood') { $Connection.RelayTo((Start-ReactorProcess yes)) } else { "<$_> $($Connection.Tls.Version)" }
        } -Certificate ($ca | New-ReactorCertificate localhost)
        $plain = Start-LineServer 0 { "<$_>" } -OnConnect { $Connection.Write('foreground? ') }
        $screen = Start-Console -Environment @{ NO_COLOR = '1' } @"
            Enter-LineClient localhost $($encrypted.Port) -TrustedCertificate '$folder/ca.pem'
            Enter-LineClient localhost $($secure.Port) -TrustedCertificate '$folder/ca.pem' -StartTls -NoHistory
            `$reactor = New-Reactor -Foreground -Poller Pool
            Enter-LineClient (Connect-LineClient 127.0.0.1 $($plain.Port) -Reactor `$reactor)
"@
    }

    It 'knows what was typed in the one before, except for a password' {
        $null = Wait-ScreenText $screen '\AConnected to localhost:\d+ with Tls13 \w+\.\n.*\n> \|\z'
        Send-Key $screen Up
        $null = Wait-ScreenText $screen '\n> bye\|\z'
        Send-Key $screen Up
        $null = Wait-ScreenText $screen '\n> ask\|\z'
        Get-Content $folder/powershell/TwistedPS/LineClient_history.txt | Should -Not -Contain hunter2
        Send-Key $screen C-u
    }

    It 'talks over TLS, without colors if there are to be none' {
        Enter-Text hello
        $null = Wait-ScreenText $screen -WithColor '\n> hello\n<hello> Tls13\n>'
        Get-ScreenText $screen -WithColor | Should -Not -Match '\e\['
    }

    It 'can be left while the server never stops' {
        Enter-Text flood
        $null = Wait-ScreenText $screen '\ny\ny\n'
        Enter-Text exit
    }

    It 'begins TLS when it is told' {
        $null = Wait-ScreenText $screen '\nConnected to localhost:\d+\.\nexit leaves, .*\ntls begins TLS, .*\n> \|\z'
        Send-Key $screen Up
        Enter-Text STARTTLS
        $null = Wait-ScreenText $screen '\n> STARTTLS\ngo ahead\n> \|\z'
        Enter-Text tls
        $null = Wait-ScreenText $screen '\n> tls\nEncrypted with Tls13 \w+\.\n> \|\z'
        Enter-Text '\tls'
        $null = Wait-ScreenText $screen '\n<tls> Tls13\n> \|\z'
        Enter-Text exit
    }

    It 'runs the reactor of a client that is in the foreground' {
        $null = Wait-ScreenText $screen '\nforeground\? \|\z'
        Enter-Text yes
        $null = Wait-ScreenText $screen '\nforeground\? yes\n<yes>\n> \|\z'
        Send-Key $screen C-d
        $null = Wait-ScreenText $screen '\nended with 0\n\|\z'
        Get-Content $folder/powershell/TwistedPS/LineClient_history.txt | Select-Object -Last 2 | Should -BeExactly exit, yes
    }
}
