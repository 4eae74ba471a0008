BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1 -Force
    $rows = Select-String '^\| `(\w+\.\w+)` \| ([\w/]+\.cs) \|' $PSScriptRoot/../../../docs/architecture.md | ForEach-Object Matches

    # Those of ours in a stack trace, from the loop inwards, as Type.Method.
    function Get-Frame ([string[]] $Trace) {
        $frames = $Trace | ForEach-Object {
            if ($_ -match '^\s+at TwistedPS\.(?:Engine\.\w+\.|Scripting\.(?:Inlining\.)?)?(\w+)(?:`\d)?\.(?:[^(]*\.)?(\w+)(?:\[[^(]*\])?\(') {
                "$($Matches[1]).$($Matches[2])"
            }
        }
        [array]::Reverse($frames)
        $frames | Select-Object -Skip $frames.IndexOf('EventLoop.Turn')
    }
}

Describe 'The page of the architecture' {
    It 'names all of our frames from the loop to the script, at most 14' {
        # In a process of its own nothing has been compiled so well yet that frames are missing.
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$s = Start-LineServer 0 { class Nothing { }; `$Connection.State.Trace = [Environment]::StackTrace; 'done' }
            `$c = Connect-LineClient 127.0.0.1 `$s.Port
            `$null = Send-Line `$c go -Receive -Timeout 30
            `$s.Connections[0].State.Trace
"@
        $trace = (Read-ChildRest $shell) -split '\r?\n'
        Assert-ChildSucceeded $shell
        $frames = Get-Frame $trace
        $frames | Should -BeExactly $rows.ForEach{ $_.Groups[1].Value }
        $frames.Count | Should -BeLessOrEqual 14
    }

    It 'names files that are there' {
        $rows | Should -Not -BeNullOrEmpty
        foreach ($file in $rows.ForEach{ $_.Groups[2].Value }) {
            (Test-Path "$PSScriptRoot/../../../src/TwistedPS.Engine/$file") -or (Test-Path "$PSScriptRoot/../../../src/TwistedPS/$file") |
                Should -BeTrue -Because "$file is named"
        }
    }
}
