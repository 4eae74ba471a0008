BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A timer in the background' {
    AfterEach {
        Close-Peer
        Get-ReactorTimer | Stop-ReactorTimer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'calls beside the prompt, with what it takes along' {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $t = Start-ReactorTimer -Every 1ms -Count 3 -InitializationScript { function Get-Word { 'tick' } } {
            $script:sum += $_
            ($using:seen).Enqueue("$(Get-Word) $_ $script:sum")
        }
        Wait-Until { $t.Status -eq 'Completed' }
        $seen | Should -BeExactly @('tick 1 1', 'tick 2 3', 'tick 3 6')
    }

    It 'warns at the next cmdlet when its handler throws' {
        $gate = New-Gate
        $t = Start-ReactorTimer -After 0 { ($using:gate).Wait(30000); throw 'behind' } -Name worn
        $gate.Set()
        Wait-Until { $t.Status -eq 'Failed' }
        Get-Reactor -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        "$warnings" | Should -BeLike '*worn*behind*'
        $t.Errors[0].Message | Should -BeExactly behind
    }

    It 'runs on the reactor of the handler that starts it, with $using: variables of that handler' {
        $s = Start-LineServer 0 {
            $text = "$_ $([Environment]::CurrentManagedThreadId)"
            $to = $Connection
            $null = Start-ReactorTimer -After 1ms { Send-Line $using:to "$using:text $([Environment]::CurrentManagedThreadId)" }
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $word, $one, $two = (Receive-Peer $peer -Until "`n").Trim() -split ' '
        $word | Should -BeExactly a
        $two | Should -Be $one
        $s.ErrorCount | Should -Be 0
    }

    It 'is stopped, and calls no more' {
        $t = Start-ReactorTimer -Every 1ms { }
        Wait-Until { $t.Calls -gt 2 }
        Stop-ReactorTimer $t
        $calls = $t.Calls
        $t.Status | Should -Be Stopped
        Invoke-Reactor { }
        $t.Calls | Should -Be $calls
        Get-ReactorTimer | Should -BeNullOrEmpty
    }

    It 'is interrupted when its handler never ends' {
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $t = Start-ReactorTimer -After 0 { ($using:started).Set(); while ($true) { } } -Name endless
        $started.Wait(30000) | Should -BeTrue
        Stop-ReactorTimer $t -DrainTime 0 -WarningVariable warnings -WarningAction SilentlyContinue
        $t.Status | Should -Be Stopped
        "$warnings" | Should -BeLike '*OnTick of timer endless*'
        Invoke-Reactor { 'still' } | Should -BeExactly still
    }

    It 'ends with its reactor' {
        $own = New-Reactor
        $t = Start-ReactorTimer -After 1h { } -Reactor $own
        Stop-Reactor $own
        $t.Status | Should -Be Stopped
    }

    It 'writes its log to -LogPath' {
        $path = Join-Path $TestDrive timer.log
        $t = Start-ReactorTimer -After 1h { } -Name logged -LogPath $path
        Stop-ReactorTimer $t
        Get-Content $path | Should -HaveCount 2
        (Get-Content $path)[1] | Should -BeLike '*`[logged`] Stopped after 0 calls'
    }

    It 'leaves nothing behind, however many there were' {
        1..500 | ForEach-Object { $null = Start-ReactorTimer -After 0 { } }
        Wait-Until { -not (Get-ReactorTimer) }
        $t = Start-ReactorTimer -After 0 { }
        Wait-Until { $t.Status -eq 'Completed' }
        $t.Reactor.Services | Should -BeNullOrEmpty
    }
}

Describe 'Start-, Get- and Stop-ReactorTimer' {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock
        $one = Start-ReactorTimer -Every 2 { } -Name one -Reactor $r
        $two = Start-ReactorTimer -After 3 { } -Name two -Reactor $r
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'lists what is alive by name and by number' {
        Get-ReactorTimer | Should -Be @($one, $two)
        Get-ReactorTimer t* | Should -Be $two
        Get-ReactorTimer -Id $one.Id | Should -Be $one
        (Get-Failure { Get-ReactorTimer three }).Id | Should -Be ReactorTimerNotFound
    }

    It 'stops by <Name>' -ForEach @(
        @{ Name = 'name'; Stop = { Stop-ReactorTimer one } }
        @{ Name = 'number'; Stop = { Stop-ReactorTimer $one.Id } }
        @{ Name = 'object'; Stop = { Stop-ReactorTimer $one } }
        @{ Name = 'the pipeline'; Stop = { Get-ReactorTimer one | Stop-ReactorTimer } }
    ) {
        . $Stop
        $one.Status, $two.Status | Should -Be @('Stopped', 'Running')
        Get-ReactorTimer | Should -Be $two
    }

    It 'does nothing with -WhatIf' {
        Stop-ReactorTimer one -WhatIf
        $one.Status | Should -Be Running
    }

    It 'completes the names of timers' {
        $line = 'Stop-ReactorTimer '
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Be @('one', 'two')
    }

    It 'shows timers as a table' {
        $text = Get-ReactorTimer | Format-Table | Out-String -Width 120
        $text | Should -BeLike '*Id*Name*Status*Schedule*Errors*Calls*Skipped*'
        $text | Should -BeLike '*one*Running*every 2s, in 2s*two*Running*once, in 3s*'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an interval of 0'; Start = { Start-ReactorTimer -Every 0 { } }; Id = 'IntervalInvalid' }
        @{ Name = 'no handler'; Start = { Start-ReactorTimer -Every 1 $null }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'a time that is none'; Start = { Start-ReactorTimer -After soon { } }; Id = 'ParameterArgumentTransformationError' }
        @{ Name = 'a count of 0'; Start = { Start-ReactorTimer -Every 1 -Count 0 { } }; Id = 'ParameterArgumentValidationError' }
        @{ Name = '-Now with -After'; Start = { Start-ReactorTimer -After 1 -Now { } }; Id = 'AmbiguousParameterSet' }
        @{ Name = 'a time without -After or -Every'; Start = { Start-ReactorTimer 1.5 { } }; Id = 'CannotConvertArgumentNoMessage' }
        @{ Name = 'a process block'; Start = { Start-ReactorTimer -After 1 { process { } } }; Id = 'HandlerInvalid' }
        @{ Name = 'an initialization that throws'; Start = { Start-ReactorTimer -After 1 { } -InitializationScript { throw 'x' } }; Id = 'HandlerError' }
    ) {
        $failure = Get-Failure { . $Start }
        $failure.Id | Should -Be $Id
        $failure.IsTerminating | Should -BeTrue
        Get-ReactorTimer | Should -Be @($one, $two)
    }
}
