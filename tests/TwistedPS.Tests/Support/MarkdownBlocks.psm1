# The PowerShell blocks of Markdown pages, and what they claim to output.
Import-Module $PSScriptRoot/Helpers.psm1

function Get-MarkdownBlock {
    <# The blocks of a page, in order. One with a name behind its language, as in ```powershell server.ps1, is that file. #>
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Path)
    $text = Get-Content -LiteralPath $Path -Raw
    $number = 0
    foreach ($match in [regex]::Matches($text, '(?ms)^```powershell(?:[ ]([^\s`]+))?[ ]*\r?\n(.*?)^```')) {
        @{
            Page   = Split-Path $Path -Leaf
            Number = ++$number
            File   = $match.Groups[1].Value
            Block  = $match.Groups[2].Value
        }
    }
}

function Test-MarkdownBlock {
    <#
        Runs blocks, all in one scope. What a statement outputs must be what follows #=> on its last line. Ports in them are
        replaced by free ones.
    #>
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Block)
    $ports = @{}
    foreach ($text in $Block) {
        $source = [regex]::Replace($text, '(?<=\b(?:Start-\w+Server|localhost) |\blocalhost:)\d{4,5}\b', {
                $ports[$args[0].Value] ??= "$(Get-UnusedPort)"
                $ports[$args[0].Value]
            })
        $tokens = $faults = $null
        $ast = [Management.Automation.Language.Parser]::ParseInput($source, [ref] $tokens, [ref] $faults)
        if ($faults) {
            throw "$($faults[0].Message) In: $text"
        }
        foreach ($statement in $ast.EndBlock.Statements) {
            $output = . ([scriptblock]::Create($statement.Extent.Text))
            $claim = $tokens | Where-Object {
                $_.Kind -eq 'Comment' -and $_.Text.StartsWith('#=>') -and
                $_.Extent.StartLineNumber -eq $statement.Extent.EndLineNumber
            }
            if ($claim) {
                $output -join ', ' | Should -BeExactly $claim.Text.Substring(3).Trim() -Because $statement.Extent.Text
            }
        }
    }
}

Export-ModuleMember -Function *-Markdown*
