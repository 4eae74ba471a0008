BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $measurer = @{}

    # What other tests have left running would count, so the acts have a shell of their own.
    function Measure-Act {
        param([scriptblock] $Act, [int] $Times)
        if (-not $measurer.Shell -or $measurer.Shell.HasExited) {
            $measurer.Shell = Start-ChildShell '-File', "$PSScriptRoot/../Support/Measure-Acts.ps1"
        }
        $shell = $measurer.Shell
        $shell.StandardInput.WriteLine((@{ Act = "$Act"; Times = $Times } | ConvertTo-Json -Compress))
        $measured = Read-ChildLine $shell
        if ($null -eq $measured) {
            throw "The shell ended with $(Wait-ChildShell $shell). It wrote: $($shell.Errors.Result)"
        }
        $measured | ConvertFrom-Json
    }

    function Assert-NothingLeft {
        param([object] $Before, [object] $After)
        $After.Threads | Should -BeLessThan ($Before.Threads + 10)
        $After.Runspaces | Should -Be $Before.Runspaces
        $After.Descriptors | Should -BeLessOrEqual ($Before.Descriptors + 5)
        $After.Children | Should -Be $Before.Children
        $After.Services | Should -Be 0
        $After.Megabytes | Should -BeLessThan ($Before.Megabytes + 8)
    }
}

Describe 'Nothing is left behind' -Skip:(-not $IsLinux) {
    AfterAll {
        if ($measurer.Shell -and -not $measurer.Shell.HasExited) {
            $measurer.Shell.StandardInput.Close()
            Assert-ChildSucceeded $measurer.Shell
        }
    }

    It 'by <Times> <Name>' -ForEach @(
        @{ Name = 'deferreds that were fired'; Times = 500; Act = {
                Invoke-Reactor -ArgumentList $args[0] {
                    foreach ($i in 1..$args[0]) {
                        $d = New-Deferred -Timeout 1000 | Add-DeferredCallback { "$_!" }
                        Complete-Deferred $d ('x' * 20000)
                        if ((Receive-Deferred $d).Length -ne 20001) { throw 'wrong' }
                    }
                }
            } }
        @{ Name = 'deferreds that were cancelled or never fired'; Times = 1000; Act = {
                Invoke-Reactor -ArgumentList $args[0] {
                    foreach ($i in 1..$args[0]) {
                        $text = 'x' * 10000
                        $d = New-Deferred -OnCancel { $using:text } | Add-DeferredCallback -OnError { $using:text }
                        if ($i % 2) { Stop-Deferred $d }
                    }
                }
            } }
        @{ Name = 'deferreds of the prompt'; Times = 200; Act = {
                foreach ($i in 1..$args[0]) {
                    $d = New-Deferred | Add-DeferredCallback { "$_!" }
                    Complete-Deferred $d ('x' * 1000)
                    if ((Receive-Deferred $d).Length -ne 1001) { throw 'wrong' }
                }
            } }
        @{ Name = 'timers'; Times = 1000; Act = {
                Invoke-Reactor -ArgumentList $args[0] {
                    foreach ($i in 1..$args[0]) {
                        $t = Start-ReactorTimer -After ($i % 2 * 1000) { $Timer.State.Text = 'x' * 10000 }
                        if ($i % 2) { Stop-ReactorTimer $t }
                    }
                }
            } }
        @{ Name = 'processes that ended'; Times = 100; Act = {
                for ($i = 0; $i -lt $args[0]; $i += 10) {
                    $some = 1..10 | ForEach-Object { Start-ReactorProcess sh '-c', 'read x; echo $x; exit 3' { $Process.State.Text = $_ } -InputObject $i }
                    Wait-Until { -not (Get-ReactorProcess) }
                    $some | ForEach-Object { if ($_.ExitCode -ne 3 -or $_.State.Text -ne "$i") { throw 'wrong' } }
                }
            } }
        @{ Name = 'processes that were stopped'; Times = 100; Act = {
                for ($i = 0; $i -lt $args[0]; $i += 10) {
                    1..10 | ForEach-Object { Start-ReactorProcess sleep 1000 } | Stop-ReactorProcess
                }
            } }
        @{ Name = 'pieces of work'; Times = 1000; Act = {
                $all = foreach ($i in 1..$args[0]) { Start-Deferred { $args[0] } -ArgumentList $i }
                if (($all | Receive-Deferred -Wait | Measure-Object -Sum).Sum -ne $args[0] * ($args[0] + 1) / 2) { throw 'wrong' }
            } }
        @{ Name = 'answers that came later'; Times = 300; Act = {
                $s = Start-LineServer 0 { $line = $_; Start-Deferred { $using:line } | Add-DeferredCallback { $_ } }
                $c = Connect-LineClient 127.0.0.1 $s.Port
                Send-Line $c (1..$args[0])
                $got = Receive-Line $c -Count $args[0] -Timeout 60
                Disconnect-LineClient $c
                Stop-LineServer $s
                if (($got | Measure-Object -Sum).Sum -ne $args[0] * ($args[0] + 1) / 2) { throw 'wrong' }
            } }
    ) {
        $before, $after = Measure-Act $Act $Times
        Assert-NothingLeft $before $after
    }
}

Describe 'A handler that blocks' {
    BeforeEach {
        $started, $gate = 1..2 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new($false) }
        $one, $two = (New-Reactor), (New-Reactor)
        $blocker = { ($using:started).Set(); ($using:gate).Wait(); "blocked $_" }
    }

    AfterEach {
        $gate.Set()
        Close-Peer
        Stop-Reactor $one, $two
    }

    It 'leaves the pace of another reactor as it is: its servers answer, its timers tick, its deferreds fire' {
        $slow = Start-LineServer 0 $blocker -Reactor $one
        $quick = Start-LineServer 0 { "quick $_" } -Reactor $two
        $timer = Start-ReactorTimer -Every 10ms { } -Reactor $two
        $peer = Connect-Peer $slow.Port
        Send-Peer $peer "a`n"
        $started.Wait(30000) | Should -BeTrue
        $calls = $timer.Calls
        Invoke-Peer $quick.Port "a`n" | Should -BeExactly "quick a`r`n"
        Wait-Until { $timer.Calls -ge $calls + 3 }
        Start-Deferred { 'work' } -Reactor $two | Add-DeferredCallback { "$_ done" } | Receive-Deferred -Timeout 30 | Should -BeExactly 'work done'
        $gate.IsSet, $slow.LinesOut | Should -Be @($false, 0)
        $gate.Set()
        Receive-Peer $peer -Until "`n" | Should -BeExactly "blocked a`r`n"
    }

    It 'holds its own reactor: nothing else there goes on, and the warning names it' {
        $slow = Start-LineServer 0 $blocker -Reactor $one -Name slow
        $other = Start-LineServer 0 { "other $_" } -Reactor $one
        $timer = Start-ReactorTimer -Every 10ms { } -Reactor $one
        $peer, $waiting = (Connect-Peer $slow.Port), (Connect-Peer $other.Port)
        Send-Peer $peer "a`n"
        $started.Wait(30000) | Should -BeTrue
        $calls = $timer.Calls
        Send-Peer $waiting "a`n"
        Wait-Until { @($slow.Log.Message) -like '*has held its reactor for more than a second*' }
        $shown = @()
        $null = Get-Reactor -WarningVariable shown -WarningAction SilentlyContinue
        "$shown" | Should -BeLike "OnLine of line server slow * has held its reactor for more than a second; nothing else on reactor $($one.Id) runs meanwhile."
        $timer.Calls, $other.LinesIn, $waiting.Available | Should -Be @($calls, 0, 0)
        $gate.Set()
        Receive-Peer $waiting -Until "`n" | Should -BeExactly "other a`r`n"
        Wait-Until { $timer.Calls -gt $calls }
        $timer.Skipped | Should -BeGreaterThan 0
    }

    It 'may be a callback, which the warning names as well' {
        $d = New-Deferred -Reactor $one | Add-DeferredCallback { ($using:started).Set(); ($using:gate).Wait() }
        $d.Succeed($null)
        $started.Wait(30000) | Should -BeTrue
        Wait-Until { @($one.Log.Message) -like "A callback of deferred $($d.Id) *Leaks.Tests.ps1:*has held its reactor*" }
    }
}
