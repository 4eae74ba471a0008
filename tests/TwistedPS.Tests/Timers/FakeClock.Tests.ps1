BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
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

    It 'waits for the deferred that its handler outputs: <Name>' -ForEach @(
        @{ Name = 'itself'; Handler = { $seen.Add("$_"); $d } }
        @{ Name = 'with a callback'; Handler = { $seen.Add("$_"); $d | Add-DeferredCallback { "$_!" } } }
        @{ Name = 'one of another reactor'; Handler = { $seen.Add("$_"); $o } }
    ) {
        $other = New-Reactor
        $d, $o = (New-Deferred -Reactor $r), (New-Deferred -Reactor $other)
        $t = Start-ReactorTimer -Every 1 -Reactor $r $Handler
        Wait-Reactor $r -Advance 3.5
        $seen | Should -BeExactly '1'
        Complete-Deferred $d, $o 'result'
        Wait-Reactor $r -Until { $t.NextDue } -Timeout 30
        Wait-Reactor $r -Advance 0.5
        $t.Calls, $t.Skipped, $t.Status | Should -Be @(2, 2, 'Running')
        $t.Log.Message | Where-Object { $_ -like 'OnTick: *' -or $_ -like '*result*' } | Should -Not -BeNullOrEmpty
        Stop-Reactor $other
    }

    It 'does not wait for one that is not output' {
        $t = Start-ReactorTimer -Every 1 -Reactor $r { $null = New-Deferred -Reactor $r | Add-DeferredCallback { } }
        Wait-Reactor $r -Advance 3
        $t.Calls | Should -Be 3
    }

    It 'ends with Failed and the error of the deferred that it waits for' {
        $d = New-Deferred -Reactor $r
        $t = Start-ReactorTimer -Every 1 -Reactor $r { $d }
        Wait-Reactor $r -Advance 1
        Complete-Deferred $d -ErrorRecord 'no luck'
        Wait-Reactor $r -Advance 3 -ErrorAction SilentlyContinue -ErrorVariable failure
        $t.Status, $t.Calls, $t.Errors.Message | Should -Be @('Failed', 1, 'no luck')
    }

    It 'for a connection fails it, and itself, with the error of the deferred that it waits for' {
        $timers = [System.Collections.Generic.List[object]]::new()
        $s = Start-LineServer 0 -Reactor $r { $timers.Add((Start-ReactorTimer -After 1 { $d = New-Deferred; Complete-Deferred $d -ErrorRecord 'no luck'; $d })) } -OnError { "sorry: $_" }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'a'
        Wait-Reactor $r -Until { $timers.Count } -Timeout 30
        Wait-Reactor $r -Advance 1
        Receive-Line $c -Timeout 30 | Should -BeExactly 'sorry: no luck'
        $timers.Status, $timers.Errors.Message | Should -Be @('Failed', 'no luck')
    }

    It 'cancels the deferred that it waits for when it is stopped' {
        $d = New-Deferred -Reactor $r -OnCancel { $seen.Add('cancelled') }
        $t = Start-ReactorTimer -Every 1 -Reactor $r { $d }
        Wait-Reactor $r -Advance 1
        Stop-ReactorTimer $t
        $t.Status | Should -Be Stopped
        $seen | Should -BeExactly cancelled
        $t.ErrorCount | Should -Be 0
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
        $t.Log.Message -like 'OnTick failed: no more (*FakeClock.Tests.ps1:*)' | Should -HaveCount 1
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
