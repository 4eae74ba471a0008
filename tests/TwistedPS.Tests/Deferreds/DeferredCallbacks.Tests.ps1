BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
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

    It 'goes on with the next errback after <Name>, with the same error' -ForEach @(
        @{ Name = 'an errback that outputs its record'; Add = { Add-DeferredCallback $d -OnError { $seen.Add("$_"); $_ } } }
        @{ Name = '-Both that outputs its record'; Add = { Add-DeferredCallback $d -Both { $seen.Add("$_"); $_ } } }
    ) {
        $failure = [System.IO.IOException]::new('no disk')
        $seen = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $d = New-Deferred -Reactor ($r = New-Reactor -Foreground)
        $null = & $Add | Add-DeferredCallback { 'must not be called' } -OnError { $seen.Add($_.Exception); $_ }
        Complete-Deferred $d -ErrorRecord $failure
        $d.Status | Should -Be Failed
        (Get-Failure { $d | Receive-Soon }).Message | Should -BeExactly 'no disk'
        $seen | Should -Be 'no disk', $failure
        Stop-Reactor $r
    }

    It 'fails with another record that an errback outputs, but goes on after several' {
        $another = try { Get-Item /no/such/file -ErrorAction Stop } catch { $_ }
        $d, $e = 1..2 | ForEach-Object { New-Deferred }
        $null = Add-DeferredCallback $d -OnError { $using:another }
        $null = Add-DeferredCallback $e -OnError { 'some', $_ }
        Complete-Deferred $d, $e -ErrorRecord 'first'
        (Get-Failure { $d | Receive-Soon }).Id | Should -BeExactly PathNotFound
        @($e | Receive-Soon) | ForEach-Object { "$_" } | Should -BeExactly 'some', 'first'
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
        $order = New-Queue
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
