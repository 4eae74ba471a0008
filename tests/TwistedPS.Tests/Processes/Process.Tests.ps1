BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Test-Running {
        param([int] $ProcessId)
        # One that has ended may stay listed until somebody asks for its exit code.
        "$(Get-Content /proc/$ProcessId/stat -ErrorAction Ignore)" -match '\) [^Z] '
    }
}

Describe 'Start-ReactorProcess' {
    BeforeEach {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
    }

    AfterEach {
        Get-ReactorProcess | Stop-ReactorProcess -Force
        Get-LineServer | Stop-LineServer -DrainTime 0
        Close-Peer
    }

    It 'calls its handlers for whole lines, and once at the end' {
        $p = Start-ReactorProcess sh -ArgumentList '-c', 'printf "a\nb"; exit 3' -OnOutput {
            ($using:seen).Enqueue("$_ of $($Process.Name)")
        } -OnExit { ($using:seen).Enqueue("exit $($_.ExitCode), $($_ -eq $Process)") } -Name Shell
        Wait-Until { $seen.Count -eq 3 }
        $seen | Should -BeExactly 'a of Shell', 'b of Shell', 'exit 3, True'
        $p.LinesOut | Should -Be 2
        $p.ExitCode | Should -Be 3
    }

    It 'hands process and line over by position' {
        $p = Start-ReactorProcess sh '-c', 'echo a; echo b >&2' {
            param($Who, $Line) ($using:seen).Enqueue("out $($Who.Id) $Line")
        } -OnErrorOutput { param($Who, $Line) ($using:seen).Enqueue("error $($Who.Id) $Line") }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Sort-Object | Should -BeExactly "error $($p.Id) b", "out $($p.Id) a"
        $p.LinesError | Should -Be 1
    }

    It 'passes arguments as they are' {
        $p = Start-ReactorProcess printf '%s\n', 'a b', '$HOME "x" *', '', 5 { ($using:seen).Enqueue("<$_>") }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly '<a b>', '<$HOME "x" *>', '<>', '<5>'
    }

    It 'adds, replaces and takes out variables' {
        $p = Start-ReactorProcess sh '-c', 'echo $NEW $LANG ${HOME-none} ${PATH:+path}' {
            ($using:seen).Enqueue($_)
        } -Environment @{ NEW = 5; LANG = 'other'; HOME = $null }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly '5 other none path'
    }

    It 'runs at the present location unless it is told where' {
        $here = New-Item $TestDrive/here/inner -ItemType Directory -Force
        Push-Location $TestDrive/here
        try {
            $first = Start-ReactorProcess pwd -OnOutput { ($using:seen).Enqueue($_) }
            Wait-Until { $first.Status -eq 'Exited' }
            $second = Start-ReactorProcess pwd -OnOutput { ($using:seen).Enqueue($_) } -WorkingDirectory inner
            Wait-Until { $second.Status -eq 'Exited' }
        }
        finally {
            Pop-Location
        }
        $seen | Should -BeExactly (Split-Path $here), "$here"
    }

    It 'starts a program by its path from the present location' {
        Set-Content $TestDrive/tool "#!/bin/sh`necho from a file"
        chmod +x $TestDrive/tool
        Push-Location $TestDrive
        try {
            $p = Start-ReactorProcess ./tool -OnOutput { ($using:seen).Enqueue($_) }
        }
        finally {
            Pop-Location
        }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly 'from a file'
    }

    It 'lets it read the pipeline to its end' {
        $p = 'b', 'é', 'a' | Start-ReactorProcess cat -OnOutput { ($using:seen).Enqueue($_) }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly 'b', 'é', 'a'
    }

    It 'lets it read nothing where there is nothing' {
        $p = Start-ReactorProcess cat -InputObject @()
        Wait-Until { $p.Status -eq 'Exited' }
        $p.ExitCode | Should -Be 0
    }

    It 'leaves the input open to Send without input' {
        $p = Start-ReactorProcess cat -OnOutput { ($using:seen).Enqueue($_); if ($_ -eq 'one') { $Process.Send('two') } }
        $p.Send('one')
        Wait-Until { $seen.Count -eq 2 }
        $p.EndInput()
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly 'one', 'two'
    }

    It 'keeps lines without a handler, and what handlers output, in the log' {
        $log = "$TestDrive/process.log"
        $p = Start-ReactorProcess sh '-c', 'echo out; echo err >&2' -OnExit { "code $($_.ExitCode)" } -LogPath $log
        Wait-Until { $p.Status -eq 'Exited' -and @(Get-Content $log).Count -eq 5 }
        ($p.Log | Where-Object Message -EQ 'out').Level | Should -Be Information
        ($p.Log | Where-Object Message -EQ 'err').Level | Should -Be Warning
        $p.Log[-1].Message | Should -Be 'OnExit: code 0'
        Get-Content $log | Where-Object { $_ -like '* out' } | Should -HaveCount 1
    }

    It 'goes on after a handler that throws, and notes the error' {
        $p = Start-ReactorProcess sh '-c', 'echo a; echo b' { ($using:seen).Enqueue($_); throw "not $_" }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly 'a', 'b'
        $p.Errors.Message | Should -BeExactly 'not b', 'not a'
        $p.Errors[0].Handler | Should -Be OnOutput
    }

    It 'gives the error to -OnError' {
        $p = Start-ReactorProcess sh '-c', 'echo a' { throw "not $_" } -OnError {
            param($Who, $Problem) ($using:seen).Enqueue("$_, $Problem, $($Who.Id)")
        }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly "not a, not a, $($p.Id)"
        $p.ErrorCount | Should -Be 1
    }

    It 'shares what its initialization script defines, which gets none of the arguments' {
        $p = Start-ReactorProcess printf 'a\nb\n' { ($using:seen).Enqueue((Format-Count)) } -InitializationScript {
            $script:count = $args.Count
            function Format-Count { $script:count++; "#$($script:count)" }
        }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly '#1', '#2'
    }

    It 'leaves the reactor free for others' {
        $p = Start-ReactorProcess sh '-c', 'read x; echo $x' { ($using:seen).Enqueue($_) }
        $s = Start-LineServer 0 { "<$_>" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "<a>`r`n"
        $p.Status | Should -Be Running
        $s.Reactor | Should -Be $p.Reactor
    }

    It 'starts one from a handler, on the reactor of that handler' {
        $s = Start-LineServer 0 {
            $c = $Connection
            $p = Start-ReactorProcess tr 'a-z', 'A-Z' -InputObject $_ -OnOutput { $c = $using:c; Send-Line $c $_ } -OnExit {
                $c = $using:c
                $c.Close()
            }
            ($using:seen).Enqueue("$($p.Reactor -eq $Server.Reactor)")
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "hello`n"
        Receive-Peer $peer -End | Should -BeExactly "HELLO`r`n"
        $seen | Should -BeExactly 'True'
    }

    It 'waits with -Wait, and runs the handlers in this session' {
        $lines = [System.Collections.Generic.List[string]]::new()
        $p = Start-ReactorProcess sh '-c', 'echo a; echo b; exit 2' { $lines.Add($_) } -Wait -PassThru
        $lines | Should -BeExactly 'a', 'b'
        $p.ExitCode | Should -Be 2
    }

    It 'runs on a foreground reactor while that is waited for' {
        $reactor = New-Reactor -Foreground
        $lines = [System.Collections.Generic.List[string]]::new()
        $p = Start-ReactorProcess sh '-c', 'echo a; echo b' { $lines.Add($_) } -Reactor $reactor
        Wait-Reactor $reactor -Timeout 30
        $lines | Should -BeExactly 'a', 'b'
        $p.Status | Should -Be Exited
        Stop-Reactor $reactor
    }

    It 'ends with Ctrl+C, and so does the process' {
        $ids = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $pipeline = Start-Pipeline {
            param($ids)
            Start-ReactorProcess sh '-c', 'echo $$; exec sleep 1000' { $ids.Enqueue($_) } -Wait
        } $ids
        Wait-Until { $ids.Count -eq 1 }
        $null = Stop-Pipeline $pipeline
        $id = @($ids)[0]
        Wait-Until { -not (Test-Running $id) }
    }

    It 'ends with <Id> for <Name>' -ForEach @(
        @{ Name = 'a program that does not exist'; Id = 'ProcessNotFound'; Call = { Start-ReactorProcess no-such-program } }
        @{ Name = 'a directory that does not exist'; Id = 'ProcessStartFailed'; Call = { Start-ReactorProcess sh -WorkingDirectory /no/such } }
        @{ Name = 'a file that is no program'; Id = 'ProcessStartFailed'; Call = { Start-ReactorProcess /etc/passwd } }
        @{ Name = 'a handler among the arguments'; Id = 'HandlerMisplaced'; Call = { Start-ReactorProcess date { $_ } } }
        @{ Name = 'an initialization script that throws'; Id = 'HandlerError'; Call = { Start-ReactorProcess date -InitializationScript { throw 'no' } } }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be $Id
        $failure.IsTerminating | Should -BeTrue
        Get-ReactorProcess | Should -BeNullOrEmpty
    }
}

Describe 'Get-ReactorProcess and Stop-ReactorProcess' {
    AfterEach {
        Get-ReactorProcess | Stop-ReactorProcess -Force
    }

    It 'finds them by name and by id' {
        $a = Start-ReactorProcess cat -Name First
        $b = Start-ReactorProcess cat -Name Second
        Get-ReactorProcess | Should -Be $a, $b
        Get-ReactorProcess f* | Should -Be $a
        Get-ReactorProcess -Id $b.Id | Should -Be $b
        (Get-Failure { Get-ReactorProcess nobody }).Id | Should -Be ReactorProcessNotFound
        $a.EndInput()
        Wait-Until { @(Get-ReactorProcess).Count -eq 1 }
        Get-ReactorProcess | Should -Be $b
    }

    It 'stops them by <Name>' -ForEach @(
        @{ Name = 'pipeline'; Stop = { $p | Stop-ReactorProcess } }
        @{ Name = 'name'; Stop = { Stop-ReactorProcess Sleeper } }
        @{ Name = 'id'; Stop = { Stop-ReactorProcess $p.Id } }
    ) {
        $p = Start-ReactorProcess sleep 1000 -Name Sleeper
        & $Stop
        $p.Status | Should -Be Exited
        $p.ExitCode | Should -Be 143
        Test-Running $p.ProcessId | Should -BeFalse
    }

    It 'sends the signal that it is told, and waits for OnExit' {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $p = Start-ReactorProcess sh '-c', 'trap "echo bye; exit 9" INT; echo ready; while :; do read x; done' {
            ($using:seen).Enqueue($_)
        } -OnExit { ($using:seen).Enqueue("exit $($_.ExitCode)") }
        Wait-Until { $seen.Count -eq 1 }
        Stop-ReactorProcess $p -Signal Interrupt
        $seen | Should -BeExactly 'ready', 'bye', 'exit 9'
    }

    It 'kills one that ignores it, at once with -Force' -ForEach @(
        @{ Options = @{ Force = $true } }
        @{ Options = @{ DrainTime = '100ms' } }
    ) {
        $p = Start-ReactorProcess sh '-c', 'trap "" TERM; echo ready; while :; do sleep 1000; done'
        Wait-Until { $p.LinesOut -eq 1 }
        Stop-ReactorProcess $p @Options
        $p.ExitCode | Should -Be 137
    }

    It 'stops nothing with -WhatIf' {
        $p = Start-ReactorProcess cat
        Stop-ReactorProcess $p -WhatIf
        $p.Status | Should -Be Running
    }

    It 'completes the names' {
        $null = Start-ReactorProcess cat -Name Completed
        $line = 'Stop-ReactorProcess Comp'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be Completed
    }

    It 'shows them as a table' {
        $p = Start-ReactorProcess sleep 1000 -Name Sleeper
        $text = $p | Format-Table | Out-String -Width 100
        $text | Should -Match 'Id Name\s+Status\s+Pid\s+Exit\s+Errors\s+LinesOut\s+Command'
        $text | Should -Match "Sleeper\s+Running\s+$($p.ProcessId)\s+0\s+0\s+sleep 1000"
    }
}

Describe 'The end of a session' {
    It 'kills the processes when <Name>' -ForEach @(
        @{ Name = 'the shell is left'; Command = 'exit 0' }
        @{ Name = 'the script is over'; Command = '' }
        @{ Name = 'the module is removed'; Command = '$global:WarningPreference = "SilentlyContinue"; Remove-Module TwistedPS; [Console]::WriteLine("removed"); $null = [Console]::ReadLine()' }
    ) {
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $script = 'trap "" TERM HUP; while :; do sleep 1000; done'
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$module'
            `$p = Start-ReactorProcess sh '-c', '$script'
            [Console]::WriteLine(`$p.ProcessId)
            $Command
"@
        $id = [int](Read-ChildLine $shell)
        if ($Command -like '*Remove*') {
            Read-ChildLine $shell | Should -Be removed
            Wait-Until { -not (Test-Running $id) }
            $shell.StandardInput.WriteLine('')
        }
        Assert-ChildSucceeded $shell
        Wait-Until { -not (Test-Running $id) }
    }
}
