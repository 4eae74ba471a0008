BeforeDiscovery {
    $text = Get-Content "$PSScriptRoot/../../../README.md" -Raw
    $number = 0
    $blocks = [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```') | ForEach-Object {
        @{ Number = ++$number; Block = $_.Groups[1].Value }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'The README' {
    AfterEach {
        Get-LineClient | Disconnect-LineClient
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
    }

    It 'has blocks to run' -ForEach @{ Count = $blocks.Count } {
        $Count | Should -BeGreaterThan 6
    }

    It 'shows what happens in block <Number>' -ForEach $blocks {
        $tokens = $null
        $source = $Block -replace '\b1234\b', (Get-UnusedPort)
        $ast = [Management.Automation.Language.Parser]::ParseInput($source, [ref]$tokens, [ref]$null)
        foreach ($statement in $ast.EndBlock.Statements) {
            $output = . ([scriptblock]::Create($statement.Extent.Text))
            $claim = $tokens | Where-Object {
                $_.Kind -eq 'Comment' -and $_.Text.StartsWith('#=>') -and
                $_.Extent.StartLineNumber -eq $statement.Extent.EndLineNumber
            }
            if ($claim) {
                $output -join ', ' | Should -BeExactly $claim.Text.Substring(3).Trim() -Because $statement.Extent.Text
            }
        }
    }
}
