BeforeDiscovery {
    $scripts = Get-ChildItem $PSScriptRoot/../../../examples/protocols -Filter *.ps1 | ForEach-Object { @{ Script = $_; Name = $_.Name } }
}

Describe 'The gallery of protocols' {
    It 'has in <Name> 40 lines at most, as its page says, and a client to try' -ForEach $scripts {
        $tokens = $null
        $null = [Management.Automation.Language.Parser]::ParseFile($Script, [ref] $tokens, [ref] $null)
        $code = $tokens | Where-Object Kind -NotIn Comment, NewLine, EndOfInput
        $lines = @($code | ForEach-Object { $_.Extent.StartLineNumber..$_.Extent.EndLineNumber } | Sort-Object -Unique).Count
        $lines | Should -BeLessOrEqual 40
        $row = Select-String -LiteralPath "$($Script.Directory)/README.md" -Pattern "^\|.*\[$([regex]::Escape($Name))\]\($([regex]::Escape($Name))\) \| (\d+) \| ``.+`` \|$"
        $row.Matches.Groups[1].Value | Should -Be $lines
        (Get-Help $Script.FullName).Synopsis | Should -Match '\w.*\.$'
    }
}
