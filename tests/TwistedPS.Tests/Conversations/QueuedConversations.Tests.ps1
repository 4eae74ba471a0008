BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'More peers than -ThrottleLimit' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'are told so, and have their turn in order' {
        $s = Start-LineServer 0 -ThrottleLimit 2 -QueuedMessage 'Please wait.' -Conversation { "bye $(Receive-Line 'name? ')" }
        $peers = 1..4 | ForEach-Object { $peer = Connect-Peer $s.Port; Wait-Until { $s.TotalConnections -eq $_ }; $peer }
        Receive-Peer $peers[0] -Until ' ' | Should -BeExactly 'name? '
        Receive-Peer $peers[1] -Until ' ' | Should -BeExactly 'name? '
        Receive-Peer $peers[2] -Until "`n" | Should -BeExactly "Please wait.`r`n"
        Receive-Peer $peers[3] -Until "`n" | Should -BeExactly "Please wait.`r`n"
        Send-Peer $peers[3] "d`n"
        Send-Peer $peers[0] "a`n"
        Receive-Peer $peers[0] -End | Should -BeExactly "bye a`r`n"
        Receive-Peer $peers[2] -Until '? ' | Should -BeExactly 'name? '
        Send-Peer $peers[2] "c`n"
        Receive-Peer $peers[2] -End | Should -BeExactly "bye c`r`n"
        Receive-Peer $peers[3] -End | Should -BeExactly "name? bye d`r`n"
    }

    It 'have their turn even if they have ended their sending meanwhile' {
        $s = Start-LineServer 0 -ThrottleLimit 1 -Conversation { "hello $(Receive-Line)" }
        $first = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $second = Connect-Peer $s.Port
        Send-Peer $second "b`n" -End
        Wait-Until { $s.LinesIn -eq 1 }
        Send-Peer $first "a`n"
        Receive-Peer $first -End | Should -BeExactly "hello a`r`n"
        Receive-Peer $second -End | Should -BeExactly "hello b`r`n"
    }

    It 'lose it when they leave, or are thrown out' {
        $s = Start-LineServer 0 -ThrottleLimit 1 -Conversation { Write-ReactorLog 'began'; "hello $(Receive-Line)" }
        $first = Connect-Peer $s.Port
        Wait-Until { $s.Log.Message -contains 'began' }
        $left = Connect-Peer $s.Port
        $thrown = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 3 }
        Reset-Peer $left
        $s.Connections | Where-Object Number -EQ 2 | Disconnect-ReactorConnection
        Receive-Peer $thrown -End | Should -BeExactly ''
        $thrown.Close()
        Wait-Until { $s.ConnectionCount -eq 1 }
        Send-Peer $first "a`n"
        Receive-Peer $first -End | Should -BeExactly "hello a`r`n"
        @($s.Log.Message -eq 'began').Count | Should -Be 1
        $s.ErrorCount | Should -Be 0
    }

    It 'end with their server' {
        $s = Start-LineServer 0 -ThrottleLimit 1 -QueuedMessage wait -Conversation { Receive-Line }
        $null = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $queued = Connect-Peer $s.Port
        Receive-Peer $queued -Until "`n" | Should -BeExactly "wait`r`n"
        $queued.Client.Shutdown('Send')
        Stop-LineServer $s -DrainTime 0
        Receive-Peer $queued -End | Should -BeExactly ''
        $s.Status | Should -Be Stopped
    }

    It 'are not read on and on while they wait' {
        $s = Start-LineServer 0 -ThrottleLimit 1 -Conversation { $n = 0; Receive-Line -Follow | ForEach-Object { $n++ }; "$n lines" }
        $first = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $second = Connect-Peer $s.Port
        $second.SendTimeout = 1000
        $lines = ("$('x' * 99)`n") * 100
        $sent = 0
        { while ($sent -lt 64MB) { Send-Peer $second $lines; $sent += $lines.Length } } | Should -Throw
        $s.LinesIn | Should -BeLessThan 2000
        Send-Peer $first "a`n" -End
        Receive-Peer $first -End | Should -BeExactly "1 lines`r`n"
        Wait-Until { $s.LinesIn -gt 2000 }
    }
}

Describe 'Start-LineServer -Conversation' {
    AfterEach { Get-LineServer | Stop-LineServer -DrainTime 0 }

    It 'is refused together with -<Handler>' -ForEach @{ Handler = 'OnLine' }, @{ Handler = 'OnData' } {
        $arguments = @{ $Handler = { } }
        $failure = Get-Failure { Start-LineServer 0 -Conversation { } @arguments }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ConversationContradicted, InvalidArgument, $true
        $failure.Message | Should -BeExactly "-$Handler can't be given with -Conversation, which receives what the peer sends by itself."
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'is needed for -<Parameter>' -ForEach @{ Parameter = 'ThrottleLimit'; Value = 3 }, @{ Parameter = 'QueuedMessage'; Value = 'x' } {
        $arguments = @{ $Parameter = $Value }
        (Get-Failure { Start-LineServer 0 { } @arguments }).Id | Should -Be ParameterWithoutEffect
    }

    It 'refuses several reactors, which would not run conversations' {
        (Get-Failure { Start-LineServer 0 -Conversation { } -ReactorCount 2 }).Id | Should -Be ParameterWithoutEffect
    }

    It 'is named where there is nothing to do' {
        (Get-Failure { Start-LineServer 0 }).Message | Should -BeExactly 'Start-LineServer needs at least one handler: specify -OnLine, or -Conversation or -OnConnect.'
    }

    It 'has no begin, process or clean blocks, and only $using: variables that exist' {
        (Get-Failure { Start-LineServer 0 -Conversation { begin { } end { } } }).Id | Should -Be HandlerInvalid
        (Get-Failure { Start-LineServer 0 -Conversation { $using:nosuch } }).Id | Should -Be UsingVariableNotFound
    }

    It 'refuses a -QueuedMessage that can not be sent' {
        (Get-Failure { Start-LineServer 0 -Conversation { } -Delimiter '||' -QueuedMessage 'a||b' }).Id | Should -Be DelimiterInText
    }
}

Describe 'Receive-Line and Send-Line without a conversation' {
    It 'need a client' {
        $failure = Get-Failure { Receive-Line }
        $failure.Id, $failure.IsTerminating | Should -Be ConversationMissing, $true
        (Get-Failure { 'a' | Send-Line }).Id | Should -Be InvalidTarget
        (Get-Failure { Send-Line 'a' }).Id | Should -Be ConversationMissing
    }

    It 'take a connection of a server for what it is' {
        $s = Start-LineServer 0 { $_ }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $null = Receive-Peer $peer -Until "`n"
        (Get-Failure { Receive-Line $s.Connections[0] -ErrorAction Continue }).Id | Should -Be LineClientNotFound
        Send-Line $s.Connections[0] 'b'
        Receive-Peer $peer -Until "`n" | Should -BeExactly "b`r`n"
        Close-Peer
        Stop-LineServer $s -DrainTime 0
    }
}
