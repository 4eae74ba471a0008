<#
.SYNOPSIS
    Draws demo.svg: types the first block of the README at a prompt of PowerShell in tmux, and draws what is on the screen.
.DESCRIPTION
    The colors are the terminal's, in a palette for light pages and one for dark pages. The pace of the typing is made up, so the
    same lines make the same picture again.
.EXAMPLE
    ./demo.ps1
.EXAMPLE
    ./demo.ps1 'Get-Command -Module TwistedPS -Noun LineClient' -Path clients.svg
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    # The lines to type; by default those of the README, without their comments.
    [string[]] $Line,

    # The file of the picture.
    [string] $Path = "$PSScriptRoot/demo.svg",

    # The size of the terminal, in characters.
    [int] $Columns = 84,

    # Likewise.
    [int] $Rows = 40
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Import-Module $PSScriptRoot/../tests/TwistedPS.Tests/Support/ChildShell.psm1
$prompt = 'PS>'
$cell = @{ Width = 8.4; Height = 19 }
$Line ??= [regex]::Match((Get-Content $PSScriptRoot/../README.md -Raw), '(?ms)^```powershell\r?\n(.*?)\r?\n```').Groups[1].Value -split
    '\r?\n' -replace '\s+#.*'

function Invoke-Tmux {
    tmux -L twistedps-demo @args
}

# The rows of the screen that have something in them, with the colors that tmux writes.
function Get-Screen {
    @((Invoke-Tmux capture-pane -p -e) -join "`n" -replace '\s+\z' -split "`n")
}

# Waits for the next prompt, and for nothing else below what is there.
function Wait-Prompt ([int] $Above) {
    Wait-Until {
        $screen = @(Get-Screen)
        $screen.Count -gt $Above -and (ConvertTo-PlainText $screen[-1]) -eq $prompt
    }
}

function ConvertTo-PlainText ([string] $Text) {
    $Text -replace '\e\[[\d;]*m'
}

# A row as pieces of text with the class of their color; bright colors are those from 8.
function Split-Color ([string] $Text) {
    $color = $null
    $column = 0
    foreach ($part in [regex]::Matches($Text, '\e\[([\d;]*)m|[^\e]+')) {
        if ($part.Value[0] -ne "`e") {
            [pscustomobject]@{ Column = $column; Color = $color; Text = $part.Value }
            $column += $part.Value.Length
            continue
        }
        switch -Regex ($part.Groups[1].Value -split ';') {
            '^0?$|^39$' { $color = $null }
            '^3([0-7])$' { $color = "c$($Matches[1])" }
            '^9([0-7])$' { $color = "c$(8 + $Matches[1])" }
        }
    }
}

function Format-Piece ([object] $Piece) {
    $left = (16 + $Piece.Column * $cell.Width).ToString('0.#', [cultureinfo]::InvariantCulture)
    $class = $Piece.Color ? " class=`"$($Piece.Color)`"" : ''
    "<tspan x=`"$left`"$class>$([Security.SecurityElement]::Escape($Piece.Text))</tspan>"
}

function Format-Text ([object[]] $Piece, [int] $Row, [string] $Animation) {
    "<text y=`"$(28 + $Row * $cell.Height)`" style=`"animation: $Animation backwards`">$(-join ($Piece | ForEach-Object { Format-Piece $_ }))</text>"
}

$folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) (New-Guid)) -ItemType Directory
$setup = "Import-Module '$PSScriptRoot/../TwistedPS.psd1'; function prompt { '$prompt ' }; " +
    'Set-PSReadLineOption -PredictionSource None; Clear-Host'
$shell = @(Get-ShellCommand '-NoLogo', '-NoExit', '-Command', $setup) -ne '-NonInteractive'
$texts = [Collections.Generic.List[string]]::new()
[decimal] $time = 0
try {
    Invoke-Tmux new-session -d -x $Columns -y $Rows -e "HOME=$folder" -e POWERSHELL_TELEMETRY_OPTOUT=1 @shell
    $at = 0
    Wait-Prompt $at
    foreach ($command in $Line) {
        Invoke-Tmux send-keys -l -- $command
        Wait-Until { (ConvertTo-PlainText (-join (Get-Screen))).EndsWith($command) }
        Invoke-Tmux send-keys Enter
        Wait-Prompt ($at + 1)
        $screen = @(Get-Screen)
        $ask, $typed = @(Split-Color $screen[$at]).Where({ $_.Column -lt $prompt.Length }, 'Split')
        $texts.Add((Format-Text $ask -Row $at -Animation "shown 1ms ${time}s"))
        $texts.Add((Format-Text $typed -Row $at -Animation "typed $(0.04d * $command.Length)s steps($($command.Length)) ${time}s"))
        $time += 0.04d * $command.Length + 0.3d
        for ($at++; $at -lt $screen.Count - 1; $at++) {
            if ($screen[$at]) {
                $texts.Add((Format-Text (Split-Color $screen[$at]) -Row $at -Animation "shown 1ms ${time}s"))
            }
        }
        $time += 0.7d
    }
}
finally {
    Invoke-Tmux kill-server
    Remove-Item $folder -Recurse -Force
}

$width = 32 + $Columns * $cell.Width
$height = 28 + $at * $cell.Height
@"
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" width="$width" height="$height" role="img">
<title>$([Security.SecurityElement]::Escape($Line -join '; '))</title>
<style>
rect { fill: #f6f8fa; stroke: #d0d7de; }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #24292f; white-space: pre; }
.c1, .c9 { fill: #cf222e; } .c2, .c10 { fill: #116329; } .c3, .c11 { fill: #7d4e00; } .c4, .c12 { fill: #0550ae; }
.c5, .c13 { fill: #8250df; } .c6, .c14 { fill: #1b7c83; } .c8 { fill: #6e7781; }
@media (prefers-color-scheme: dark) {
rect { fill: #161b22; stroke: #3d444d; }
text { fill: #e6edf3; }
.c1, .c9 { fill: #ff7b72; } .c2, .c10 { fill: #56d364; } .c3, .c11 { fill: #e3b341; } .c4, .c12 { fill: #79c0ff; }
.c5, .c13 { fill: #d2a8ff; } .c6, .c14 { fill: #56d4dd; } .c8 { fill: #9198a1; }
}
@keyframes shown { from { opacity: 0; } }
@keyframes typed { from { clip-path: inset(0 100% 0 0); } to { clip-path: inset(0); } }
@media (prefers-reduced-motion) { text { animation: none !important; } }
</style>
<rect x="0.5" y="0.5" width="$($width - 1)" height="$($height - 1)" rx="8"/>
$($texts -join "`n")
</svg>
"@ | Set-Content $Path
