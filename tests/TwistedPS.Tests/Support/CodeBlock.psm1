# The PowerShell in a page, and what runs it. A page shows what a command outputs behind it: `command   #=> a, b`.
Import-Module $PSScriptRoot/Helpers.psm1

function Get-CodeBlock {
    <# The blocks of a page, numbered from 1: those fenced as powershell, or in a topic of Get-Help those indented by 8. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $pattern = $Path.EndsWith('.txt') ? '(?m)^ {8}\S.*\n(?:(?: {8}.*|[ \t]*\r?)\n)*' : '(?ms)^```powershell\r?\n(.*?)^```'
    $number = 0
    [regex]::Matches((Get-Content -LiteralPath $Path -Raw), $pattern) | ForEach-Object {
        @{ Page = Split-Path $Path -Leaf; Number = ++$number; Block = ($_.Groups | Select-Object -Last 1).Value -replace '(?m)^ {8}' }
    }
}

function Invoke-CodeBlock {
    <# Runs a block in a scope of its own, and outputs for each command that shows its output what it was. #>
    param(
        [Parameter(Mandatory)]
        [string] $Block
    )
    $tokens = $faults = $null
    $source = $Block -replace '\b1234\b', (Get-UnusedPort)
    $ast = [Management.Automation.Language.Parser]::ParseInput($source, [ref] $tokens, [ref] $faults)
    if ($faults) {
        throw "The block can't be parsed: $($faults[0].Message)"
    }
    $scope = New-Module { $ErrorActionPreference = 'Stop' }
    foreach ($statement in $ast.EndBlock.Statements) {
        $output = . $scope ([scriptblock]::Create($statement.Extent.Text))
        $tokens | Where-Object {
            $_.Kind -eq 'Comment' -and $_.Text.StartsWith('#=>') -and $_.Extent.StartLineNumber -eq $statement.Extent.EndLineNumber
        } | ForEach-Object {
            [pscustomobject]@{ Text = $statement.Extent.Text; Output = ($output -join ', ').TrimEnd(); Shown = $_.Text.Substring(3).Trim() }
        }
    }
}

Export-ModuleMember -Function *-CodeBlock
