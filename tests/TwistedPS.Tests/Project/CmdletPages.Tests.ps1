BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $commands = (Get-Command -Module TwistedPS).Name
    $pages = Get-ChildItem $PSScriptRoot/../../../docs/cmdlets/*.md | ForEach-Object {
        $text = [IO.File]::ReadAllText($_) -replace '\r'
        [pscustomobject]@{
            Name     = $_.BaseName
            Text     = $text
            Headings = [regex]::Matches($text, '(?m)^##? .+$').Value
            Notes    = [regex]::Match($text, '(?s)\n## Notes\n(.*?)\n## ').Groups[1].Value.Trim()
            Examples = @([regex]::Split([regex]::Match($text, '(?s)\n## Examples\n(.*)\n## ').Groups[1].Value, '(?m)^### ').Where({ $_.Trim() }))
            Links    = @([regex]::Match($text, '(?s)\n## Related links\n(.*)').Groups[1].Value.Trim() -split '\n')
        }
    }

    # The names of the pages for which a check outputs something, and what.
    function Get-Fault ([scriptblock] $Check) {
        foreach ($page in $pages) {
            $page | ForEach-Object $Check | ForEach-Object { "$($page.Name): $_" }
        }
    }
}

Describe 'The pages of the cmdlets' {
    It 'are there, each of a cmdlet that there is' {
        $pages.Count | Should -BeGreaterThan 40
        $pages.Name | Where-Object { $_ -notin $commands } | Should -BeNullOrEmpty
    }

    It 'have notes, examples and links, in this order' {
        Get-Fault { if (($_.Headings -join '|') -cne "# $($_.Name)|## Notes|## Examples|## Related links") { $_.Headings } } | Should -BeNullOrEmpty
        Get-Fault { if (-not $_.Notes) { 'no notes' } } | Should -BeNullOrEmpty
    }

    It 'have two examples or more, each with a title, and one block that runs the cmdlet and says what it outputs' {
        Get-Fault { if ($_.Examples.Count -lt 2) { 'fewer than two' } } | Should -BeNullOrEmpty
        Get-Fault {
            foreach ($example in $_.Examples) {
                $title, $rest = $example -split '\n', 2
                $blocks = [regex]::Matches($rest, '(?ms)^```powershell\n(.*?)^```$')
                if ($blocks.Count -ne 1 -or $blocks[0].Value -notmatch "(?<![\w-])$($_.Name)(?![\w-])" -or $blocks[0].Value -notmatch '#=> \S') { $title }
            }
        } | Should -BeNullOrEmpty
    }

    It 'link to cmdlets that there are, each once, and not to themselves' {
        Get-Fault {
            $names = $_.Links -replace '^- \[([\w-]+)\]\(\1\.md\)$', '$1'
            $names | Where-Object { $_ -notin $commands }
            $names | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name
            $names | Where-Object { $_ -eq $page.Name }
        } | Should -BeNullOrEmpty
    }

    It 'have lines that fit the page' {
        Get-Fault { $_.Text -split '\n' | Where-Object Length -GT 132 } | Should -BeNullOrEmpty
    }
}
