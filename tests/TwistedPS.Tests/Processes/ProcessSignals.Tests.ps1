BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

AfterAll {
    Stop-Everything
}

Describe 'The name of a signal' -Skip:$IsWindows {
    It 'may be <Given>' -ForEach @(
        @{ Given = 'TERM'; Expected = 'SIGTERM' }
        @{ Given = 'SIGTERM'; Expected = 'SIGTERM' }
        @{ Given = 'Term'; Expected = 'SIGTERM' }
        @{ Given = 'Terminate'; Expected = 'SIGTERM' }
        @{ Given = '15'; Expected = 'SIGTERM' }
        @{ Given = 15; Expected = 'SIGTERM' }
        @{ Given = 'sigusr1'; Expected = 'SIGUSR1' }
        @{ Given = 'hangup'; Expected = 'SIGHUP' }
        @{ Given = 40; Expected = 'SIGRTMIN+6' }
        @{ Given = 'rtmax-2'; Expected = 'SIGRTMAX-2' }
    ) {
        "$([TwistedPS.ProcessSignal] $Given)" | Should -BeExactly $Expected
    }

    It 'has the number that the shell knows' {
        $names = Get-Completion 'Stop-ReactorProcess x -Signal '
        'WINCH', 'STKFLT', 'PWR', 'RTMIN', 'RTMAX' | Should -BeIn $names
        $shells = bash -c "for name in $names; do kill -l `$name; done"
        $names | ForEach-Object { ([TwistedPS.ProcessSignal] $_).Number } | Should -Be $shells
    }

    It 'is that which the shell has for each number' {
        $numbers = 1..64 | Where-Object { $_ -notin 32, 33 }
        $shells = bash -c "for number in $numbers; do kill -l `$number; done"
        $numbers | ForEach-Object { "$([TwistedPS.ProcessSignal] $_)" } | Should -BeExactly ($shells | ForEach-Object { "SIG$_" })
    }

    It 'is completed with SIG and without' {
        Get-Completion 'Stop-ReactorProcess x -Signal u' | Should -Be USR1, USR2, URG
        Get-Completion 'Stop-ReactorProcess x -Signal sigu' | Should -Be SIGUSR1, SIGUSR2, SIGURG
    }

    It 'is refused with a list of those that there are: <_>' -ForEach 'TREM', 'SIG', '', '0', '65', '-1' {
        { Stop-ReactorProcess x -Signal $_ } | Should -Throw '*is not a signal*from 1 to 64*HUP, INT, QUIT*WINCH*'
    }
}

Describe 'A signal' -Skip:(-not $IsLinux) {
    It 'reaches the program under every name' {
        $names = 'HUP', 'INT', 'USR1', 'USR2', 'WINCH', 'CONT', 'ALRM'
        $traps = $names | ForEach-Object { "trap 'echo $_' $_;" }
        $p = Start-ReactorProcess bash '-c', "$traps echo ready; while :; do read -t 0.01; done"
        Wait-Until { $p.LinesOut -eq 1 }
        foreach ($signal in 'hup', 'SIGINT', 'Usr1', 12, 'SIGWINCH', 'cont', '14') {
            $lines = $p.LinesOut
            $p.Signal($signal)
            Wait-Until { $p.LinesOut -gt $lines }
        }
        ($p.Log | Where-Object Message -In $names).Message | Should -BeExactly $names
        Stop-ReactorProcess $p -Signal KILL
        $p.ExitCode | Should -Be 137
        "$($p.ExitSignal)" | Should -Be SIGKILL
    }

    It 'suspends it and lets it go on' {
        $p = Start-ReactorProcess cat
        function Get-ProcessState { (Get-Content "/proc/$($p.ProcessId)/stat") -replace '.*\) (.).*', '$1' }
        $p.Signal('STOP')
        Wait-Until { (Get-ProcessState) -ceq 'T' }
        $p.Signal('CONT')
        Wait-Until { (Get-ProcessState) -ceq 'S' }
        Stop-ReactorProcess $p -Signal usr2
        $p.ExitCode | Should -Be (128 + 12)
    }
}
