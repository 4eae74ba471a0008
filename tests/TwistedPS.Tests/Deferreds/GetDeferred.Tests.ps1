BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Get-Deferred' {
    It 'lists those that wait, by number and by name' {
        $named = New-Deferred -Name backup
        $other = New-Deferred
        Get-Deferred | Should -Contain $named
        Get-Deferred | Should -Contain $other
        Get-Deferred backup | Should -Be $named
        Get-Deferred back* | Should -Be $named
        Get-Deferred "Deferred$($other.Id)" | Should -Be $other
        Get-Deferred $other.Id | Should -Be $other
        Get-Deferred -Id $other.Id, $named.Id | Should -Be $other, $named
        $other.Name | Should -BeExactly "Deferred$($other.Id)"
        $named, $other | Stop-Deferred
    }

    It 'keeps the last that have succeeded at the prompt, for whoever has kept none' {
        # In a call of its own, so that nothing on the stack holds them. Nothing keeps that of a handler.
        $kept, $lost = & {
            (Start-Deferred { 'first' } | Wait-Deferred -Timeout 60).Id
            Invoke-Reactor { $d = New-Deferred; Complete-Deferred $d 1; $d.Id }
        }
        $isGone = {
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
            $args[0] -notin @(Get-Deferred).Id
        }
        Wait-Until { & $isGone $lost }
        Receive-Deferred $kept | Should -BeExactly first
        1..20 | ForEach-Object { Complete-Deferred (New-Deferred) $_ }
        Wait-Until { & $isGone $kept }
        (Get-Failure { Receive-Deferred $kept }).Id | Should -Be DeferredNotFound
    }

    It 'keeps none alive that waits, has failed, or is of a handler' {
        # In a call of its own, so that nothing on the stack holds them.
        $lost = & {
            (New-Deferred).Id
            (Start-Deferred { throw 'expected' } | Wait-Deferred -Timeout 60).Id
            Invoke-Reactor { $d = New-Deferred; Complete-Deferred $d 1; $d.Id }
        } 3>$null
        Wait-Until {
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
            -not (@(Get-Deferred -WarningAction Ignore).Id | Where-Object { $_ -in $lost })
        }
        Get-Deferred -WarningAction Ignore | Out-Null
    }

    It 'lists none of a reactor that has stopped' {
        $reactor = New-Reactor
        $d = New-Deferred -Reactor $reactor
        Get-Deferred | Should -Contain $d
        Stop-Reactor $reactor
        Get-Deferred | Should -Not -Contain $d
    }

    It 'lists those of handlers to the prompt, and those of the prompt to handlers' {
        $d = New-Deferred -Name 'of the prompt'
        Invoke-Reactor { (Get-Deferred 'of the prompt').Id; $script:own = New-Deferred -Name 'of a handler' } | Should -Be $d.Id
        (Get-Deferred 'of a handler').Status | Should -Be Waiting
        'of the prompt', 'of a handler' | Stop-Deferred
    }
}

Describe 'The number or name of a deferred' {
    BeforeEach {
        # What has succeeded is kept for a while, so each has a name of its own.
        $name = "known$(Get-Random)"
    }

    It 'is taken by <Command>' -ForEach @(
        @{ Command = 'Complete-Deferred'; Do = { Complete-Deferred $d.Id done }; Status = 'Succeeded' }
        @{ Command = 'Complete-Deferred, by name'; Do = { Complete-Deferred $name done }; Status = 'Succeeded' }
        @{ Command = 'Stop-Deferred'; Do = { $d.Id | Stop-Deferred }; Status = 'Cancelled' }
        @{ Command = 'Wait-Deferred'; Do = { Complete-Deferred $d; (Wait-Deferred $name -Timeout 30).Id | Should -Be $d.Id }; Status = 'Succeeded' }
        @{ Command = 'Receive-Deferred'; Do = { Complete-Deferred $d it; Receive-Deferred $d.Id -Timeout 30 | Should -BeExactly it }; Status = 'Succeeded' }
        @{ Command = 'Add-DeferredCallback'; Do = { Add-DeferredCallback $name { "<$_>" }; Complete-Deferred $d it; Receive-Deferred $d -Timeout 30 | Should -BeExactly '<it>' }; Status = 'Succeeded' }
        @{ Command = 'New-Deferred -All'; Do = { $all = New-Deferred -All $d.Id, $d; Complete-Deferred $d it; Receive-Deferred $all -Timeout 30 | Should -BeExactly it, it }; Status = 'Succeeded' }
        @{ Command = 'New-Deferred -Any'; Do = { $any = New-Deferred -Any $name; Complete-Deferred $d it; Receive-Deferred $any -Timeout 30 | Should -BeExactly it }; Status = 'Succeeded' }
    ) {
        $d = New-Deferred -Name $name
        . $Do | Out-Null
        $d.Status | Should -Be $Status
    }

    It 'that is none combines nothing' {
        $failure = Get-Failure { New-Deferred -All 987654 }
        $failure.Id, $failure.IsTerminating | Should -Be DeferredNotFound, $false
    }

    It 'is offered by <Command>' -ForEach @(
        @{ Command = 'Get-Deferred' }
        @{ Command = 'Wait-Deferred' }
        @{ Command = 'Receive-Deferred' }
        @{ Command = 'Stop-Deferred' }
        @{ Command = 'Complete-Deferred' }
        @{ Command = 'Add-DeferredCallback' }
        @{ Command = 'New-Deferred -All' }
    ) {
        $d = New-Deferred -Name $name
        Get-Completion ("$Command $name" -replace '.$') | Should -Be $name
        Stop-Deferred $d
    }
}
