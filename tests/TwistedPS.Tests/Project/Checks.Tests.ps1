Describe 'The page of checks' {
    It 'has a row for each check of the tests, with the files that have it' {
        $tests = Get-ChildItem $PSScriptRoot/../.., $PSScriptRoot/../../../examples -Recurse -Include *.Tests.ps1, *Tests.cs
        $tags = $tests | Select-String '-Tag ([A-Z]\d+(, )?)+|\bCheck = ''[A-Z]\d+|"Check", "[A-Z]\d+' -AllMatches -CaseSensitive
        $kept = foreach ($tag in $tags) {
            [regex]::Matches($tag.Matches.Value, '\b[A-Z]\d+') | ForEach-Object { "$_ in $($tag.Filename)" }
        }
        $rows = Select-String -Path $PSScriptRoot/../../../docs/checks.md '^\| ([A-Z]\d+) \|.*\| (.*) \|$' | ForEach-Object {
            $null, $check, $files = $_.Matches.Groups.Value
            $files -split ', ' | ForEach-Object { "$check in $_" }
        }
        Compare-Object ($kept | Sort-Object -Unique) $rows | ForEach-Object {
            "$($_.InputObject) is only in $(@{ '<=' = 'the tests'; '=>' = 'the page' }[$_.SideIndicator])"
        } | Should -BeNullOrEmpty
    }
}
