BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $topics = Get-ChildItem $PSScriptRoot/../../../docs/about -Filter *.help.txt | ForEach-Object {
        @{ Topic = $_.Name -replace '\.help\.txt$'; File = $_.FullName }
    }
    $blocks = $topics | ForEach-Object { Get-CodeBlock $_.File }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
}

Describe 'The topics of Get-Help' {
    It 'are those that there should be' {
        (Get-Help about_TwistedPS*).Name | Sort-Object |
            Should -BeExactly 'about_TwistedPS', 'about_TwistedPS_Deferreds', 'about_TwistedPS_Handlers', 'about_TwistedPS_Testing'
    }
}

Describe 'The topic <Topic>' -ForEach $topics {
    BeforeAll { $lines = [IO.File]::ReadAllLines($File) }

    It 'is found by its name, as it is' {
        (Get-Help $Topic) -split '\r?\n' | Should -BeExactly ($lines + '')
    }

    It 'begins as Get-Help expects it, and says in a line what it is about' {
        $lines[0, 1, 3] | Should -BeExactly 'TOPIC', "    $Topic", 'SHORT DESCRIPTION'
        (Get-Help "$Topic*").Where{ $_.Name -eq $Topic }.Synopsis | Should -BeExactly $lines[4].Trim()
    }

    It 'fits a terminal of 80 columns' {
        $lines.Where{ $_.Length -gt 80 } | Should -BeNullOrEmpty
    }

    It 'refers to what there is' {
        $named = $lines[$lines.IndexOf('SEE ALSO')..$lines.Count] -match '^    \w+[-_]\w+$' | ForEach-Object Trim
        $named.Count | Should -BeGreaterThan 2
        $named | Where-Object { -not (Get-Help $_ -ErrorAction Ignore) } | Should -BeNullOrEmpty
    }
}

Describe 'A topic of Get-Help' {
    AfterEach { Stop-Everything }

    It 'shows what happens: <Page>, block <Number>' -ForEach $blocks {
        foreach ($command in Invoke-CodeBlock $Block) {
            $command.Output | Should -BeExactly $command.Shown -Because $command.Text
        }
    }
}
