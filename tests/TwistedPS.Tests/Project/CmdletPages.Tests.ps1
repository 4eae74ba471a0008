BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $commands = (Get-Command -Module TwistedPS).Name
    $folder = (Get-Item $PSScriptRoot/../../../docs/cmdlets).FullName
    $pages = Get-ChildItem $folder/*.md | ForEach-Object {
        $text = [IO.File]::ReadAllText($_) -replace '\r'
        [pscustomobject]@{
            Name     = $_.BaseName
            Text     = $text
            Examples = @([regex]::Split([regex]::Match($text, '(?s)\n## Examples\n(.*)\n## ').Groups[1].Value, '(?m)^### ').Where({ $_.Trim() }))
            Links    = @([regex]::Match($text, '(?s)\n## Related links\n(.*)').Groups[1].Value.Trim() -split '\n')
        }
    }

    # What a check outputs for a page, with the name of the page.
    function Get-Fault ([scriptblock] $Check) {
        foreach ($page in $pages) {
            $page | ForEach-Object $Check | ForEach-Object { "$($page.Name): $_" }
        }
    }
}

Describe 'The pages of the cmdlets' {
    It 'have examples that run the cmdlet, and say what it outputs and what that shows' {
        Get-Fault { if ($_.Examples.Count -lt 2) { 'fewer than two' } } | Should -BeNullOrEmpty
        Get-Fault {
            # What is for the eyes outputs nothing.
            $said = $_.Name -cin 'Enter-LineClient', 'Watch-Reactor' ? '' : '#=> \S'
            foreach ($example in $_.Examples) {
                $title, $rest = $example -split '\n', 2
                $blocks = [regex]::Matches($rest, '(?ms)^```powershell\n(.*?)^```$')
                $remark = $rest -replace '(?s)^.*```\n'
                if ($blocks.Count -ne 1 -or $blocks[0].Value -notmatch "(?<![\w-])$($_.Name)(?![\w-])" -or $blocks[0].Value -notmatch $said -or $remark -notmatch '\w') {
                    $title
                }
            }
        } | Should -BeNullOrEmpty
    }

    It 'link to cmdlets and topics that there are, each once, and not to themselves' {
        Get-Fault {
            $names = [Collections.Generic.List[string]]::new()
            foreach ($link in $_.Links) {
                $name, $place = [regex]::Match($link, '^- \[([\w-]+)\]\(([\w./-]+)\)$').Groups[1, 2].Value
                $names.Add($name)
                $exists = $place -ceq "$name.md" ? $name -cin $commands : $place -clike "*/$name.help.txt" -and (Test-Path "$folder/$place")
                if (-not $exists) { $link }
            }
            $names | Group-Object | Where-Object { $_.Count -gt 1 -or $_.Name -eq $page.Name } | ForEach-Object Name
        } | Should -BeNullOrEmpty
    }

    It 'have lines that fit the page' {
        Get-Fault { $_.Text -split '\n' | Where-Object Length -GT 132 } | Should -BeNullOrEmpty
    }
}
