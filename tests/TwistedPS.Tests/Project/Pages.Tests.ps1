BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $root = (Get-Item $PSScriptRoot/../../..).FullName
    # The tutorial is one long session, which a test of its own runs.
    $blocks = Get-Item $root/README.md, $root/docs/*.md -Exclude tutorial.md | ForEach-Object { Get-CodeBlock $_ }
    $pages = Get-ChildItem $root -Recurse -Filter *.md | Where-Object FullName -NotMatch '[\\/](bin|obj|out|TestResults)[\\/]' |
        ForEach-Object { @{ Page = [IO.Path]::GetRelativePath($root, $_) } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $root = (Get-Item $PSScriptRoot/../../..).FullName

    # The anchors that GitHub gives the headings of a page.
    function Get-Anchor ([string] $Page) {
        (Get-Content -LiteralPath $Page -Raw) -replace '(?ms)^```.*?^```' -split '\r?\n' -match '^#+ ' | ForEach-Object {
            $_.ToLowerInvariant() -replace '^#+ ' -replace '[^\p{L}\p{N} _-]' -replace ' ', '-'
        }
    }
}

Describe 'The pages' {
    AfterEach { Stop-Everything }

    It 'have blocks to run' -ForEach @{ With = $blocks.Page } {
        'concepts.md', 'from-twisted.md', 'README.md', 'tour.md' | Where-Object { $_ -notin $With } | Should -BeNullOrEmpty
    }

    It 'show what happens: block <Number> of <Page>' -ForEach $blocks {
        foreach ($command in Invoke-CodeBlock $Block) {
            $command.Output | Should -BeExactly $command.Shown -Because $command.Text
        }
    }

    It 'have links that lead somewhere: <Page>' -ForEach $pages {
        $text = (Get-Content -LiteralPath (Join-Path $root $Page) -Raw) -replace '(?ms)^```.*?^```' -replace '``.*?``|`[^`\n]*`'
        $missing = foreach ($link in [regex]::Matches($text, '\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)')) {
            $path, $anchor = $link.Groups[1, 2].Value
            $target = $path ? (Join-Path $root (Split-Path $Page) $path) : (Join-Path $root $Page)
            if (-not (Test-Path -LiteralPath $target) -or ($anchor -and $anchor -cnotin (Get-Anchor $target))) {
                $link.Value
            }
        }
        $missing | Should -BeNullOrEmpty
    }
}
