# A real terminal, whose screen can be looked at: a window of tmux.

Import-Module $PSScriptRoot/ChildShell.psm1

function Start-Screen {
    <# Starts PowerShell in a terminal, and outputs the terminal. When the shell has ended, the screen says so. #>
    param(
        # The arguments of the shell.
        [Parameter(Mandatory)] [string[]] $Argument,
        [int] $Width = 80,
        [int] $Height = 24,
        [hashtable] $Environment = @{}
    )
    $given = @{ TERM = 'tmux-256color'; LC_ALL = 'C.UTF-8'; POWERSHELL_TELEMETRY_OPTOUT = '1'; POWERSHELL_UPDATECHECK = 'Off' } + $Environment
    $words = $given.Keys.ForEach{ "$_=$($given[$_])" } + @(Get-ShellCommand (@('-NoLogo') + $Argument)) -ne '-NonInteractive'
    $quoted = ($words | ForEach-Object { "'" + $_.Replace("'", "'\''") + "'" }) -join ' '
    $name = "twistedps-$PID-$(Get-Random)"
    $null = tmux -u -L $name -f /dev/null new-session -d -x $Width -y $Height "env -u NO_COLOR $quoted; echo `"ended with `$?`"; cat"
    $name
}

function Send-Key {
    <# Types a text, and presses keys by the names that tmux has for them: C-a, M-b, BSpace, Enter. #>
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Screen,
        [Parameter(Position = 1)] [string[]] $Key = @(),
        [string] $Text,
        # A text with Enter.
        [string] $Line
    )
    if ($Text -or $Line) { $null = tmux -L $Screen send-keys -l -- ($Text + $Line) }
    if ($Line) { $Key += 'Enter' }
    if ($Key) { $null = tmux -L $Screen send-keys @Key }
}

function Send-Paste {
    <# Pastes a text, as the terminal of a person does. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Text)
    tmux -L $Screen set-buffer -- $Text
    tmux -L $Screen paste-buffer -p
}

function Resize-Screen {
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [int] $Width, [int] $Height = 24)
    $null = tmux -L $Screen resize-window -x $Width -y $Height
}

function Get-Screen {
    <# The rows of the screen, with the codes of their colors, or with a mark | at the cursor on request. #>
    param([Parameter(Mandatory)] [string] $Screen, [switch] $WithColor, [switch] $WithCursor)
    $rows = @(tmux -u -L $Screen capture-pane -p @($WithColor ? '-e' : @()))
    if ($WithCursor) {
        [int] $column, [int] $row = (tmux -L $Screen display-message -p '#{cursor_x} #{cursor_y}') -split ' '
        $rows[$row] = $rows[$row].PadRight($column).Insert($column, '|')
    }
    $rows
}

function Get-ScreenText {
    <# The screen down to the last row with something on it, with a mark | at the cursor, or else with colors. #>
    param([Parameter(Mandatory)] [string] $Screen, [switch] $WithColor)
    ((Get-Screen $Screen -WithColor:$WithColor -WithCursor:(-not $WithColor)) -join "`n").TrimEnd("`n")
}

function Wait-Screen {
    <# Waits until a row of the screen matches a pattern, or none does any longer, and outputs the rows. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Pattern, [switch] $Gone)
    Wait-Capture "$Pattern$($Gone ? ' to be gone' : '')" { Get-Screen $Screen } { ($args[0] -match $Pattern).Count -gt 0 -ne $Gone }
}

function Wait-ScreenText {
    <# Waits until the screen as Get-ScreenText has it matches a pattern, by case, and outputs it. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Pattern, [switch] $WithColor)
    Wait-Capture $Pattern { Get-ScreenText $Screen -WithColor:$WithColor } { "$args" -cmatch $Pattern }
}

function Wait-Capture ([string] $Wanted, [scriptblock] $Capture, [scriptblock] $Condition) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $shown = & $Capture
        if (& $Condition $shown) {
            return $shown
        }
        if ($clock.Elapsed.TotalSeconds -ge 60) {
            throw "The screen never came: $Wanted`nIt shows:`n$($shown -join "`n")"
        }
        # A terminal can be asked only.
        [Threading.Thread]::Sleep(20)
    }
}

function Stop-Screen {
    <# Ends the terminal and what runs in it. #>
    param([string] $Screen)
    if ($Screen) {
        $null = tmux -L $Screen kill-server
    }
}

Export-ModuleMember -Function *-Screen, *-ScreenText, Send-*
