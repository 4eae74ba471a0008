BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $blocks = Get-ChildItem $PSScriptRoot/../../../docs/cmdlets -Filter *.md | ForEach-Object { Get-CodeBlock $_ }
    # Enter-LineClient reads keys at a terminal, and what the console's reader gives elsewhere.
    $typed, $others = $blocks.Where({ $_.Page -eq 'Enter-LineClient.md' }, 'Split')
    # A cluster needs a broker.
    $joined, $run = $others.Where({ $_.Block -match '(nats|redis)://' }, 'Split')
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $isComplete = @(Get-BrokerKind).Count -eq @(Get-BrokerKind -All).Count
    $isTerminal = -not ([Console]::IsInputRedirected -or [Console]::IsOutputRedirected)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    Import-Module $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/RealProgram.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force
    Push-Location $TestDrive
}

AfterAll {
    Pop-Location
}

Describe 'The page of a cmdlet' {
    AfterEach { Stop-Everything }

    It 'shows what happens: <Page>, example <Number>' -ForEach $run {
        foreach ($command in Invoke-CodeBlock $Block) {
            $command.Output | Should -BeExactly $command.Shown -Because $command.Text
        }
    }

    It 'shows what happens at a broker: <Page>, example <Number>' -ForEach $joined -Skip:(-not $isComplete) {
        $broker = Start-Broker ($Block -match 'redis://' ? 'Redis' : 'NATS')
        foreach ($command in Invoke-CodeBlock ($Block -replace '(nats|redis)://localhost:\d+', $broker.Url)) {
            $command.Output | Should -BeExactly $command.Shown -Because $command.Text
        }
        Stop-Broker $broker
    }

    It 'shows what is typed: <Page>, example <Number>' -ForEach $typed -Skip:$isTerminal {
        $in = [Console]::In
        [Console]::SetIn([IO.StringReader]::new("hello`nexit"))
        try {
            foreach ($command in Invoke-CodeBlock $Block) {
                $command.Output | Should -BeExactly $command.Shown -Because $command.Text
            }
        }
        finally {
            [Console]::SetIn($in)
        }
    }
}
