BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
}

Describe 'A conversation' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-Reactor | Where-Object { -not $_.IsRunning } | Stop-Reactor
    }

    It 'asks, waits and answers, in the order in which it is written' {
        $s = Start-LineServer 0 -Conversation {
            $name = Receive-Line 'name? '
            "hello $name"
            $age = Receive-Line 'age? '
            "$($age * 1 + 1) soon"
        }
        Invoke-Peer $s.Port "Ann`n41`n" | Should -BeExactly "name? hello Ann`r`nage? 411 soon`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'waits for a peer that takes its time, and closes the connection at its end' {
        $s = Start-LineServer 0 -Conversation { $n = Receive-Line 'n? '; "<$n>" }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until 'n? ' | Should -BeExactly 'n? '
        Send-Peer $peer "a`r`n"
        Receive-Peer $peer -End | Should -BeExactly "<a>`r`n"
        $peer.Close()
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.Log.Message -match 'Lost client connection' | Should -BeLike '*Reason: Done'
    }

    It 'runs beside others, each with variables of its own' {
        $s = Start-LineServer 0 -Conversation {
            $script:seen = 0
            while ($line = Receive-Line) { $script:seen++; "$line $script:seen" }
        }
        $peers = 1..3 | ForEach-Object { Connect-Peer $s.Port }
        foreach ($round in 1, 2) {
            foreach ($peer in $peers) { Send-Peer $peer "a`n" }
            foreach ($peer in $peers) { Receive-Peer $peer -Until "`r`n" | Should -BeExactly "a $round`r`n" }
        }
    }

    It 'has $_, $Connection, $Server and its arguments' {
        $s = Start-LineServer 0 -Name Talk -ArgumentList 'x', 2 -Conversation {
            param($Peer, $A, $B)
            "$($Peer -eq $Connection) $($_ -eq $Connection) $($Connection.Owner -eq $Server) $($Server.Name) $A $B $($Peer.Number)"
        }
        Invoke-Peer $s.Port | Should -BeExactly "True True True Talk x 2 0`r`n"
    }

    It 'has the values of $using:, and the functions of -InitializationScript' {
        $greeting = 'Moin'
        $s = Start-LineServer 0 -InitializationScript { function Greet($name) { "$using:greeting $name$mark" }; $mark = '!' } -Conversation {
            Greet (Receive-Line)
            $using:greeting.Length
        }
        Invoke-Peer $s.Port "Ann`n" | Should -BeExactly "Moin Ann!`r`n4`r`n"
    }

    It 'may be a function or a closure' {
        function Talk { "got $(Receive-Line)" }
        $s = Start-LineServer 0 -Conversation ${function:Talk}
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "got a`r`n"
        $x = 'closed'
        $s = Start-LineServer 0 -Conversation { $x }.GetNewClosure()
        Invoke-Peer $s.Port | Should -BeExactly "closed`r`n"
    }

    It 'warns of functions and variables that only the prompt has' {
        function Get-Prompt { 'p' }
        $word = 'w'
        $s = Start-LineServer 0 -Conversation { Get-Prompt; $word } 3> $null
        $null = Invoke-Peer $s.Port
        $warnings = Get-LineServer 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }
        "$warnings" | Should -Match 'Get-Prompt exists only in this session'
        "$warnings" | Should -Match '\$word exists only in this session'
    }

    It 'sends what it outputs as a handler does: text, objects, tables, nothing for $null' {
        $s = Start-LineServer 0 -Conversation {
            "a`nb"
            $null
            1.5
            [pscustomobject]@{ A = 1; B = 'x' }, [pscustomobject]@{ A = 2; B = 'y' } | Format-Table -HideTableHeaders
            $line = Receive-Line 'after? '
            $line
        }
        $text = Invoke-Peer $s.Port "z`n"
        $text | Should -Match '(?s)\Aa\r\nb\r\n1\.5\r\n.*1 x\s*\r\n2 y\s*\r\n.*after\? z\r\n\z'
        [regex]::Matches($text, '1 x').Count | Should -Be 1
    }

    It 'sends the result of a Deferred before the connection closes' {
        $s = Start-LineServer 0 -Conversation { Start-Deferred { 'later' } }
        Invoke-Peer $s.Port | Should -BeExactly "later`r`n"
    }

    It 'may wait for a Deferred' {
        $s = Start-LineServer 0 -Conversation { $n = Receive-Line; Start-Deferred { 2 * $using:n } | Receive-Deferred -Wait; 'done' }
        Invoke-Peer $s.Port "21`n" | Should -BeExactly "42`r`ndone`r`n"
    }

    It 'talks to another server meanwhile' {
        $echo = Start-LineServer 0 { "<$_>" }
        $port = $echo.Port
        $s = Start-LineServer 0 -Conversation {
            $other = Connect-LineClient 127.0.0.1 $using:port -Name Echo
            Send-Line $other (Receive-Line) -Receive -Timeout 20
            Send-Line Echo 'again'
            Receive-Line $other -Timeout 20
            Receive-Line -Client $other -Timeout 50ms -ErrorAction SilentlyContinue
        }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "<a>`r`n<again>`r`n"
    }

    It 'sends lines and parts of them with Send-Line' {
        $s = Start-LineServer 0 -Conversation {
            Send-Line 'one'
            'two', 3 | Send-Line
            Send-Line 'a', 'b'
            Send-Line 'no ' -NoNewline
            Send-Line $Connection 'mine'
            Send-Line 'q' -Receive
            Send-Line $Connection 'q' -Receive
            Receive-Line $Connection
            $Connection.Write('w')
        }
        Invoke-Peer $s.Port "1`n2`n3`n" | Should -BeExactly "one`r`ntwo`r`n3`r`na`r`nb`r`nno mine`r`nq`r`n1`r`nq`r`n2`r`n3`r`nw"
    }

    It 'receives several lines, up to one, or all' {
        $s = Start-LineServer 0 -Conversation {
            (Receive-Line -Count 2) -join '+'
            (Receive-Line -Until '.') -join '+'
            Receive-Line -Follow | ForEach-Object { "<$_>" }
            'end'
        }
        Invoke-Peer $s.Port "a`nb`nc`n.`nd`ne`n" | Should -BeExactly "a+b`r`nc+.`r`n<d>`r`n<e>`r`nend`r`n"
    }

    It 'has handlers for the beginning and the end of connections beside it' {
        $s = Start-LineServer 0 -OnConnect { 'welcome' } -Conversation { "you: $(Receive-Line)" } -OnDisconnect { Write-ReactorLog "gone $_" }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -End | Should -BeExactly "welcome`r`nyou: a`r`n"
        $peer.Close()
        Wait-Until { $s.Log.Message -contains 'gone Done' }
    }

    It 'goes on when Set-LineServer replaces handlers, which can not be -OnLine' {
        $s = Start-LineServer 0 -Conversation { "one $(Receive-Line)" } -OnConnect { 'old' }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until "old`r`n"
        Set-LineServer $s -OnConnect { 'new' }
        Send-Peer $peer "a`n"
        Receive-Peer $peer -End | Should -BeExactly "one a`r`n"
        Invoke-Peer $s.Port "b`n" | Should -BeExactly "new`r`none b`r`n"
        foreach ($handlers in @{ OnLine = { } }, @{ OnData = { } }) {
            (Get-Failure { Set-LineServer $s @handlers }).Id | Should -Be ConversationContradicted
        }
    }

    It 'shares the state of the server, and does what must be alone on its reactor' {
        $s = Start-LineServer 0 -OnStart { $script:count = 0 } -Conversation {
            foreach ($i in 1..20) { Invoke-Reactor -Server $Server { $script:count++ } }
            $Connection.State.Done = $true
            Invoke-Reactor -Server $Server { $script:count }
        }
        $peers = 1..4 | ForEach-Object { Connect-Peer $s.Port }
        $last = $peers | ForEach-Object { [int](Receive-Peer $_ -End).Trim() }
        ($last | Measure-Object -Maximum).Maximum | Should -Be 80
    }

    It 'logs what it writes to other streams, under its connection' {
        $s = Start-LineServer 0 -Conversation {
            Write-Warning 'careful'
            Write-Host 'seen'
            Write-Error 'odd'
            Write-ReactorLog 'noted'
            'on'
        }
        Invoke-Peer $s.Port | Should -BeExactly "on`r`n"
        Wait-Until { $s.Log.Message -contains 'noted' }
        'careful', 'seen', 'odd', 'noted' | ForEach-Object { ($s.Log | Where-Object Message -EQ $_).Source | Should -BeLike 'LineServer*,0,127.0.0.1' }
        $s.ErrorCount | Should -Be 0
    }

    It 'is over when it ends with <What>' -ForEach @(
        @{ What = 'return'; Script = { 'a'; return; 'b' } }
        @{ What = 'exit'; Script = { 'a'; exit 3; 'b' } }
        @{ What = 'break'; Script = { 'a'; break; 'b' } }
    ) {
        $s = Start-LineServer 0 -Conversation $Script
        Invoke-Peer $s.Port | Should -BeExactly "a`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'goes over TLS' {
        $certificate = New-ReactorCertificate localhost
        $s = Start-LineServer 0 -Certificate $certificate -Conversation { "hello $(Receive-Line 'name? ')" }
        $c = Connect-LineClient localhost $s.Port -TrustedCertificate $certificate
        Receive-Line $c -Until 'name? ' -Timeout 20 | Should -BeExactly 'name? '
        Send-Line $c 'Ann' -Receive -Timeout 20 | Should -BeExactly 'hello Ann'
    }

    It 'goes over a UNIX socket' -Skip:$IsWindows {
        $path = Join-Path $TestDrive c.sock
        $null = Start-LineServer -Path $path -Conversation { "hello $(Receive-Line)" }
        $c = Connect-LineClient -Path $path
        Send-Line $c 'Ann' -Receive -Timeout 20 | Should -BeExactly 'hello Ann'
    }

    It 'serves a test connection, in memory' {
        $s = Start-LineServer 0 -Conversation { "hello $(Receive-Line)" }
        $c = New-LineTestConnection -Server $s
        Send-Line $c 'Ann' -Receive -Timeout 20 | Should -BeExactly 'hello Ann'
    }

    It 'runs beside a reactor in the foreground' {
        $r = New-Reactor -Foreground
        $s = Start-LineServer 0 -Reactor $r -Conversation { "hello $(Receive-Line 'name? ') $(Receive-Line)" }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Receive-Line $c -Until 'name? ' -Timeout 20 | Should -BeExactly 'name? '
        Send-Line $c 'Ann', 'Lee'
        Receive-Line $c -Timeout 20 | Should -BeExactly 'hello Ann Lee'
        $null = Wait-Reactor $r -Until { $s.ConnectionCount -eq 0 } -Timeout 20
        $s.ConnectionCount | Should -Be 0
    }

    It 'sends nothing for $null, and says so where nothing was given: <Command>' -ForEach @{ Command = 'Send-Line' }, @{ Command = 'Send-TcpData' } {
        $s = Start-LineServer 0 -ArgumentList $Command -Conversation {
            param($Peer, $Command)
            & $Command $null
            foreach ($given in @(), @($Connection)) {
                try { & $Command @given } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]): $_" }
            }
            'end'
        }
        $parameter = @{ 'Send-Line' = 'Line'; 'Send-TcpData' = 'Data' }[$Command]
        $missing = "MessageMissing: $Command needs -$($parameter): there is nothing to send.`r`n"
        Invoke-Peer $s.Port | Should -BeExactly "$missing${missing}end`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'keeps the prompts and lines of Send-Line and Receive-Line elsewhere what they were' {
        $s = Start-LineServer 0 { "<$_>" }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name Chat
        Send-Line Chat 'a'
        Send-Line $c.Id 'b'
        'c' | Send-Line $c
        'd' | Send-Line -Connection Chat
        Receive-Line Chat -Timeout 20 | Should -BeExactly '<a>'
        Receive-Line $c.Id -Timeout 20 | Should -BeExactly '<b>'
        $c | Receive-Line -Timeout 20 | Should -BeExactly '<c>'
        Receive-Line 'Chat', $c -Timeout 1 -ErrorAction SilentlyContinue | Should -BeExactly '<d>'
    }

    It 'is where prompts are sent, as Receive-Line says elsewhere: <_>' -ForEach 'name? ', 'sure [y/n]?', '* ' {
        $failure = Get-Failure { Receive-Line $_ }
        $failure.Id | Should -Be LineClientNotFound
        $failure.Message | Should -Be "There is no LineClient '$_' in this session. Only in a conversation the first argument is a prompt; Get-LineClient lists the clients."
        Receive-Line 'x*' | Should -BeNullOrEmpty
    }
}
