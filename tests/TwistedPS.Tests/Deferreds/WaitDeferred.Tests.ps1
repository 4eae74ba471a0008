BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Wait-Deferred' {
    BeforeEach {
        $one, $two, $three = 1..3 | ForEach-Object { New-Deferred }
    }

    It 'waits for all and outputs all, in the order given' {
        $gate = New-Gate
        $slow = Start-Deferred { ($using:gate).Wait(); 'slow' }
        $fast = Start-Deferred { ($using:gate).Set(); 'fast' }
        Wait-Deferred $slow, $fast -Timeout 30 | Should -Be @($slow, $fast)
        $slow.Status, $fast.Status | Should -Be @('Succeeded', 'Succeeded')
    }

    It 'waits for one with -Any, and outputs those that have fired' {
        $fast = Start-Deferred { 'fast' }
        $one, $fast | Wait-Deferred -Any -Timeout 30 | Should -Be $fast
    }

    It 'outputs those that have fired when -Timeout has passed' {
        Complete-Deferred $two
        Wait-Deferred $one, $two, $three -Timeout 50ms | Should -Be $two
    }

    It 'outputs nothing with -Any when -Timeout has passed and none has fired' {
        Wait-Deferred $one, $two -Any -Timeout 50ms | Should -BeNullOrEmpty
    }

    It 'outputs those that failed and those that were cancelled too, and handles nothing' {
        Complete-Deferred $one -ErrorRecord 'bad'
        Stop-Deferred $two
        Wait-Deferred $one, $two -All -Timeout 30 | Should -Be @($one, $two)
        $one.Status | Should -Be Failed
        Get-Failure { Receive-Soon $one } | ForEach-Object Message | Should -BeExactly bad
    }

    It 'waits for nothing when there is none' {
        @() | Wait-Deferred | Should -BeNullOrEmpty
        Wait-Deferred @() -Any | Should -BeNullOrEmpty
    }

    It 'ends when the reactor does' {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        $pipeline = Start-Pipeline { param($d, $one) Wait-Deferred $d, $one -Any | ForEach-Object Status } $d, $one
        Stop-Reactor $r
        Test-Pipeline $pipeline | Should -BeTrue
    }
}

Describe 'Receive-Deferred' {
    It 'outputs nothing of one that waits' {
        Receive-Deferred (New-Deferred) | Should -BeNullOrEmpty
    }

    It 'waits with -Wait' {
        $gate = New-Gate
        $d = Start-Deferred { ($using:gate).Wait(); 'result' }
        $null = Start-Deferred { ($using:gate).Set() }
        Receive-Deferred $d -Wait | Should -BeExactly result
    }

    It 'outputs the results of several in their order, each item of an array, and no null' {
        $d = (Start-Deferred { 1; 2 }), (Start-Deferred { }), (Start-Deferred { 3 })
        $d | Receive-Deferred -Wait | Should -Be @(1, 2, $null, 3)
    }

    It 'outputs the result again and again' {
        $d = New-Deferred
        Complete-Deferred $d result
        $d, $d | Receive-Deferred | Should -BeExactly @('result', 'result')
    }

    It 'writes an error when -Timeout has passed, and goes on with the next' {
        $late, $there = (New-Deferred), (New-Deferred)
        Complete-Deferred $there result
        $failures = @()
        $late, $there | Receive-Deferred -Timeout 50ms -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeExactly result
        $failures.FullyQualifiedErrorId | Should -BeLike 'ReceiveTimeout,*'
        $failures.TargetObject | Should -Be $late
        "$failures" | Should -BeExactly "Nothing more arrived from $late within 0.05 s."
    }

    It 'writes the error it ended with' {
        $d = Start-Deferred { throw 'no luck' }
        $failure = Get-Failure { Receive-Deferred $d -Wait }
        $failure.Message, $failure.IsTerminating | Should -Be @('no luck', $false)
    }

    It 'writes the error of one that was cancelled' {
        $d = New-Deferred
        Stop-Deferred $d
        (Get-Failure { Receive-Deferred $d }).Id | Should -BeExactly DeferredCancelledException
    }

    It 'writes ReactorStopped for one that can''t fire any more' {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        Stop-Reactor $r
        (Get-Failure { Receive-Deferred $d -Wait }).Id | Should -BeExactly ReactorStopped
        (Get-Failure { Receive-Deferred $d }).Id | Should -BeExactly ReactorStopped
    }
}

Describe 'A deferred and a task' {
    BeforeEach {
        $source = [System.Threading.Tasks.TaskCompletionSource[object]]::new()
        $d = New-Deferred -Task $source.Task
    }

    It 'fires with the value of the task' {
        $source.SetResult('value')
        $d | Receive-Soon | Should -BeExactly value
    }

    It 'fires with null for a task without a value' {
        $d = New-Deferred -Task ([System.Threading.Tasks.Task]::CompletedTask) | Add-DeferredCallback { "[$_]" }
        $d | Receive-Soon | Should -BeExactly '[]'
    }

    It 'fails with the fault of the task' {
        $source.SetException([System.IO.IOException]::new('no disk'))
        $failures = @()
        $d | Receive-Soon -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].Exception | Should -BeOfType System.IO.IOException
        "$($failures[0])" | Should -BeExactly 'no disk'
    }

    It 'is cancelled with the task' {
        $source.SetCanceled()
        Wait-Deferred $d -Timeout 30 | ForEach-Object Status | Should -Be Cancelled
    }

    It 'can be cancelled, and ignores the task from then on' {
        Stop-Deferred $d
        $source.SetResult('late')
        $d.Status | Should -Be Cancelled
    }

    It 'becomes a task: <Name>' -ForEach @(
        @{ Name = 'result'; Fire = { Complete-Deferred $one 'value' }; Status = 'RanToCompletion' }
        @{ Name = 'error'; Fire = { Complete-Deferred $one -ErrorRecord 'bad' }; Status = 'Faulted' }
    ) {
        $one = New-Deferred
        $task = $one.AsTask()
        $task.IsCompleted | Should -BeFalse
        . $Fire
        $null = [System.Threading.Tasks.Task]::WaitAny(@($task), 30000)
        $task.Status | Should -Be $Status
        if ($Status -eq 'RanToCompletion') { $task.Result | Should -BeExactly value } else { $task.Exception.InnerException.Message | Should -BeExactly bad }
        $one.Status, $one.Result | Should -Be @('Succeeded', $null)
    }

    It 'becomes a task that is cancelled when it is' {
        $one = New-Deferred
        $task = $one.AsTask()
        Stop-Deferred $one
        $null = [System.Threading.Tasks.Task]::WaitAny(@($task), 30000)
        $task.Status | Should -Be Canceled
    }
}

Describe 'Waiting cmdlets' {
    AfterEach {
        Close-Peer
    }

    # The progress after each second notices Ctrl+C as well: the cmdlet has to be quicker.
    It '<Name> ends at once with Ctrl+C' -ForEach @(
        @{ Name = 'Wait-Deferred'; Script = { Wait-Deferred (New-Deferred) } }
        @{ Name = 'Wait-Deferred -Any'; Script = { Wait-Deferred (New-Deferred) -Any } }
        @{ Name = 'Receive-Deferred -Wait'; Script = { Receive-Deferred (New-Deferred) -Wait } }
        @{ Name = 'Receive-Deferred -Timeout'; Script = { Receive-Deferred (New-Deferred) -Timeout 1000 } }
        @{ Name = 'Receive-Deferred for work'; Script = { Receive-Deferred (Start-Deferred { Wait-Event Never }) -Wait } }
    ) {
        Measure-QuickStop $Script 'Waiting for deferreds' -Limit 0.5 | Should -BeLessThan 0.5
    }

    It 'Wait-Deferred for a foreground reactor ends at once with Ctrl+C' {
        $seen = New-Queue
        $pipeline = Start-Pipeline { param($seen) $d = New-Deferred -Reactor (New-Reactor -Foreground); $seen.Enqueue($d); Wait-Deferred $d } $seen
        Wait-Until { $seen.Count -eq 1 }
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        $pipeline.Shell.InvocationStateInfo.State | Should -Be Stopped
    }

    It '<Name> is refused in a handler that would wait for itself' -ForEach @(
        @{ Name = 'Wait-Deferred'; Wait = { Wait-Deferred (New-Deferred) } }
        @{ Name = 'Receive-Deferred -Wait'; Wait = { Receive-Deferred (New-Deferred) -Wait } }
        @{ Name = 'Receive-Deferred -Timeout'; Wait = { Receive-Deferred (New-Deferred) -Timeout 30 } }
    ) {
        $text = "$Wait"
        $failure = Start-Deferred { } | Add-DeferredCallback ([scriptblock]::Create("try { $text } catch { `$_.FullyQualifiedErrorId; ""`$_"" }")) | Receive-Soon
        $failure[0] | Should -BeLike 'WouldDeadlock,*'
        $failure[1] | Should -BeLike '*Use Add-DeferredCallback instead.'
    }

    It 'do not wait, and are not refused, in a handler for those that have fired' {
        Start-Deferred { } | Add-DeferredCallback {
            $d = New-Deferred
            Complete-Deferred $d 'there'
            Wait-Deferred $d | Receive-Deferred -Wait
        } | Receive-Soon | Should -BeExactly there
    }

    It 'wait in a handler for what another reactor brings' {
        $r = New-Reactor
        try {
            $afar = New-Deferred -Reactor $r
            $started = New-Gate
            $d = New-Deferred | Add-DeferredCallback {
                $own = New-Deferred
                Complete-Deferred $own
                ($using:started).Set()
                Wait-Deferred $own, $using:afar | ForEach-Object Status
            }
            $pipeline = Start-Pipeline { param($d) $d.Succeed($null) } $d
            $started.Wait(30000) | Should -BeTrue
            Complete-Deferred $afar
            $d | Receive-Soon | Should -Be @('Succeeded', 'Succeeded')
        }
        finally {
            Stop-Reactor $r
        }
    }
}
