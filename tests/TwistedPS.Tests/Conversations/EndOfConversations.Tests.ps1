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
        $s = Start-LineServer 0 -Conversation { 'begun'; try { Start-Sleep 600 } finally { Write-ReactorLog 'cleaned up' } }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until "begun`r`n"
        Reset-Peer $peer
        $s.Connections[0]?.Abort()
        Wait-Until { $s.Log.Message -contains 'cleaned up' }
        $s.ErrorCount | Should -Be 0
    }

    It 'lets what runs go on when the peer has only ended its sending' {
        $s = Start-LineServer 0 -Conversation { $line = Receive-Line; Start-Sleep -Milliseconds 300; "answer to $line" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "answer to a`r`n"
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

    It 'stops those that do something else, and leaves no runspace and no thread' {
        $s = Start-LineServer 0 -Conversation { 'begun'; try { Start-Sleep 600 } finally { Write-ReactorLog 'cleaned up' } }
        $peers = 1..3 | ForEach-Object { Connect-Peer $s.Port }
        foreach ($peer in $peers) { $null = Receive-Peer $peer -Until "begun`r`n" }
        @(Get-Worker).Count | Should -Be 3
        Stop-LineServer $s -DrainTime 0
        @($s.Log.Message -eq 'cleaned up').Count | Should -Be 3
        Wait-Until { -not (Get-Worker) }
    }

    It 'leaves one that can not be stopped to its thread' {
        $s = Start-LineServer 0 -Conversation { 'begun'; [System.Threading.Thread]::Sleep(20000) }
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Until "begun`r`n"
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Stop-LineServer $s -DrainTime 0 -ErrorAction SilentlyContinue
        Wait-Until { $s.Status -eq 'Stopped' }
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 15
    }

    It 'lets a process end at once by <How>' -ForEach @(
        @{ How = 'exit'; End = 'exit' }
        @{ How = 'Remove-Module'; End = 'Remove-Module TwistedPS 3> $null; while (Get-Runspace | Where-Object Name -Like "TwistedPS*") { Start-Sleep -Milliseconds 50 }; "removed"; exit' }
    ) {
        $root = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $script = "Import-Module '$root'; `$s = Start-LineServer 0 -Conversation { 'begun'; if (`$Connection.Number % 2) { Start-Sleep 600 } else { Receive-Line } }; `$s.Port;" +
        "while (`$s.LinesOut -lt 4) { Start-Sleep -Milliseconds 20 }; $End"
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
        Stop-Pipeline $pipeline | Should -BeLessThan 20
        Receive-Peer $peer -End | Should -BeExactly ''
        Wait-Until { -not (Get-Worker) }
    }
}
