BeforeAll {
    $root = (Get-Item $PSScriptRoot/../../..).FullName
    $files = 'src', 'tests', 'bench', 'examples' | ForEach-Object { Get-ChildItem $root/$_ -Recurse -File -Include *.cs, *.ps1, *.psm1, *.psd1 } |
        Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
}

Describe 'The files of the project' {
    It 'have 300 lines at most' {
        $files | Where-Object { [IO.File]::ReadAllLines($_).Count -gt 300 } | Should -BeNullOrEmpty
    }

    It 'are 25 in a folder at most' {
        $files | Group-Object DirectoryName | Where-Object Count -GT 25 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    # The results of a run, and the page of checks, go by the name alone.
    It 'of tests have names of their own' {
        $files | Where-Object Name -Like *.Tests.ps1 | Group-Object Name | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'name no method Take, a word for too many things' {
        $files | Where-Object { $_.Extension -eq '.cs' -and $_.FullName -match '[\\/]src[\\/]' } |
            Select-String '^\s+(public|internal|private|protected)\b[^=;]* Take\w*\(' -CaseSensitive | ForEach-Object Line | Should -BeNullOrEmpty
    }
}
