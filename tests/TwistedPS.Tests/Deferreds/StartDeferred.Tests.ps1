BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
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

    It 'leaves no location to the next work' {
        $null = Start-Deferred { Set-Location Env: } -ThrottleLimit 1 | Receive-Soon
        Start-Deferred { (Get-Location).Path } -ThrottleLimit 10 | Receive-Soon | Should -BeExactly (Get-Location).Path
    }

    It 'has all of its own each time that the same script runs' {
        $deferreds = foreach ($n in 1..40) {
            Start-Deferred { param($Number) $sum += $Number; function Get-Sum { "$sum $args" }; Get-Sum $Number; if ($Number % 4 -eq 0) { throw "failed $Number" } } -ArgumentList $n
        }
        foreach ($n in 1..40) {
            if ($n % 4) {
                $deferreds[$n - 1] | Receive-Soon | Should -BeExactly "$n $n"
            }
            else {
                (Get-Failure { $deferreds[$n - 1] | Receive-Soon }).Message | Should -BeExactly "failed $n"
            }
        }
    }

    It 'has classes of its own each time that the same script runs' {
        $counts = foreach ($n in 1, 2) {
            Start-Deferred { class Counter { static [int] $Count }; [Counter]::Count += 1; [Counter]::Count } | Receive-Soon
        }
        $counts | Should -Be 1, 1
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
