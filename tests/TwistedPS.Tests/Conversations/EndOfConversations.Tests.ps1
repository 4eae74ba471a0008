BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Get-Worker { Get-Runspace | Where-Object Name -Like 'TwistedPS conversation*' }
}

Describe 'The end of a conversation' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'is an error that the script may catch when the peer sends nothing more' {
        $s = Start-LineServer 0 -Conversation {
            try { while ($true) { "<$(Receive-Line)>" } }
            catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category) $($_.TargetObject -eq $Connection)" }
            'bye'
        }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "<a>`r`n<b>`r`nConversationEnded ConnectionError True`r`nbye`r`n"
    }

    It 'is nothing to report when the peer has left' {
        $s = Start-LineServer 0 -Conversation { try { Receive-Line 'name? '; 'never' } finally { Write-ReactorLog 'cleaned up' } } -OnError { 'failed' }
        Invoke-Peer $s.Port | Should -BeExactly 'name? '
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until 'name? '
        Reset-Peer $peer
        Wait-Until { $s.ConnectionCount -eq 0 -and @($s.Log.Message -eq 'cleaned up').Count -eq 2 }
        $s.ErrorCount | Should -Be 0
        $s.Log.Level | Should -Not -Contain Error
        Get-LineServer 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | Should -BeNullOrEmpty
    }

    It 'comes to one that only sends, too' {
        $s = Start-LineServer 0 -Conversation { while ($true) { 'x' * 1000 } }
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Length 100000
        Reset-Peer $peer
        Wait-Until { $s.ConnectionCount -eq 0 -and -not (Get-Worker | Where-Object RunspaceAvailability -EQ Busy) }
        $s.ErrorCount | Should -Be 0
    }

    It 'stops one that does something else when its connection is lost' {
        $s = Start-LineServer 0 -Conversation { try { 'begun'; Wait-Event never } finally { Write-ReactorLog 'cleaned up' } }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until "begun`r`n"
        Reset-Peer $peer
        Wait-Until { $s.Log.Message -contains 'cleaned up' }
        $s.ErrorCount | Should -Be 0
    }

    It 'lets what runs go on when the peer has only ended its sending' {
        $known, $gate = (New-Gate), (New-Gate)
        $s = Start-LineServer 0 -Conversation {
            $line = Receive-Line
            try { Receive-Line } catch { ($using:known).Set() }
            ($using:gate).Wait()
            "answer to $line"
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        $known.Wait(60000) | Should -BeTrue
        $s.Connections[0].Status | Should -Be Open
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly "answer to a`r`n"
    }

    It 'comes with Disconnect-ReactorConnection and $Connection.Close()' {
        $s = Start-LineServer 0 -Conversation { try { 'ready'; Receive-Line } catch { 'goodbye' } }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until "ready`r`n"
        $s.Connections | Disconnect-ReactorConnection
        Receive-Peer $peer -End | Should -BeExactly "goodbye`r`n"
        $s2 = Start-LineServer 0 -Conversation { 'a'; $Connection.Close(); 'b'; Receive-Line; 'c' }
        Invoke-Peer $s2.Port "x`n" | Should -BeLike "a`r`nb`r`n*"
        $s2.ErrorCount | Should -Be 0
    }

    It 'is an error of the server when the script throws, which closes that connection only' {
        $s = Start-LineServer 0 -Conversation {
            $line = Receive-Line
            if ($line -eq 'bad') { throw 'oh no' }
            "ok $line"
        }
        $other = Connect-Peer $s.Port
        Invoke-Peer $s.Port "bad`n" | Should -BeExactly ''
        $s.ErrorCount | Should -Be 1
        $s.Errors[0].Handler | Should -Be Conversation
        $s.Errors[0].Message | Should -Be 'oh no'
        $s.Errors[0].Where | Should -BeLike '*EndOfConversations.Tests.ps1:*'
        Wait-Until { $s.Log.Message -match 'Lost client connection.*HandlerError' }
        "$(Get-LineServer 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] })" |
            Should -Match 'Conversation of line server .* has failed: .*oh no'
        Send-Peer $other "fine`n"
        Receive-Peer $other -End | Should -BeExactly "ok fine`r`n"
    }

    It 'goes to -OnError' {
        $s = Start-LineServer 0 -Conversation { 'a'; [int]'x' } -OnError { "sorry: $($_.FullyQualifiedErrorId)" }
        Invoke-Peer $s.Port | Should -BeExactly "a`r`nsorry: InvalidCastFromStringToInteger`r`n"
        $s.ErrorCount | Should -Be 1
        Wait-Until { $s.Log.Message -match 'Lost client connection.*HandlerError' }
    }

    It 'comes with a time-out, which the script may catch' {
        $s = Start-LineServer 0 -Conversation {
            try { Receive-Line 'name? ' -Timeout 100ms } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            Receive-Line 'again? ' -Timeout 100ms -ErrorAction SilentlyContinue
            Receive-Line -Timeout 100ms
            'never'
        } -OnError { "E: $($_.FullyQualifiedErrorId.Split(',')[0])" }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -End | Should -BeExactly "name? ReceiveTimeout`r`nagain? E: ReceiveTimeout`r`n"
    }

    It 'comes with -IdleTimeout, too' {
        $s = Start-LineServer 0 -IdleTimeout 200ms -Conversation { Receive-Line 'name? ' }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -End | Should -BeExactly 'name? '
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.Log.Message -match 'Lost client connection' | Should -BeLike '*TimedOut*'
        $s.ErrorCount | Should -Be 0
    }
}

Describe 'The end of a server with conversations' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'ends those that wait, and lets them say goodbye' {
        $s = Start-LineServer 0 -Conversation { try { Receive-Line 'name? ' } catch { 'closing' } }
        $peers = 1..3 | ForEach-Object { Connect-Peer $s.Port }
        foreach ($peer in $peers) { $null = Receive-Peer $peer -Until 'name? ' }
        foreach ($peer in $peers) { $peer.Client.Shutdown('Send') }
        Stop-LineServer $s
        foreach ($peer in $peers) { Receive-Peer $peer -End | Should -BeExactly "closing`r`n" }
        Wait-Until { -not (Get-Worker) }
    }

    It 'may come from one of them, whose last words arrive' {
        $s = Start-LineServer 0 -Conversation { 'bye'; Stop-LineServer $Server; 'stopped' }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -End | Should -BeExactly "bye`r`nstopped`r`n"
        Wait-Until { $s.Status -eq 'Stopped' }
    }

    It 'stops those that do something else, and leaves no runspace and no thread' {
        $s = Start-LineServer 0 -Conversation { try { 'begun'; Wait-Event never } finally { Write-ReactorLog 'cleaned up' } }
        $peers = 1..3 | ForEach-Object { Connect-Peer $s.Port }
        foreach ($peer in $peers) { $null = Receive-Peer $peer -Until "begun`r`n" }
        @(Get-Worker).Count | Should -Be 3
        Stop-LineServer $s -DrainTime 0
        @($s.Log.Message -eq 'cleaned up').Count | Should -Be 3
        Wait-Until { -not (Get-Worker) }
    }

    It 'leaves one that can not be stopped to its thread' {
        $gate = New-Gate
        $s = Start-LineServer 0 -Conversation { 'begun'; ($using:gate).Wait() }
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Until "begun`r`n"
        Stop-LineServer $s -DrainTime 0 -ErrorAction SilentlyContinue
        Wait-Until { $s.Status -eq 'Stopped' }
        $gate.Set()
    }

    It 'lets a process end at once by <How>' -ForEach @(
        @{ How = 'exit'; End = 'exit' }
        @{ How = 'Remove-Module'; End = 'Remove-Module TwistedPS 3> $null; Wait-Until { -not (Get-Runspace | Where-Object Name -Like "TwistedPS*") }; "removed"; exit' }
    ) {
        $root = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $script = "Import-Module '$root', '$PSScriptRoot/../Support/ChildShell.psm1'; `$s = Start-LineServer 0 -Conversation { 'begun'; if (`$Connection.Number % 2) { Wait-Event never } else { Receive-Line } }; `$s.Port;" +
        "Wait-Until { `$s.LinesOut -ge 4 }; $End"
        $shell = Start-ChildShell @('-Command', $script)
        $port = [int](Read-ChildLine $shell)
        $peers = 1..4 | ForEach-Object { Connect-Peer $port }
        foreach ($peer in $peers) { Receive-Peer $peer -Until "begun`r`n" | Should -BeExactly "begun`r`n" }
        Wait-ChildShell $shell
        $shell.Errors.Result | Should -BeNullOrEmpty
    }

    It 'ends with Ctrl+C where -Wait serves' {
        $port = Get-UnusedPort
        $pipeline = Start-Pipeline { param($Port) Start-LineServer $Port -Wait -Conversation { "hello $(Receive-Line 'name? ')"; 'wait'; Receive-Line } 6> $null } -ArgumentList $port
        Wait-Until { Test-Listening $port }
        $peer = Connect-Peer $port
        Send-Peer $peer "Ann`n"
        Receive-Peer $peer -Until "wait`r`n" | Should -BeExactly "name? hello Ann`r`nwait`r`n"
        $null = Stop-Pipeline $pipeline
        Receive-Peer $peer -End | Should -BeExactly ''
        Wait-Until { -not (Get-Worker) }
    }
}
