BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $python = [bool](Find-RealProgram python3)
    $screens = [bool](Find-RealProgram top) -and [bool](Find-RealProgram less)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $seen = New-Queue

    function Get-Screen { -join $seen }
}

Describe 'A process at a terminal, <Kind>' -Skip:(-not $IsLinux) -ForEach (Get-ReactorKind) {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterEach { $seen.Clear() }

    AfterAll { Stop-Reactor $reactor }

    It 'sees one, of the size that it is given' -Skip:(-not $python) {
        $code = 'import os, sys; print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty(), *os.get_terminal_size()); print(input("name? "))'
        $p = Start-ReactorProcess python3 '-c', $code -Terminal -Columns 132 -Rows 43 -Reactor $reactor -OnOutput { ($using:seen).Enqueue($_) }
        $p.HasTerminal | Should -BeTrue
        $p.Send('me')
        Wait-Handled $reactor { $p.Status -eq 'Exited' }
        $seen | Should -Contain 'True True True 132 43'
        $seen | Should -Contain me
        $p.ExitCode | Should -Be 0
    }

    It 'is shown as it appears, told of keys and of sizes, and hung up by a stop' {
        $script = 'trap "stty size" WINCH; trap "echo interrupted" INT; printf "ready> "; while :; do sleep 0.01; done'
        $p = Start-ReactorProcess sh '-c', $script -Terminal -AsBytes -Reactor $reactor -OnOutput {
            ($using:seen).Enqueue([Text.Encoding]::ASCII.GetString($_))
        }
        Wait-Handled $reactor { (Get-Screen).Contains('ready> ') }
        $p.Resize(50, 10)
        Wait-Handled $reactor { (Get-Screen).Contains("10 50`r`n") }
        $p.Write("`u{3}")
        Wait-Handled $reactor { (Get-Screen).Contains("interrupted`r`n") }
        Stop-ReactorProcess $p
        "$($p.ExitSignal)" | Should -Be SIGHUP
    }
}

Describe 'A process at a terminal' {
    AfterEach {
        $seen.Clear()
        Stop-Everything
    }

    It 'is refused <Name>' -ForEach @(
        @{ Name = 'a handler of its error output'; Call = { Start-ReactorProcess cat -Terminal -OnErrorOutput { } }; Words = '-OnErrorOutput has no effect with -Terminal*' }
        @{ Name = 'a width without one'; Call = { Start-ReactorProcess cat -Columns 100 }; Words = '-Columns has no effect without -Terminal*' }
        @{ Name = 'a height without one'; Call = { Start-ReactorProcess cat -Rows 100 }; Words = '-Rows has no effect without -Terminal*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be ParameterWithoutEffect
        $failure.Message | Should -BeLike $Words
    }

    It 'ends with <Id> for <Name>' -Skip:(-not $IsLinux) -ForEach @(
        @{ Name = 'a program that does not exist'; Id = 'ProcessNotFound'; Call = { Start-ReactorProcess no-such-program -Terminal } }
        @{ Name = 'a directory that does not exist'; Id = 'ProcessStartFailed'; Call = { Start-ReactorProcess sh -WorkingDirectory /no/such -Terminal } }
        @{ Name = 'a file that is no program'; Id = 'ProcessStartFailed'; Call = { Start-ReactorProcess /etc/passwd -Terminal } }
    ) {
        (Get-Failure $Call).Id | Should -Be $Id
        Get-ReactorProcess | Should -BeNullOrEmpty
    }

    It 'types what is piped to it, and Ctrl+D' -Skip:(-not $IsLinux) {
        $p = 'one', 'two' | Start-ReactorProcess tr 'a-z', 'A-Z' -Terminal -OnOutput { ($using:seen).Enqueue($_) }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Sort-Object | Should -Be 'one', 'ONE', 'two', 'TWO'
    }

    It 'shows the screen of <Name>' -Skip:(-not ($IsLinux -and $screens)) -ForEach @(
        @{ Name = 'top'; Arguments = '-d', '0.1'; Key = 'q'; Words = '*PID*' }
        @{ Name = 'less'; Arguments = '/etc/passwd'; Key = 'q'; Words = '*root:*' }
    ) {
        $p = Start-ReactorProcess $Name $Arguments -Terminal -AsBytes -Environment @{ TERM = 'xterm' } -OnOutput {
            ($using:seen).Enqueue([Text.Encoding]::UTF8.GetString($_))
        }
        Wait-Until { (Get-Screen) -like $Words }
        $p.Write($Key)
        Wait-Until { $p.Status -eq 'Exited' }
        $p.ExitCode | Should -Be 0
        Get-Screen | Should -Match "`e\["
    }
}
