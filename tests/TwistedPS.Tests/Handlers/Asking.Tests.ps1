BeforeDiscovery {
    $calls = @(
        @{ Name = 'Read-Host'; Ask = { Read-Host 'Who are you' } }
        @{ Name = 'Read-Host -AsSecureString'; Ask = { Read-Host -AsSecureString } }
        @{ Name = 'Get-Credential'; Ask = { Get-Credential someone } }
        @{ Name = 'pause'; Ask = { pause } }
        @{ Name = '$Host.UI.ReadLine'; Ask = { $Host.UI.ReadLine() } }
        @{ Name = '$Host.UI.PromptForChoice'; Ask = { $Host.UI.PromptForChoice('Go on', 'Go on?', [System.Management.Automation.Host.ChoiceDescription[]] ('&Yes', '&No'), 0) } }
        @{ Name = '$Host.UI.RawUI.ReadKey'; Ask = { $Host.UI.RawUI.ReadKey() } }
        @{ Name = 'a confirmation'; Ask = { Set-Variable x 1 -Confirm } }
        @{ Name = '$Host.EnterNestedPrompt'; Ask = { $Host.EnterNestedPrompt() } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    $way = '*nobody to ask: handlers and the scripts of Start-Deferred run beside the prompt. Ask before, and bring the answer in with $using:, or ask the peer.*'
}

Describe 'A question to the person at the prompt: <Name>' -ForEach $calls {
    AfterEach {
        Stop-Everything
    }

    It 'is an error in a handler that says what to do instead' {
        $s = Start-LineServer 0 $Ask -OnError { "$_" }
        Invoke-Peer $s.Port "x`n" | ForEach-Object Trim | Should -BeLike $way
    }

    It 'is the same error in work beside the reactor' {
        $failure = Get-Failure { Start-Deferred $Ask | Receive-Deferred -Wait -Timeout 60 }
        $failure.Message | Should -BeLike $way
    }
}

Describe 'The error of a question' {
    AfterEach {
        Stop-Everything
    }

    It 'has an id, a category and a recommendation' {
        $d = Start-Deferred { Read-Host } | Add-DeferredCallback -OnError { @{ Error = $_ } }
        $record = (Receive-Deferred $d -Timeout 60).Error
        $record.FullyQualifiedErrorId | Should -BeLike 'NobodyToAsk*'
        $record.CategoryInfo.Category | Should -Be InvalidOperation
        $record.ErrorDetails.RecommendedAction | Should -BeLike '*-Wait*'
    }

    It 'is that of a parameter that is missing, where a command would ask for it' {
        $s = Start-LineServer 0 { Get-Item } -OnError { "$_" }
        Invoke-Peer $s.Port "x`n" | Should -BeLike '*missing mandatory parameters: Path*'
    }
}

Describe 'What handlers write to the host' {
    AfterEach {
        Stop-Everything
    }

    It 'goes to the log, and disturbs nothing' {
        $s = Start-LineServer 0 { Write-Host shown; $Host.UI.WriteLine('lost'); Write-Progress working; $Host.Name; "$($Host.UI.SupportsVirtualTerminal)" }
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "TwistedPS`r`nFalse`r`n"
        $s.Log.Message | Should -Contain shown
    }
}
