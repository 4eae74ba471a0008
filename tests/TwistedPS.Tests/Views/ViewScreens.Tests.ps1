BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tmux = $IsWindows ? $null : (Find-RealProgram tmux)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Screen.psm1 -Force

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
}

Describe 'A terminal' -Skip:(-not $tmux) {
    BeforeAll {
        function Start-Terminal ([hashtable] $Environment = @{}) {
            $screen = Start-Screen '-NoExit', '-Command', "$script; function prompt { 'ready> ' }" -Height 30 -Environment $Environment
            $null = Wait-ScreenText $screen 'ready> \|$'
            $screen
        }

        function Show-There ([string] $Screen, [string] $Line) {
            # Not the mark of the screen before.
            $mark = Get-Random
            Send-Key $Screen -Line "Clear-Host; $Line; 'shown ' + $mark"
            $null = Wait-ScreenText $Screen "shown $mark\s+ready> \|$"
            Get-ScreenText $Screen -WithColor
        }

        $screen = Start-Terminal
        $plain = Start-Terminal @{ NO_COLOR = 1 }
    }

    AfterAll {
        $screen, $plain | ForEach-Object { Stop-Screen $_ }
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
        Resize-Screen $screen 120 30
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
