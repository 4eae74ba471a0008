BeforeAll {
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $root = (Get-Item $PSScriptRoot/../../..).FullName
    $manifest = Import-PowerShellDataFile $root/TwistedPS.psd1
    $lines = Get-Content $root/README.md

    # In `Get-`, `Stop-Reactor` a verb alone goes with the noun that follows.
    function Read-Cmdlet ([string] $Cell) {
        $verbs = @()
        foreach ($word in [regex]::Matches($Cell, '`([A-Z]\w+)-(\w*)`')) {
            $verbs += $word.Groups[1].Value
            if ($noun = $word.Groups[2].Value) {
                $verbs | ForEach-Object { "$_-$noun" }
                $verbs = @()
            }
        }
    }
}

Describe 'The README' {
    It 'is read in a few minutes: it has 150 lines at most' {
        $lines.Count | Should -BeLessOrEqual 150
    }

    It 'has each cmdlet in its table of families, and no other' {
        $start = $lines.IndexOf('| | cmdlets |')
        $rows = $lines[($start + 2)..$lines.Count].Where({ $_ -notlike '| *' }, 'Until')
        $named = $rows | ForEach-Object { Read-Cmdlet $_.Split('|')[2] }
        Compare-Object $manifest.CmdletsToExport $named | ForEach-Object {
            "$($_.InputObject) is only in $(@{ '<=' = 'the manifest'; '=>' = 'the table' }[$_.SideIndicator])"
        } | Should -BeNullOrEmpty
    }

    It 'has a picture of its first lines' {
        $typed = @(Get-CodeBlock $root/README.md)[0].Block.TrimEnd() -split '\r?\n' -replace '\s+#.*'
        ([xml](Get-Content $root/docs/demo.svg -Raw)).svg.title | Should -BeExactly ($typed -join '; ')
    }
}

Describe 'The page of the examples' {
    It 'names each of them' {
        $named = Select-String '^\| \[([\w-]+)\]\(\1\) \|' $root/examples/README.md | ForEach-Object { $_.Matches.Groups[1].Value }
        $named | Sort-Object | Should -BeExactly (Get-ChildItem $root/examples -Directory).Name
    }
}
