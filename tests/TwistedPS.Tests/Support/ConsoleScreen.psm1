# A terminal of tmux, in which a program runs, and what is on its screen.

Import-Module $PSScriptRoot/ChildShell.psm1

function Start-ConsoleScreen {
    <# Starts a program on a terminal of 80 columns and 24 rows. When it has ended, the screen says so. #>
    param(
        # Its words.
        [Parameter(Mandatory)] [string[]] $Command,
        [hashtable] $Environment = @{}
    )
    $words = ($Command | ForEach-Object { "'" + $_.Replace("'", "'\''") + "'" }) -join ' '
    $name = "twistedps-$(New-Guid)"
    $given = @{ TERM = 'tmux-256color'; POWERSHELL_TELEMETRY_OPTOUT = '1'; LC_ALL = 'C.UTF-8' } + $Environment
    $variables = $given.GetEnumerator() | ForEach-Object { "$($_.Key)='$($_.Value)'" }
    $null = tmux -u -L $name -f /dev/null new-session -d -x 80 -y 24 "env -u NO_COLOR $variables $words; echo `"ended with `$?`"; cat"
    $name
}

function Send-ConsoleScreen {
    <# Types a text. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Text)
    tmux -L $Screen send-keys -l -- $Text
}

function Send-ConsoleKey {
    <# Presses keys by the names that tmux has for them: C-a, M-b, BSpace, Enter. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string[]] $Key)
    tmux -L $Screen send-keys @Key
}

function Send-ConsolePaste {
    <# Pastes a text, as the terminal of a person does. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Text)
    tmux -L $Screen set-buffer -- $Text
    tmux -L $Screen paste-buffer -p
}

function Set-ConsoleSize {
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [int] $Width, [int] $Height = 24)
    tmux -L $Screen resize-window -x $Width -y $Height
}

function Get-ConsoleScreen {
    <# The rows of the screen down to the last with something on it, with a mark | at the cursor. #>
    param([Parameter(Mandatory)] [string] $Screen, [switch] $WithColors)
    $rows = @(tmux -u -L $Screen capture-pane -p @($WithColors ? '-e' : @()))
    if (-not $WithColors) {
        [int] $column, [int] $row = (tmux -L $Screen display-message -p '#{cursor_x} #{cursor_y}') -split ' '
        $rows[$row] = $rows[$row].PadRight($column).Insert($column, "|")
    }
    ($rows -join "`n").TrimEnd("`n")
}

function Wait-ConsoleScreen {
    <# Waits until the screen matches a pattern, and outputs it. #>
    param([Parameter(Mandatory)] [string] $Screen, [Parameter(Mandatory)] [string] $Pattern, [switch] $WithColors)
    $seen = @{}
    try {
        Wait-Until {
            $seen.Text = Get-ConsoleScreen $Screen -WithColors:$WithColors
            $seen.Text -cmatch $Pattern
        }
    }
    catch {
        throw "Not on the screen: $Pattern`n$($seen.Text)"
    }
    $seen.Text
}

function Stop-ConsoleScreen {
    param([Parameter(Mandatory)] [string] $Screen)
    tmux -L $Screen kill-server
}

Export-ModuleMember -Function *
