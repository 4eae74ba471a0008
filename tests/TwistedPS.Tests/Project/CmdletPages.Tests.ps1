BeforeDiscovery {
    $pages = Get-ChildItem $PSScriptRoot/../../../docs/cmdlets/*.md | ForEach-Object { @{ Page = $_.BaseName; File = $_.FullName } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $commands = (Get-Command -Module TwistedPS).Name
}

Describe 'The page of <Page>' -ForEach $pages {
    BeforeAll {
        $text = [IO.File]::ReadAllText($File) -replace '\r'
        $notes, $examples, $links = ($text -split '(?m)^## (?:Notes|Examples|Related links)\n')[1..3]
    }

    It 'is about a cmdlet that there is' {
        $commands | Should -Contain $Page
        $text | Should -BeLike "# $Page`n*"
    }

    It 'has notes, examples and links, in this order' {
        [regex]::Matches($text, '(?m)^## (.+)$').ForEach({ $_.Groups[1].Value }) | Should -BeExactly Notes, Examples, 'Related links'
        $notes | Should -Match '\w'
    }

    It 'has two examples or more, each with a title, one block that runs the cmdlet, and a claim' {
        $parts = @(($examples -split '(?m)^### .+\n').Where({ $_.Trim() }))
        $parts.Count | Should -BeGreaterOrEqual 2
        foreach ($part in $parts) {
            $blocks = [regex]::Matches($part, '(?ms)^```powershell\n(.*?)^```$')
            $blocks | Should -HaveCount 1 -Because $part
            $blocks[0].Groups[1].Value | Should -Match "\b$Page\b" -Because $part
            $blocks[0].Groups[1].Value | Should -Match '#=> \S' -Because $part
        }
    }

    It 'links to cmdlets that there are, each once, and not to itself' {
        $lines = @($links.Trim() -split '\n')
        $names = foreach ($line in $lines) {
            $line | Should -Match '^- \[([\w-]+)\]\(\1\.md\)$'
            $line -replace '^- \[([\w-]+)\].*', '$1'
        }
        $names | Should -Not -BeNullOrEmpty
        $names | Should -Not -Contain $Page
        $names | Where-Object { $_ -notin $commands } | Should -BeNullOrEmpty
        $names | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'has lines of code that fit a page' {
        $examples -split '\n' | Where-Object Length -GT 132 | Should -BeNullOrEmpty
    }
}
