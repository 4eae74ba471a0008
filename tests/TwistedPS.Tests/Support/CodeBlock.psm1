# The PowerShell in a page, and what runs it. A page shows what a command outputs behind it: `command   #=> a, b`.
Import-Module $PSScriptRoot/Helpers.psm1

function Get-CodeBlock {
    <#
        The blocks of a page, numbered from 1: those fenced as powershell, or in a topic of Get-Help those indented by 8. One with a
        name behind its language, as in ```powershell server.ps1, is that file.
    #>
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $isTopic = $Path.EndsWith('.txt')
    $pattern = $isTopic ? '(?m)^ {8}\S.*\n(?:(?: {8}.*|[ \t]*\r?)\n)*' : '(?ms)^```powershell(?: (?<File>\S+))?\r?\n(?<Block>.*?)^```'
    $number = 0
    [regex]::Matches((Get-Content -LiteralPath $Path -Raw), $pattern) | ForEach-Object {
        @{
            Page   = Split-Path $Path -Leaf
            Number = ++$number
            File   = $_.Groups['File'].Value
            Block  = $isTopic ? $_.Value -replace '(?m)^ {8}' : $_.Groups['Block'].Value
        }
    }
}

function Invoke-CodeBlock {
    <#
        Runs blocks in a scope of their own, and outputs for each command that shows its output what it was. Tests in them must pass.
    #>
    param(
        [Parameter(Mandatory)]
        [string[]] $Block
    )
    $scope = New-Module { $ErrorActionPreference = 'Stop' }
    $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
    $ports = @{}
    foreach ($text in $Block) {
        $source = [regex]::Replace($text, '(?<=\b(?:Start-\w+Server|localhost) |\blocalhost:)[1-9]\d{3,4}\b', {
                $ports[$args[0].Value] ??= "$(Get-UnusedPort)"
                $ports[$args[0].Value]
            }) -replace '\./TwistedPS\.psd1', "'$module'"
        $tokens = $faults = $null
        $ast = [Management.Automation.Language.Parser]::ParseInput($source, [ref] $tokens, [ref] $faults)
        if ($faults) {
            throw "The block can't be parsed: $($faults[0].Message)"
        }
        foreach ($statement in $ast.EndBlock.Statements) {
            if ($statement.Extent.Text -like 'Describe *') {
                Invoke-Describe $statement.Extent.Text
                continue
            }
            $output = . $scope ([scriptblock]::Create($statement.Extent.Text))
            $tokens | Where-Object {
                $_.Kind -eq 'Comment' -and $_.Text.StartsWith('#=>') -and $_.Extent.StartLineNumber -eq $statement.Extent.EndLineNumber
            } | ForEach-Object {
                [pscustomobject]@{ Text = $statement.Extent.Text; Output = ($output -join ', ').TrimEnd(); Shown = $_.Text.Substring(3).Trim() }
            }
        }
    }
}

# Tests can't be run within a test, but in a session of their own.
function Invoke-Describe ([string] $Text) {
    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
    try {
        $run = $shell.AddScript({
                param($Pester, $Module, $Text)
                Import-Module $Pester, $Module
                # Made by code, a scriptblock belongs to this session.
                $tests = & ([scriptblock]::Create("{ $Text }"))
                Invoke-Pester -Container (New-PesterContainer -ScriptBlock $tests) -Output None -PassThru
            }).AddParameters(@((Get-Module Pester).Path, "$PSScriptRoot/../../../TwistedPS.psd1", $Text)).Invoke()[-1]
        if (-not $run.PassedCount -or $run.FailedCount) {
            throw "These tests do not pass: $Text $($shell.Streams.Error) $($run.Failed.ErrorRecord)"
        }
    }
    finally {
        $shell.Runspace.Dispose()
        $shell.Dispose()
    }
}

Export-ModuleMember -Function *-CodeBlock
