# A real terminal, whose screen can be looked at: a window of tmux.

Import-Module $PSScriptRoot/ChildShell.psm1

function Start-Screen {
    <# Starts PowerShell with a command in a terminal of a size, and outputs the terminal. The shell stays when the command has ended. #>
    param(
        [Parameter(Mandatory)]
        [string] $Command,

        [int] $Width = 80,

        [int] $Height = 24,

        [hashtable] $Environment = @{}
    )
    $name = "twistedps-$PID-$(Get-Random)"
    $shell = (Get-ShellCommand) -ne '-NonInteractive'
    $variables = @{ POWERSHELL_TELEMETRY_OPTOUT = 1; POWERSHELL_UPDATECHECK = 'Off' } + $Environment
    $words = 'env', '-u', 'NO_COLOR' + $variables.Keys.ForEach{ "$_=$($variables[$_])" } + $shell + '-NoLogo', '-NoExit', '-Command', $Command
    $null = tmux -u -L $name -f /dev/null new-session -d -x $Width -y $Height -- @words
    $name
}

function Get-Screen {
    <# The lines on the screen, with the codes of their colours on request. #>
    param(
        [Parameter(Mandatory)]
        [string] $Screen,

        [switch] $WithColor
    )
    if ($WithColor) { tmux -u -L $Screen capture-pane -p -e } else { tmux -u -L $Screen capture-pane -p }
}

function Wait-Screen {
    <# Waits until the screen shows something, or no longer does, and outputs its lines. #>
    param(
        [Parameter(Mandatory)]
        [string] $Screen,

        [Parameter(Mandatory)]
        [string] $Pattern,

        [switch] $Gone,

        [int] $Timeout = 60
    )
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $lines = Get-Screen $Screen
        if (($lines -match $Pattern).Count -gt 0 -ne $Gone) {
            return $lines
        }
        if ($clock.Elapsed.TotalSeconds -ge $Timeout) {
            throw "The screen $($Gone ? 'still shows' : 'never showed') '$Pattern'. It shows:`n$($lines -join "`n")"
        }
        [Threading.Thread]::Sleep(20)
    }
}

function Send-Key {
    <# Presses keys, named as tmux names them, or types a text and Enter. #>
    param(
        [Parameter(Mandatory)]
        [string] $Screen,

        [string[]] $Key = @(),

        [string] $Line
    )
    if ($Line) {
        $null = tmux -L $Screen send-keys -l -- $Line
        $Key = 'Enter'
    }
    $null = tmux -L $Screen send-keys @Key
}

function Resize-Screen {
    param(
        [Parameter(Mandatory)]
        [string] $Screen,

        [Parameter(Mandatory)]
        [int] $Width,

        [Parameter(Mandatory)]
        [int] $Height
    )
    $null = tmux -L $Screen resize-window -x $Width -y $Height
}

function Stop-Screen {
    <# Ends the terminal and what runs in it. #>
    param(
        [string] $Screen
    )
    if ($Screen) {
        $null = tmux -L $Screen kill-server
    }
}

Export-ModuleMember -Function *
