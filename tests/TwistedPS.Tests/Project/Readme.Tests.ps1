BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $blocks = Get-CodeBlock $PSScriptRoot/../../../README.md
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
}

Describe 'The README' {
    AfterEach { Stop-Everything }

    It 'has blocks to run' -ForEach @{ Count = $blocks.Count } {
        $Count | Should -BeGreaterThan 6
    }

    It 'shows what happens in block <Number>' -ForEach $blocks {
        foreach ($command in Invoke-CodeBlock $Block) {
            $command.Output | Should -BeExactly $command.Shown -Because $command.Text
        }
    }
}
