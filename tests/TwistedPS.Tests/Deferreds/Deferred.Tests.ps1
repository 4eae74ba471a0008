BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function New-Gate {
        [System.Threading.ManualResetEventSlim]::new($false)
    }

    function New-List {
        , [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
    }

    function Receive-Soon {
        param([Parameter(ValueFromPipeline)] [object] $Deferred)
        process { Receive-Deferred $Deferred -Timeout 30 }
    }
}

Describe 'A chain of callbacks' {
    BeforeEach {
        $d = New-Deferred
    }

    It 'passes the output of each on to the next' {
        $null = $d | Add-DeferredCallback { "$_ one" } | Add-DeferredCallback { "$_ two" }
        Complete-Deferred $d zero
        $d | Receive-Soon | Should -BeExactly 'zero one two'
    }

    It 'runs at once where it has fired already' {
        Complete-Deferred $d 1
        $null = Add-DeferredCallback $d { $_ + 1 }
        $d.Result, $d.Status | Should -Be @(2, 'Succeeded')
    }

    It 'passes <Name> on as <Expected>' -ForEach @(
        @{ Name = 'several outputs'; Callback = { 1; 2; 3 }; Expected = 'Object[] of 3: 1 2 3' }
        @{ Name = 'one output'; Callback = { 7 }; Expected = 'Int32 of 1: 7' }
        @{ Name = 'no output'; Callback = { }; Expected = 'nothing' }
        @{ Name = 'the output null'; Callback = { $null }; Expected = 'nothing' }
        @{ Name = 'an array in one piece'; Callback = { , @(1, 2) }; Expected = 'Object[] of 2: 1 2' }
        @{ Name = 'an array'; Callback = { @('a', 'b') }; Expected = 'Object[] of 2: a b' }
    ) {
        $null = $d | Add-DeferredCallback $Callback | Add-DeferredCallback {
            if ($null -eq $_) { 'nothing' } else { "$(($_ -is [array]) ? 'Object[]' : $_.GetType().Name) of $(@($_).Count): $_" }
        }
        Complete-Deferred $d
        $d | Receive-Soon | Should -BeExactly $Expected
    }

    It 'skips to the next errback with $_ as the record of <Name>' -ForEach @(
        @{ Name = 'a throw'; Callback = { throw 'broken' }; Id = 'broken'; Type = 'RuntimeException' }
        @{ Name = 'a thrown .NET exception'; Callback = { throw [System.IO.IOException]::new('broken') }; Id = 'broken'; Type = 'IOException' }
        @{ Name = 'a .NET method that fails'; Callback = { [int]::Parse('broken') }; Id = 'FormatException'; Type = 'MethodInvocationException' }
        @{ Name = 'a thrown error record'; Type = 'TimeoutException'; Id = 'Mine'
            Callback = { throw [System.Management.Automation.ErrorRecord]::new([TimeoutException]::new('broken'), 'Mine', 'OperationTimeout', 'target') } }
        @{ Name = 'a cmdlet with -ErrorAction Stop'; Callback = { Write-Error 'broken' -ErrorId Said -ErrorAction Stop }; Id = 'Said'; Type = 'WriteErrorException' }
    ) {
        $null = $d | Add-DeferredCallback $Callback | Add-DeferredCallback { 'must not run' } | Add-DeferredCallback -OnError {
            "$($_.GetType().Name) $($_.FullyQualifiedErrorId) $($_.Exception.GetType().Name) $_"
        }
        Complete-Deferred $d
        $d | Receive-Soon | Should -BeLike "ErrorRecord $Id* $Type *broken*"
    }

    It 'goes on with the next callback after an errback that recovers' {
        $null = $d | Add-DeferredCallback -OnError { "caught $_" } | Add-DeferredCallback { "$_, went on" } -OnError { 'must not run' }
        Complete-Deferred $d -ErrorRecord 'trouble'
        $d | Receive-Soon | Should -BeExactly 'caught trouble, went on'
    }

    It 'goes on with the next errback after an errback that throws' {
        $null = $d | Add-DeferredCallback -OnError { throw "again $_" } | Add-DeferredCallback { 'must not run' } -OnError { "caught $_" }
        Complete-Deferred $d -ErrorRecord 'trouble'
        $d | Receive-Soon | Should -BeExactly 'caught again trouble'
    }

    It 'calls one of the two scripts of a pair, never the second for the error of the first' {
        $null = $d | Add-DeferredCallback { throw 'own error' } -OnError { 'must not run' } | Add-DeferredCallback -OnError { "later: $_" }
        Complete-Deferred $d
        $d | Receive-Soon | Should -BeExactly 'later: own error'
    }

    It 'does not take Write-Error for a failure' {
        $null = $d | Add-DeferredCallback { Write-Error 'only said'; 'went on' }
        Complete-Deferred $d
        $d | Receive-Soon | Should -BeExactly 'went on'
    }

    It 'calls -Both for <Name>' -ForEach @(
        @{ Name = 'a result'; Fire = { Complete-Deferred $d 'fine' }; Expected = 'String fine' }
        @{ Name = 'an error'; Fire = { Complete-Deferred $d -ErrorRecord 'bad' }; Expected = 'ErrorRecord bad' }
    ) {
        $null = Add-DeferredCallback $d -Both { "$($_.GetType().Name) $_" }
        . $Fire
        $d | Receive-Soon | Should -BeExactly $Expected
    }

    It 'gives the result by position too, and -ArgumentList after it' {
        $null = Add-DeferredCallback $d { param($Result, $First, $Second) "$Result $First $Second" } -ArgumentList one, two
        Complete-Deferred $d zero
        $d | Receive-Soon | Should -BeExactly 'zero one two'
    }

    It 'gives the error by position too, and -ArgumentList after it' {
        $null = Add-DeferredCallback $d -OnError { param($Failure, $More) "$Failure $More" } -ArgumentList more
        Complete-Deferred $d -ErrorRecord 'bad'
        $d | Receive-Soon | Should -BeExactly 'bad more'
    }

    It 'waits for the deferred that a callback returns, and takes its <Name>' -ForEach @(
        @{ Name = 'result'; Fire = { Complete-Deferred $inner 'from inside' }; Expected = 'got from inside' }
        @{ Name = 'error'; Fire = { Complete-Deferred $inner -ErrorRecord 'from inside' }; Expected = 'failed from inside' }
    ) {
        $inner = New-Deferred
        $null = Add-DeferredCallback $d { $using:inner } | Add-DeferredCallback { "got $_" } -OnError { "failed $_" }
        Complete-Deferred $d
        $d.Status | Should -Be Waiting
        . $Fire
        $d | Receive-Soon | Should -BeExactly $Expected
        $inner.Status, $inner.Result | Should -Be @('Succeeded', $null)
    }

    It 'waits for the deferred of another reactor that a callback returns' {
        $r = New-Reactor
        try {
            $inner = New-Deferred -Reactor $r
            $null = Add-DeferredCallback $d { $using:inner } | Add-DeferredCallback { "got $_" }
            Complete-Deferred $d
            Complete-Deferred $inner 'from afar'
            $d | Receive-Soon | Should -BeExactly 'got from afar'
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'runs a callback that a callback adds, after those that are there' {
        $order = New-List
        $null = Add-DeferredCallback $d {
            $order = $using:order
            $order.Enqueue('first')
            $null = Add-DeferredCallback $using:d { ($using:order).Enqueue('added') }
        } | Add-DeferredCallback { ($using:order).Enqueue('second') }
        Complete-Deferred $d
        $null = Wait-Deferred $d -Timeout 30
        $order | Should -Be @('first', 'second', 'added')
    }

    It 'goes on after a callback that leaves with <_>' -ForEach 'break', 'continue', 'exit', 'return' {
        $null = Add-DeferredCallback $d ([scriptblock]::Create("'before'; $_; 'after'")) | Add-DeferredCallback { "got $_" }
        Complete-Deferred $d
        $d | Receive-Soon | Should -BeExactly 'got before'
    }

    It 'is added by <Name>' -ForEach @(
        @{ Name = 'position'; Add = { Add-DeferredCallback $d { "$_!" } } }
        @{ Name = 'name'; Add = { Add-DeferredCallback -Deferred $d -OnSuccess { "$_!" } } }
        @{ Name = 'the pipeline'; Add = { $d | Add-DeferredCallback { "$_!" } } }
        @{ Name = 'the pipeline with -OnError'; Add = { $d | Add-DeferredCallback { "$_!" } -OnError { 'must not run' } } }
        @{ Name = 'the pipeline with -Both'; Add = { $d | Add-DeferredCallback -Both { "$_!" } } }
        @{ Name = 'position with -Both'; Add = { Add-DeferredCallback $d -Both { "$_!" } } }
    ) {
        . $Add | Should -Be $d
        Complete-Deferred $d result
        $d | Receive-Soon | Should -BeExactly 'result!'
    }

    It 'is added to several at once' {
        $two = 1..2 | ForEach-Object { New-Deferred }
        @($two | Add-DeferredCallback { "$_!" }) | Should -Be $two
        $two | Complete-Deferred -Result result
        $two | Receive-Soon | Should -BeExactly @('result!', 'result!')
    }

    It 'is refused with <Id> <Name>' -ForEach @(
        @{ Name = 'without a scriptblock'; Id = 'HandlerMissing'; Call = { Add-DeferredCallback $d } }
        @{ Name = 'with a process block'; Id = 'HandlerInvalid'; Call = { Add-DeferredCallback $d { process { $_ } } } }
        @{ Name = 'with a $using: variable that is not there'; Id = 'UsingVariableNotFound'; Call = { Add-DeferredCallback $d { $using:noSuchThing } } }
    ) {
        $failure = Get-Failure $Call
        $failure.Id, $failure.IsTerminating | Should -Be @($Id, $true)
    }

    It 'has the values that $using: variables had when it was added' {
        $value = 'then'
        $null = Add-DeferredCallback $d { "$_ $using:value" }
        $value = 'now'
        Complete-Deferred $d result
        $d | Receive-Soon | Should -BeExactly 'result then'
    }

    It 'writes its other streams to the log of the reactor' {
        $null = Add-DeferredCallback $d { Write-Warning "warned $using:PID"; Write-Error "said $using:PID" }
        Complete-Deferred $d
        $null = Wait-Deferred $d -Timeout 30
        $reactor = $d.Reactor
        (Invoke-Reactor -Reactor $reactor { 'turned' }) | Should -BeExactly turned
        $reactor.Log.Message | Should -Contain "warned $PID"
        $reactor.Log.Message | Should -Contain "said $PID"
    }
}

Describe 'Complete-Deferred' {
    BeforeEach {
        $d = New-Deferred
    }

    It 'fires once: the second is an error and changes nothing' {
        Complete-Deferred $d first
        $failure = Get-Failure { Complete-Deferred $d second }
        $failure.Id, $failure.Category, $failure.Target, $failure.IsTerminating | Should -Be @('DeferredAlreadyFired', 'InvalidOperation', $d, $false)
        $d | Receive-Soon | Should -BeExactly first
    }

    It 'goes on with the others where one has fired' {
        $other = New-Deferred
        Complete-Deferred $d
        $d, $other | Complete-Deferred -Result late -ErrorAction SilentlyContinue
        $other | Receive-Soon | Should -BeExactly late
    }

    It 'takes <Name> for -ErrorRecord' -ForEach @(
        @{ Name = 'a record'; Type = 'System.TimeoutException'; Id = 'Mine'
            Make = { [System.Management.Automation.ErrorRecord]::new([TimeoutException]::new('the message'), 'Mine', 'OperationTimeout', 'target') } }
        @{ Name = 'an exception'; Type = 'System.TimeoutException'; Id = 'TimeoutException'; Make = { [TimeoutException]::new('the message') } }
        @{ Name = 'text'; Type = 'System.Management.Automation.RuntimeException'; Id = 'RuntimeException'; Make = { 'the message' } }
    ) {
        Complete-Deferred $d -ErrorRecord (. $Make)
        $d.Status | Should -Be Failed
        $failures = @()
        $d | Receive-Soon -ErrorVariable failures -ErrorAction SilentlyContinue
        $record = @($failures)[0]
        "$record" | Should -BeExactly 'the message'
        $record.Exception | Should -BeOfType $Type
        $record.FullyQualifiedErrorId | Should -BeLike "$Id*"
    }

    It 'keeps the category and the target of a record' {
        $record = [System.Management.Automation.ErrorRecord]::new([TimeoutException]::new('m'), 'Mine', 'OperationTimeout', 'the target')
        Complete-Deferred $d -ErrorRecord $record
        $failure = Get-Failure { $d | Receive-Soon }
        $failure.Category, $failure.Target | Should -Be @('OperationTimeout', 'the target')
    }

    It 'has the record in $_ of the errback as it was given' {
        $null = Add-DeferredCallback $d -OnError { $_ }
        $record = try { throw [TimeoutException]::new('m') } catch { $_ }
        Complete-Deferred $d -ErrorRecord $record
        $given = $d | Receive-Soon
        $given.Exception | Should -Be $record.Exception
        $given.InvocationInfo.ScriptLineNumber | Should -Be $record.InvocationInfo.ScriptLineNumber
    }

    It 'refuses a deferred as the result' {
        $failure = Get-Failure { Complete-Deferred $d (New-Deferred) }
        $failure.Id, $failure.IsTerminating | Should -Be @('DeferredAsResult', $false)
        $d.Status | Should -Be Waiting
    }

    It 'is refused where the reactor has stopped' {
        $r = New-Reactor
        $gone = New-Deferred -Reactor $r
        Stop-Reactor $r
        (Get-Failure { Complete-Deferred $gone }).Id | Should -BeExactly ReactorStopped
    }
}

Describe 'Stop-Deferred' {
    It 'cancels one that has not fired, and nobody is warned' {
        $d = New-Deferred
        $null = Add-DeferredCallback $d { 'must not run' }
        Stop-Deferred $d
        $d.Status, $d.Error.GetType().Name | Should -Be @('Cancelled', 'DeferredCancelledException')
    }

    It 'has the errback run, which may recover' {
        $d = New-Deferred | Add-DeferredCallback -OnError { "recovered: $($_.FullyQualifiedErrorId)" }
        $d | Stop-Deferred
        $d | Receive-Soon | Should -BeExactly 'recovered: DeferredCancelledException'
    }

    It 'does nothing to one that has fired' {
        $d = New-Deferred
        Complete-Deferred $d result
        Stop-Deferred $d
        $d | Receive-Soon | Should -BeExactly result
    }

    It 'has the first Complete-Deferred after it ignored, and the second refused' {
        $d = New-Deferred
        Stop-Deferred $d
        { Complete-Deferred $d late -ErrorAction Stop } | Should -Not -Throw
        (Get-Failure { Complete-Deferred $d later }).Id | Should -BeExactly DeferredAlreadyFired
        $d.Status | Should -Be Cancelled
    }

    It 'calls OnCancel once, with the deferred' {
        $seen = New-List
        $d = New-Deferred -OnCancel { param($Given) ($using:seen).Enqueue("$($_.Id) $($Given.Id)") }
        Stop-Deferred $d
        Stop-Deferred $d
        $seen | Should -BeExactly "$($d.Id) $($d.Id)"
        $d.Status | Should -Be Cancelled
    }

    It 'lets OnCancel fire it' {
        $d = New-Deferred -OnCancel { Complete-Deferred $_ 'what there was' }
        Stop-Deferred $d
        $d | Receive-Soon | Should -BeExactly 'what there was'
    }

    It 'fails it with what OnCancel throws' {
        $d = New-Deferred -OnCancel { throw 'no way' }
        Stop-Deferred $d
        (Get-Failure { $d | Receive-Soon }).Message | Should -BeExactly 'no way'
    }

    It 'cancels the deferred that it waits for' {
        $inner = New-Deferred
        $d = New-Deferred | Add-DeferredCallback { $using:inner }
        Complete-Deferred $d
        Stop-Deferred $d
        $d.Status | Should -Be Cancelled
        (Get-Failure { Complete-Deferred $inner 1; Complete-Deferred $inner 2 }).Id | Should -BeExactly DeferredAlreadyFired
    }

    It 'stops the work of Start-Deferred' {
        $started, $ended = (New-Gate), (New-Gate)
        $d = Start-Deferred { try { ($using:started).Set(); while ($true) { } } finally { ($using:ended).Set() } }
        $started.Wait(30000) | Should -BeTrue
        Stop-Deferred $d
        $d.Status | Should -Be Cancelled
        $ended.Wait(30000) | Should -BeTrue
    }

    It 'takes work back that has not begun' {
        $gate, $ran = (New-Gate), (New-List)
        $running = Start-Deferred { ($using:gate).Wait(); ($using:ran).Enqueue('first') } -ThrottleLimit 1
        $waiting = Start-Deferred { ($using:ran).Enqueue('second') }
        $last = Start-Deferred { ($using:ran).Enqueue('third') } -ThrottleLimit 1
        Stop-Deferred $waiting
        $waiting.Status | Should -Be Cancelled
        $gate.Set()
        $null = Wait-Deferred $running, $last -Timeout 30
        $null = Start-Deferred { } -ThrottleLimit 10
        $ran | Should -BeExactly @('first', 'third')
    }

    It 'does nothing with -WhatIf' {
        $d = New-Deferred
        Stop-Deferred $d -WhatIf
        $d.Status | Should -Be Waiting
    }

    It 'is what Dispose and Cancel do' {
        $one, $two = (New-Deferred), (New-Deferred)
        $one.Dispose()
        $two.Cancel()
        $null = Wait-Deferred $one, $two -Timeout 30
        $one.Status, $two.Status | Should -Be @('Cancelled', 'Cancelled')
    }
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

Describe 'New-Deferred' {
    It '-All fires with all results in their order' {
        $one, $two = (New-Deferred), (New-Deferred)
        $all = New-Deferred -All $one, $two
        Complete-Deferred $two b
        $all.Status | Should -Be Waiting
        Complete-Deferred $one a
        $all | Receive-Soon | Should -BeExactly @('a', 'b')
    }

    It '-All of none fires at once' {
        New-Deferred -All @() | Receive-Soon | Should -BeNullOrEmpty
    }

    It '-All fails with the first error' {
        $one, $two = (New-Deferred), (New-Deferred)
        $all = New-Deferred -All $one, $two
        Complete-Deferred $two -ErrorRecord bad
        (Get-Failure { $all | Receive-Soon }).Message | Should -BeExactly bad
    }

    It '-Any fires with the first result and cancels the others' {
        $one, $two = (New-Deferred), (New-Deferred)
        $any = New-Deferred -Any $one, $two
        Complete-Deferred $two b
        $any | Receive-Soon | Should -BeExactly b
        (Get-Failure { Complete-Deferred $one 1; Complete-Deferred $one 2 }).Id | Should -BeExactly DeferredAlreadyFired
    }

    It '-Any stops the work behind the others' {
        $started, $ended = (New-Gate), (New-Gate)
        $slow = Start-Deferred { try { ($using:started).Set(); Wait-Event Never } finally { ($using:ended).Set() } }
        $fast = Start-Deferred { ($using:started).Wait(); 'fast' }
        New-Deferred -Any $slow, $fast | Receive-Soon | Should -BeExactly fast
        $ended.Wait(30000) | Should -BeTrue
    }

    It '-Any fails with all errors when all fail' {
        $any = New-Deferred -Any (Start-Deferred { throw 'one' }), (Start-Deferred { throw 'two' })
        $failures = @()
        $any | Receive-Soon -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].Exception.InnerExceptions.Message | Should -BeExactly @('one', 'two')
    }

    It '-Timeout fails it when the time has passed' {
        $r = New-Reactor -Foreground -FakeClock
        try {
            $d = New-Deferred -Timeout 5 -Reactor $r
            $kept = New-Deferred -Timeout 5 -Reactor $r
            Wait-Reactor $r -Advance 4.9
            $d.Status | Should -Be Waiting
            Complete-Deferred $kept 'in time'
            Wait-Reactor $r -Advance 1
            $failure = Get-Failure { Receive-Deferred $d }
            $failure.Id | Should -BeExactly TimeoutException
            $failure.Message | Should -BeExactly "Deferred $($d.Id) had no result within 5 s."
            Receive-Deferred $kept | Should -BeExactly 'in time'
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'has a table view' {
        $d = New-Deferred
        Complete-Deferred $d 'the result'
        $failed = Start-Deferred { throw 'the error' }
        $null = Wait-Deferred $failed -Timeout 30
        $text = $d, $failed | Format-Table | Out-String -Width 200
        $text | Should -Match 'Id +Status +Result +Error +Origin'
        $text | Should -Match "$($d.Id) +Succeeded +the result +.*Deferred.Tests.ps1:\d+"
        $text | Should -Match "$($failed.Id) +Failed +the error +.*Deferred.Tests.ps1:\d+"
        $null = Receive-Deferred $failed -ErrorAction SilentlyContinue
    }

    It 'knows where it was made' {
        $d = New-Deferred
        $d.Origin | Should -BeLike '*Deferred.Tests.ps1:*'
        $d.Id | Should -BeGreaterThan 0
    }
}

Describe 'Start-Deferred' {
    It 'outputs at once, and its output is the result' {
        $gate = New-Gate
        $d = Start-Deferred { ($using:gate).Wait(); 'one'; 'two' }
        $d | Should -BeOfType TwistedPS.Deferred
        $d.Status | Should -Be Waiting
        $gate.Set()
        $d | Receive-Soon | Should -BeExactly @('one', 'two')
    }

    It 'does not hold the reactor' {
        $gate = New-Gate
        $d = Start-Deferred { ($using:gate).Wait() }
        Invoke-Reactor { 'turned' } | Should -BeExactly turned
        $d.Status | Should -Be Waiting
        $gate.Set()
        Wait-Deferred $d -Timeout 30 | Should -Be $d
    }

    It 'brings the result to the thread of the reactor' {
        $d = Start-Deferred { [Environment]::CurrentManagedThreadId } | Add-DeferredCallback { "$_ $([Environment]::CurrentManagedThreadId)" }
        $work, $callback = ($d | Receive-Soon) -split ' '
        $callback | Should -Be (Invoke-Reactor { [Environment]::CurrentManagedThreadId })
        $work | Should -Not -Be $callback
    }

    It 'fails with <Name>, and $_ of the errback is its record' -ForEach @(
        @{ Name = 'what it throws'; Work = { throw 'no luck' }; Expected = 'no luck RuntimeException no luck' }
        @{ Name = 'a .NET exception'; Work = { throw [System.IO.IOException]::new('no disk') }; Expected = 'no disk IOException no disk' }
        @{ Name = 'a cmdlet with -ErrorAction Stop'; Work = { Get-Item /no/such/file -ErrorAction Stop }
            Expected = 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand ItemNotFoundException Cannot find path ''/no/such/file'' because it does not exist.' }
    ) {
        Start-Deferred $Work | Add-DeferredCallback -OnError { "$($_.FullyQualifiedErrorId) $($_.Exception.GetType().Name) $_" } | Receive-Soon |
            Should -BeExactly $Expected
    }

    It 'waits for a deferred that the work outputs' {
        Start-Deferred { Start-Deferred { 'from inside' } } | Add-DeferredCallback { "got $_" } | Receive-Soon | Should -BeExactly 'got from inside'
    }

    It 'ends with what was output before <_>' -ForEach 'exit', 'exit 3', 'break', 'return' {
        Start-Deferred ([scriptblock]::Create("'before'; $_; 'after'")) | Receive-Soon | Should -BeExactly before
    }

    It 'has its arguments, and $using: with the values of the call' {
        $value = 'then'
        $gate = New-Gate
        $d = Start-Deferred { param($First, $Second) ($using:gate).Wait(); "$First $Second $using:value" } -ArgumentList one, 2
        $value = 'now'
        $gate.Set()
        $d | Receive-Soon | Should -BeExactly 'one 2 then'
    }

    It 'runs scriptblocks of $using:' {
        $double = { param($Number) $Number * 2 }
        Start-Deferred { & $using:double 21 } | Receive-Soon | Should -Be 42
    }

    It 'is refused where a $using: variable is not there' {
        $failure = Get-Failure { Start-Deferred { $using:noSuchThing } }
        $failure.Id, $failure.Target | Should -Be @('UsingVariableNotFound', 'noSuchThing')
    }

    It 'begins at the location of the caller' {
        $folder = New-Item (Join-Path $TestDrive 'a [b]') -ItemType Directory
        Push-Location -LiteralPath $folder
        try {
            $d = Start-Deferred { (Get-Location).ProviderPath; Set-Location / }
        }
        finally {
            Pop-Location
        }
        $d | Receive-Soon | Should -BeExactly $folder.FullName
        Start-Deferred { (Get-Location).ProviderPath } | Receive-Soon | Should -BeExactly (Get-Location).ProviderPath
    }

    It 'fails where the location is gone' {
        $folder = New-Item (Join-Path $TestDrive gone) -ItemType Directory
        Push-Location $folder
        try {
            [System.IO.Directory]::Delete($folder)
            $d = Start-Deferred { 'must not run' }
        }
        finally {
            Pop-Location
        }
        (Get-Failure { $d | Receive-Soon }).Id | Should -BeLike PathNotFound*
    }

    It 'leaves no variable to the next work' {
        $null = Start-Deferred { $global:left = 'left'; $script:left = 'left' } -ThrottleLimit 1 | Receive-Soon
        Start-Deferred { "[$left]" } -ThrottleLimit 10 | Receive-Soon | Should -BeExactly '[]'
    }

    It 'has the cmdlets of this module, and the servers and reactors of this session' {
        $s = Start-LineServer 0 { "reply to $_" } -Name ours
        try {
            $d = Start-Deferred {
                $c = Connect-LineClient 127.0.0.1 (Get-LineServer ours).Port
                Send-Line $c 'a' -Receive -Timeout 30
                Disconnect-LineClient $c
                "$($c.Reactor.Id)"
            }
            $d | Receive-Soon | Should -BeExactly @('reply to a', "$($s.Reactor.Id)")
        }
        finally {
            Stop-LineServer $s -DrainTime 0
        }
    }

    It 'may wait for other deferreds, for the reactor is free' {
        $inner = New-Deferred
        $d = Start-Deferred { Receive-Deferred $using:inner -Timeout 30 }
        Complete-Deferred $inner 'from the prompt'
        $d | Receive-Soon | Should -BeExactly 'from the prompt'
    }

    It 'writes its other streams to the log of the reactor' {
        $d = Start-Deferred {
            Write-Warning 'a warning'; Write-Error 'an error'; Write-Host 'hosted'
            Write-Verbose 'verbose' -Verbose; Write-Debug 'debugged' -Debug; 'the result'
        }
        $d | Receive-Soon | Should -BeExactly 'the result'
        $last = $d.Reactor.Log | Select-Object -Last 5
        $last | ForEach-Object { "$($_.Level) $($_.Message)" } | Sort-Object |
            Should -BeExactly @('Debug debugged', 'Error an error', 'Information hosted', 'Information verbose', 'Warning a warning')
    }

    It 'is stopped by -Timeout' {
        $ended = New-Gate
        $d = Start-Deferred { try { Wait-Event Never } finally { ($using:ended).Set() } } -Timeout 200ms
        (Get-Failure { $d | Receive-Soon }).Id | Should -BeExactly TimeoutException
        $ended.Wait(30000) | Should -BeTrue
    }
}

Describe 'The pool' {
    BeforeEach {
        $gate = New-Gate
        $running = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $all = @()
        function Get-Worker {
            @(Get-Runspace | Where-Object Name -EQ 'TwistedPS worker')
        }
    }

    AfterEach {
        $gate.Set()
        $null = Start-Deferred { } -ThrottleLimit 10
        $null = Wait-Deferred $all -Timeout 60
    }

    It 'runs ten at once, and the next when there is room' {
        $all = 1..11 | ForEach-Object { Start-Deferred { ($using:running).Enqueue($args[0]); ($using:gate).Wait() } -ArgumentList $_ }
        Wait-Until { $running.Count -eq 10 }
        (Get-Worker).Count | Should -Be 10
        $all[10].Status | Should -Be Waiting
        $gate.Set()
        @(Wait-Deferred $all -Timeout 30).Count | Should -Be 11
        @($running)[10] | Should -Be 11
    }

    It 'runs the rest when some that ran are stopped' {
        $all = 1..12 | ForEach-Object { Start-Deferred { ($using:running).Enqueue($args[0]); while (-not ($using:gate).IsSet) { } } -ArgumentList $_ }
        Wait-Until { $running.Count -eq 10 }
        Stop-Deferred $all[0], $all[1]
        Wait-Until { $running.Count -eq 12 }
        $all[11].Status | Should -Be Waiting
    }

    It 'runs as many as -ThrottleLimit says, one after the other with 1, in their order' {
        $all = 1..5 | ForEach-Object { Start-Deferred { ($using:running).Enqueue($args[0]); ($using:gate).Wait() } -ArgumentList $_ -ThrottleLimit 1 }
        Wait-Until { $running.Count -gt 0 }
        (Get-Worker | Where-Object RunspaceAvailability -EQ Busy).Count | Should -Be 1
        $gate.Set()
        $null = Wait-Deferred $all -Timeout 30
        $running | Should -Be (1..5)
    }

    It 'runs those that wait as soon as the limit is raised' {
        $all = @(1..4 | ForEach-Object { Start-Deferred { ($using:running).Enqueue($args[0]); ($using:gate).Wait() } -ArgumentList $_ -ThrottleLimit 1 })
        Wait-Until { $running.Count -eq 1 }
        $all += Start-Deferred { ($using:running).Enqueue(5); ($using:gate).Wait() } -ThrottleLimit 5
        Wait-Until { $running.Count -eq 5 }
    }

    It 'runs no more than a lowered limit once those that run have ended' {
        $began = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $first = @(1..3 | ForEach-Object { Start-Deferred { ($using:running).Enqueue(0); ($using:gate).Wait() } })
        Wait-Until { $running.Count -eq 3 }
        $second = New-Gate
        $later = @(1..4 | ForEach-Object { Start-Deferred { ($using:began).Enqueue(0); ($using:second).Wait() } -ThrottleLimit 1 })
        $gate.Set()
        $null = Wait-Deferred $first -Timeout 30
        Wait-Until { $began.Count -gt 0 }
        (Get-Worker | Where-Object RunspaceAvailability -EQ Busy).Count | Should -Be 1
        $second.Set()
        $all = $first + $later
        @(Wait-Deferred $all -Timeout 30).Count | Should -Be 7
    }

    It 'ends its workers when there was nothing to do for a while' {
        Start-Deferred { 'done' } | Receive-Soon | Should -BeExactly done
        (Get-Worker).Count | Should -BeGreaterThan 0
        Wait-Until { (Get-Worker).Count -eq 0 }
        Start-Deferred { 'again' } | Receive-Soon | Should -BeExactly again
    }
}

Describe 'An error that nobody handles' {
    BeforeEach {
        # What is lost in the function can be collected once it has returned.
        function Invoke-Lost {
            param([scriptblock] $Make)
            $null = . $Make
        }
        function Receive-Warning {
            $found = [System.Collections.Generic.List[object]]::new()
            Wait-Until {
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
                $shown = @()
                $null = Get-Reactor -WarningVariable shown -WarningAction SilentlyContinue
                $shown | ForEach-Object { $found.Add("$_") }
                $found.Count -gt 0
            }
            $found
        }
    }

    It 'is shown by the next cmdlet as a warning, with the file and the line' {
        Invoke-Lost { Start-Deferred { throw 'nobody looks' } | Wait-Deferred -Timeout 30 }
        Receive-Warning | Should -BeLike "Nobody has handled the error of deferred *, made at *Deferred.Tests.ps1:*: nobody looks"
        @((New-Deferred).Reactor.Log.Message) -like '*: nobody looks' | Should -Not -BeNullOrEmpty
    }

    It 'is not shown to a handler or to work that calls a cmdlet' {
        $gate = New-Gate
        $task = (Start-Deferred { ($using:gate).Wait(); Get-Reactor } | Add-DeferredCallback { Get-Reactor }).AsTask()
        $reactor = (New-Deferred).Reactor
        $before = (@($reactor.Log.Message) -like '*: nobody looks').Count
        Invoke-Lost { Start-Deferred { throw 'nobody looks' } | Wait-Deferred -Timeout 30 }
        Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); (@($reactor.Log.Message) -like '*: nobody looks').Count -gt $before }
        $gate.Set()
        $task.Wait(30000) | Should -BeTrue
        Receive-Warning | Should -BeLike '*: nobody looks'
    }

    It 'is that of a callback, too' {
        Invoke-Lost { $d = New-Deferred | Add-DeferredCallback { throw 'in the callback' }; Complete-Deferred $d }
        Receive-Warning | Should -BeLike '*: in the callback'
    }

    It 'is not one that was <Name>' -ForEach @(
        @{ Name = 'received'; Handle = { $null = Receive-Deferred $d -ErrorAction SilentlyContinue } }
        @{ Name = 'caught'; Handle = { $null = Add-DeferredCallback $d -OnError { } } }
        @{ Name = 'taken over by a task'; Handle = { $null = $d.AsTask() } }
        @{ Name = 'taken over by -All'; Handle = { $null = New-Deferred -All $d -Reactor $r | Add-DeferredCallback -OnError { } } }
    ) {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'handled'
        . $Handle
        $null = Invoke-Reactor -Reactor $r { }
        Stop-Reactor $r
        @($r.Log.Message) -like '*Nobody*' | Should -BeNullOrEmpty
    }

    It 'is shown when its reactor ends' {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'still there'
        $shown = @()
        Stop-Reactor $r -WarningVariable shown -WarningAction SilentlyContinue
        "$shown" | Should -BeLike "Nobody has handled the error of deferred $($d.Id), made at *Deferred.Tests.ps1:*: still there"
        $r.Log[-1].Message | Should -BeExactly "$shown"
    }

    It 'is shown when its foreground reactor ends' {
        $r = New-Reactor -Foreground
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'still there'
        $shown = @()
        Stop-Reactor $r -WarningVariable shown -WarningAction SilentlyContinue
        "$shown" | Should -BeLike "Nobody has handled the error of deferred $($d.Id), made at *: still there"
    }

    It 'is shown by a script that ends <Name>' -ForEach @(
        @{ Name = 'by itself'; Leave = '' }
        @{ Name = 'with an exit'; Leave = 'exit' }
    ) {
        $file = Join-Path $TestDrive lost.ps1
        Set-Content $file @"
Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
`$alive = Start-Deferred { throw 'alive' } | Wait-Deferred
`$ahead = New-Deferred -Reactor (New-Reactor -Foreground)
Complete-Deferred `$ahead -ErrorRecord 'in the foreground'
function Lose {
    `$null = Start-Deferred { throw 'collected' } | Wait-Deferred
}
Lose
[GC]::Collect(); [GC]::WaitForPendingFinalizers()
$Leave
"@
        $shell = Start-ChildShell '-File', $file
        $output = $shell.StandardOutput.ReadToEnd()
        Assert-ChildSucceeded $shell
        $shown = ($output -replace '\s+', ' ').Trim() -split ' ?WARNING: ' | Select-Object -Skip 1 | Sort-Object
        $shown | Should -HaveCount 3
        $shown[0] | Should -BeLike 'Nobody has handled the error of deferred 1, made at *lost.ps1:2: alive'
        $shown[1] | Should -BeLike 'Nobody has handled the error of deferred 2, made at *lost.ps1:3: in the foreground'
        $shown[2] | Should -BeLike 'Nobody has handled the error of deferred 3, made at *lost.ps1:6: collected'
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
        $seen = New-List
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

Describe 'A foreground reactor' {
    BeforeEach {
        $r = New-Reactor -Foreground
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'calls the callbacks in this session while <Name> waits' -ForEach @(
        @{ Name = 'Wait-Deferred'; Wait = { Wait-Deferred $d -Timeout 30 | ForEach-Object Result } }
        @{ Name = 'Receive-Deferred'; Wait = { Receive-Deferred $d -Wait } }
        @{ Name = 'Wait-Reactor'; Wait = { $null = Start-ReactorTimer -After 1000 { } -Reactor $r; Wait-Reactor $r -Until { $d.Status -ne 'Waiting' } -Timeout 30; $d.Result } }
    ) {
        $gate = New-Gate
        $seen = [System.Collections.Generic.List[string]]::new()
        $thread = [Environment]::CurrentManagedThreadId
        $d = Start-Deferred { ($using:gate).Wait(); 'result' } -Reactor $r | Add-DeferredCallback {
            $seen.Add($_)
            "$_ $([Environment]::CurrentManagedThreadId -eq $thread)"
        }
        $gate.Set()
        $seen | Should -BeNullOrEmpty
        . $Wait | Should -BeExactly 'result True'
        $seen | Should -BeExactly result
    }

    It 'calls mocks' {
        function Send-Tea { 'real' }
        Mock Send-Tea { "mocked $args" }
        Start-Deferred { 'tea' } -Reactor $r | Add-DeferredCallback { Send-Tea $_ } | Receive-Soon | Should -BeExactly 'mocked tea'
        Should -Invoke Send-Tea -Exactly 1
    }

    It 'shows what a callback writes besides' {
        $d = New-Deferred -Reactor $r | Add-DeferredCallback { Write-Warning 'a warning'; Write-Error 'an error'; 'result' }
        $warnings, $failures = @(), @()
        Complete-Deferred $d -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable failures -ErrorAction SilentlyContinue
        Receive-Deferred $d | Should -BeExactly result
        "$warnings", "$failures" | Should -BeExactly @('a warning', 'an error')
    }

    It 'runs while a deferred of another reactor is waited for together with one of its own' {
        $mine = Start-Deferred { 'mine' } -Reactor $r | Add-DeferredCallback { "$_!" }
        $other = New-Deferred
        $null = Start-Deferred { Complete-Deferred $using:other 'other' }
        Wait-Deferred $other, $mine -Timeout 30 | Receive-Deferred | Should -BeExactly @('other', 'mine!')
    }
}

Describe 'The end of a session while work runs' {
    BeforeAll {
        $import = "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'"
    }

    It 'is at once: <Name>' -ForEach @(
        @{ Name = 'at the end of a script'; Leave = '' }
        @{ Name = 'with exit'; Leave = 'exit 0' }
    ) {
        $file = Join-Path $TestDrive ends.ps1
        Set-Content $file @"
            $import
            `$started = [System.Threading.ManualResetEventSlim]::new(`$false)
            1..12 | ForEach-Object { `$null = Start-Deferred { (`$using:started).Set(); while (`$true) { } } -ThrottleLimit 2 }
            `$started.Wait(30000)
            $Leave
"@
        $shell = Start-ChildShell '-File', $file
        Read-ChildLine $shell | Should -BeExactly True
        Assert-ChildSucceeded $shell
    }

    It 'stops the work and leaves no runspace when the module is removed' {
        $file = Join-Path $TestDrive removes.ps1
        Set-Content $file @"
            $import
            Import-Module '$PSScriptRoot/../Support/ChildShell.psm1'
            `$before = @(Get-Runspace).Count
            `$started, `$ended = 1..2 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new(`$false) }
            `$d = Start-Deferred { try { (`$using:started).Set(); while (`$true) { } } finally { (`$using:ended).Set() } }
            `$waiting = Start-Deferred { [Console]::WriteLine('must not run') } -ThrottleLimit 1
            `$started.Wait(30000)
            Remove-Module TwistedPS
            `$ended.Wait(30000)
            Wait-Until { @(Get-Runspace).Count -eq `$before }
            $import
            Start-Deferred { 'works again' } | Receive-Deferred -Wait
"@
        $shell = Start-ChildShell '-File', $file
        'True', 'True', 'works again' | ForEach-Object { Read-ChildLine $shell | Should -BeExactly $_ }
        Assert-ChildSucceeded $shell
    }
}
