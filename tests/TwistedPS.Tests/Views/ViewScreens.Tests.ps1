BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tmux = $IsWindows ? $null : (Find-RealProgram tmux)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1 -Force

    # One server that serves, one that has stopped, one whose handler has failed.
    $script = @"
        Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
        `$s = Start-LineServer 0 { throw 'it' } -Name Echo -OnError { 'sorry' }
        `$c = Connect-LineClient 127.0.0.1 `$s.Port -Name Caller
        `$null = Send-Line `$c a -Receive -Timeout 30
        `$t = Start-TcpServer 0 { } -Name Relay
        `$old = Start-LineServer 0 { } -Name Old
        Stop-LineServer `$old
"@
    $show = '$s, $old, $t, $c; Get-ReactorConnection'
    $shell = (Get-ShellCommand '-NoExit', '-Command', "$script; function prompt { 'ready> ' }") -ne '-NonInteractive'
}

Describe 'A terminal' -Skip:(-not $tmux) {
    BeforeAll {
        function Start-Terminal ([string[]] $Environment = @()) {
            $screen = "views-$PID-$(Get-Random)"
            $words = @('env', '-u', 'NO_COLOR', 'POWERSHELL_TELEMETRY_OPTOUT=1') + $Environment + $shell
            $null = tmux -u -L $screen -f /dev/null new-session -d -x 80 -y 30 -- $words
            $null = Wait-Screen $screen 'ready>$'
            $screen
        }

        function Wait-Screen ([string] $Screen, [string] $Pattern) {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            do {
                $lines = tmux -L $Screen capture-pane -p
                if ($clock.Elapsed.TotalSeconds -gt 20) {
                    throw "The screen never showed '$Pattern'. It shows:`n$($lines -join "`n")"
                }
                [Threading.Thread]::Sleep(20)
            } until (($lines -join "`n").TrimEnd() -match $Pattern)
            (tmux -L $Screen capture-pane -p -e) -join "`n"
        }

        function Show-There ([string] $Screen, [string] $Line) {
            # Not the mark of the screen before.
            $mark = Get-Random
            tmux -L $Screen send-keys -l -- "Clear-Host; $Line; 'shown ' + $mark"
            tmux -L $Screen send-keys Enter
            Wait-Screen $Screen "shown $mark\s+ready>$"
        }

        $screen = Start-Terminal
        $plain = Start-Terminal 'NO_COLOR=1'
    }

    AfterAll {
        $screen, $plain | Where-Object { $_ } | ForEach-Object { tmux -L $_ kill-server }
    }

    It 'of 80 columns shows what matters, in colors' {
        $text = Show-There $screen $show
        $lines = ($text -replace "`e\[[\d;]*m").Split("`n").TrimEnd()
        $lines | Should -Contain '  Id Name          Status    Address              Peers Errors LinesIn LinesOut'
        $lines -match '^ +1 Echo +Running +127\.0\.0\.1:\d+ +1 +1 +1 +1$' | Should -HaveCount 1
        $lines -match '^ +\d Relay +Running +tcp 127\.0\.0\.1:\d+ +0 +0$' | Should -HaveCount 1
        $lines -match '^ +1 Caller +Connected +to 127\.0\.0\.1:\d+ +0 +1 +1$' | Should -HaveCount 1
        $lines -match '^ +\d+ Echo +Open +from 127\.0\.0\.1:\d+ +1 +1$' | Should -HaveCount 1
        $text | Should -Match "`e\[2mStopped"
        $text | Should -Match "`e\[31m1`e"
    }

    It 'of 120 columns shows the same' {
        tmux -L $screen resize-window -x 120 -y 30
        $lines = ((Show-There $screen $show) -replace "`e\[[\d;]*m").Split("`n").TrimEnd()
        $lines | Should -Contain '  Id Name          Status    Address              Peers Errors LinesIn LinesOut'
        $lines -match '^ +1 Echo +Running +127\.0\.0\.1:\d+ +1 +1 +1 +1$' | Should -HaveCount 1
    }

    It 'has no colors after $PSStyle.OutputRendering = ''PlainText''' {
        Show-There $screen "`$PSStyle.OutputRendering = 'PlainText'; $show" | Should -Not -Match "`e\[(2|31)mS|`e\[31m"
    }

    It 'has no colors with NO_COLOR' {
        $text = Show-There $plain $show
        $text | Should -Match 'Old +Stopped'
        $text | Should -Not -Match "`e\[2mS|`e\[31m"
    }
}

Describe 'Output that goes elsewhere' {
    It 'has no colors' {
        $program, $arguments = Get-ShellCommand '-Command', "Remove-Item env:NO_COLOR -ErrorAction Ignore; $script; $show"
        $before = $env:NO_COLOR
        $env:NO_COLOR = $null
        try {
            $text = (& $program @arguments) -join "`n"
        }
        finally {
            $env:NO_COLOR = $before
        }
        $text | Should -Match 'Old +Stopped'
        # PowerShell has headers in colors, even there.
        $text | Should -Not -Match "`e\[(2|31|33)m"
    }
}
