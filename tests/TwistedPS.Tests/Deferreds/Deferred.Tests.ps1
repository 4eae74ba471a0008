BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
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
        $null = Add-DeferredCallback $d -OnError { @{ Record = $_ } }
        $record = try { throw [TimeoutException]::new('m') } catch { $_ }
        Complete-Deferred $d -ErrorRecord $record
        $given = ($d | Receive-Soon).Record
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
        $seen = New-Queue
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
        $gate, $ran = (New-Gate), (New-Queue)
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
        $text | Should -Match 'Id +Status +Origin +Result'
        $text | Should -Match "$($d.Id) +Succeeded +Deferred.Tests.ps1:\d+ +the result"
        $text | Should -Match "$($failed.Id) +Failed +Deferred.Tests.ps1:\d+ +the error"
        $null = Receive-Deferred $failed -ErrorAction SilentlyContinue
    }

    It 'knows where it was made' {
        $d = New-Deferred
        $d.Origin | Should -BeLike '*Deferred.Tests.ps1:*'
        $d.Id | Should -BeGreaterThan 0
    }
}
