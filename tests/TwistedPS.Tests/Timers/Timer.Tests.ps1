BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A timer by the fake clock' {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock
        $seen = [System.Collections.Generic.List[string]]::new()
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'is called once after its time' {
        $t = Start-ReactorTimer -After 5 { $seen.Add("$_ at $($r.TimeProvider.Elapsed.TotalSeconds)") } -Reactor $r
        Wait-Reactor $r -Advance 4999ms
        $seen | Should -BeNullOrEmpty
        $t.Status | Should -Be Running
        Wait-Reactor $r -Advance 1m
        $seen | Should -BeExactly '1 at 5'
        $t.Status | Should -Be Completed
        $r.Services | Should -BeNullOrEmpty
    }

    It 'is called again and again, first after one interval' {
        $t = Start-ReactorTimer -Every 500ms { $seen.Add("$_ at $($r.TimeProvider.Elapsed.TotalSeconds)") } -Reactor $r
        $t.NextDue | Should -Be $r.TimeProvider.GetLocalNow().AddMilliseconds(500)
        Wait-Reactor $r -Advance 1.6
        $seen | Should -BeExactly @('1 at 0.5', '2 at 1', '3 at 1.5')
        $t.Status, $t.Calls, $t.Skipped, $t.Interval | Should -Be @('Running', 3, 0, [timespan]'0:0:0.5')
    }

    It 'begins at once with -Now, and ends with -Count' {
        $t = Start-ReactorTimer -Every 1 { $seen.Add("$_ at $($r.TimeProvider.Elapsed.TotalSeconds)") } -Now -Count 3 -Reactor $r
        Wait-Reactor $r -Advance 10
        $seen | Should -BeExactly @('1 at 0', '2 at 1', '3 at 2')
        $t.Status | Should -Be Completed
    }

    It 'is called at once after no time' {
        $null = Start-ReactorTimer -After 0 { $seen.Add('called') } -Reactor $r
        Wait-Reactor $r
        $seen | Should -BeExactly called
    }

    It 'skips the calls that a slow handler misses, and counts them' {
        $t = Start-ReactorTimer -Every 1 -Reactor $r {
            $seen.Add("$_ at $($r.TimeProvider.Elapsed.TotalSeconds), skipped $($Timer.Skipped)")
            if ($_ -eq 1) { $r.TimeProvider.Advance([timespan]::FromSeconds(2.5)) }
        }
        Wait-Reactor $r -Advance 4 -WarningAction SilentlyContinue
        $seen | Should -BeExactly @('1 at 1, skipped 0', '2 at 4, skipped 2')
        $t.Skipped | Should -Be 2
    }

    It 'has $_, $Timer, and its arguments by position' {
        $null = Start-ReactorTimer -After 1 {
            param($One, $Number, $Extra)
            $seen.Add("$_ $($Timer.Name) $($One.Name) $Number $Extra")
        } -Name tea -ArgumentList more -Reactor $r
        Wait-Reactor $r -Advance 1
        $seen | Should -BeExactly '1 tea tea 1 more'
    }

    It 'logs what its handler outputs' {
        $t = Start-ReactorTimer -After 1 { 'a'; 'b' } -Reactor $r
        Wait-Reactor $r -Advance 1 | Should -BeNullOrEmpty
        $t.Log.Message | Should -Be @('Started', 'OnTick: a', 'OnTick: b', 'Completed after 1 calls')
    }

    It 'stops when its handler throws, and the error is shown' {
        $t = Start-ReactorTimer -Every 1 { throw 'no more' } -Reactor $r
        $other = Start-ReactorTimer -Every 1 { } -Reactor $r
        $failures = @()
        Wait-Reactor $r -Advance 3 -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeExactly 'no more'
        $t.Status, $t.Calls | Should -Be @('Failed', 1)
        $t.Errors[0].Handler, $t.Errors[0].Message | Should -BeExactly @('OnTick', 'no more')
        $t.Log.Message | Should -Contain 'OnTick failed: no more'
        $other.Calls | Should -Be 3
    }

    It 'may be stopped by its handler with <Name>' -ForEach @(
        @{ Name = 'Dispose'; Stop = { $Timer.Dispose() } }
        @{ Name = 'Stop-ReactorTimer'; Stop = { Stop-ReactorTimer $Timer } }
    ) {
        $t = Start-ReactorTimer -Every 1 { if ($_ -eq 2) { . $Stop; $seen.Add('went on') } } -Reactor $r
        Wait-Reactor $r -Advance 5
        $t.Status, $t.Calls | Should -Be @('Stopped', 2)
        $seen | Should -BeExactly 'went on'
        $t.ErrorCount | Should -Be 0
    }

    It 'may be started by the handler of another, and has its time within the same step' {
        $null = Start-ReactorTimer -After 1 -Reactor $r {
            $null = Start-ReactorTimer -After 2 { $seen.Add("$($r.TimeProvider.Elapsed.TotalSeconds), reactor $($Timer.Reactor.Id)") }
        }
        Wait-Reactor $r -Advance 5
        $seen | Should -BeExactly "3, reactor $($r.Id)"
    }

    It 'calls mocks' {
        function Send-Tea { 'real' }
        Mock Send-Tea { $seen.Add('mocked') }
        $null = Start-ReactorTimer -After 3m { Send-Tea } -Reactor $r
        Wait-Reactor $r -Advance 3m
        Should -Invoke Send-Tea -Exactly 1
        $seen | Should -BeExactly mocked
    }

    It 'answers lines later' {
        $s = Start-LineServer 0 -Reactor $r {
            $null = Start-ReactorTimer -After 5 { param($Timer, $Number, $To, $Line) Send-Line $To "late $Line" } -ArgumentList $Connection, $_
        }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'a', 'b'
        Wait-Reactor $r -Until { $s.LinesIn -eq 2 } -Timeout 30
        $s.LinesOut | Should -Be 0
        Wait-Reactor $r -Advance 5
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('late a', 'late b')
    }
}

Describe 'The fake clock' {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'begins at a fixed time and moves only when it is told to' {
        $r.TimeProvider | Should -BeOfType TwistedPS.ManualClock
        $r.TimeProvider.GetLocalNow().ToString('s') | Should -BeExactly '2000-01-01T00:00:00'
        Wait-Reactor $r -Advance '01:02:03'
        $r.TimeProvider.GetLocalNow().ToString('s') | Should -BeExactly '2000-01-01T01:02:03'
    }

    It 'closes idle connections at their time' {
        $s = Start-LineServer 0 { $_ } -IdleTimeout 10m -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
        $connection = $s.Connections[0]
        Wait-Reactor $r -Advance 599
        $connection.CloseReason | Should -Be None
        Wait-Reactor $r -Advance 1
        $connection.CloseReason | Should -Be TimedOut
    }

    It 'does not hold up a timeout of somebody who waits' {
        $null = Start-ReactorTimer -After 1 { } -Reactor $r
        (Get-Failure { Wait-Reactor $r -Until { $false } -Timeout 100ms }).Id | Should -Be WaitTimeout
    }

    It 'is asked for with -Foreground only' {
        $failure = Get-Failure { New-Reactor -FakeClock }
        $failure.Id | Should -Be FakeClockNeedsForeground
        $failure.IsTerminating | Should -BeTrue
    }

    It 'is what -Advance wants: a real one is refused' {
        $real = New-Reactor -Foreground
        try {
            $failure = Get-Failure { Wait-Reactor $real -Advance 1 }
            $failure.Id | Should -Be NotFakeClock
            $failure.IsTerminating | Should -BeTrue
        }
        finally {
            Stop-Reactor $real
        }
    }

    It 'refuses to be advanced by a handler with Wait-Reactor' {
        $t = Start-ReactorTimer -After 1 { Wait-Reactor $r -Advance 1 } -Reactor $r
        Wait-Reactor $r -Advance 1 -ErrorAction SilentlyContinue
        $t.Errors[0].Exception.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'WouldDeadlock,*'
    }
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
        $t = Start-ReactorTimer -After 0 { throw 'behind' } -Name worn
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
        $text | Should -BeLike '*Id*Name*Status*Interval*NextDue*Calls*Skipped*Errors*Uptime*'
        $text | Should -BeLike '*one*Running*00:00:02*00:00:02.000*two*Running*00:00:03.000*'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an interval of 0'; Start = { Start-ReactorTimer -Every 0 { } }; Id = 'IntervalInvalid' }
        @{ Name = 'no handler'; Start = { Start-ReactorTimer -Every 1 $null }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'a time that is none'; Start = { Start-ReactorTimer -After soon { } }; Id = 'ParameterArgumentTransformationError' }
        @{ Name = 'a count of 0'; Start = { Start-ReactorTimer -Every 1 -Count 0 { } }; Id = 'ParameterArgumentValidationError' }
        @{ Name = '-Now with -After'; Start = { Start-ReactorTimer -After 1 -Now { } }; Id = 'AmbiguousParameterSet' }
        @{ Name = 'a process block'; Start = { Start-ReactorTimer -After 1 { process { } } }; Id = 'HandlerInvalid' }
        @{ Name = 'an initialization that throws'; Start = { Start-ReactorTimer -After 1 { } -InitializationScript { throw 'x' } }; Id = 'HandlerError' }
    ) {
        $failure = Get-Failure { . $Start }
        $failure.Id | Should -Be $Id
        $failure.IsTerminating | Should -BeTrue
        Get-ReactorTimer | Should -Be @($one, $two)
    }
}
