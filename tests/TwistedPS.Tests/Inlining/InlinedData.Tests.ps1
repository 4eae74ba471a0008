BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    # All that can be seen of two handlers that get some lines, and bytes among them.
    function Get-Exchange ([string] $OnLine, [string] $OnData, [string] $Text, [hashtable] $Options = @{}) {
        $s = Start-LineServer 0 ([scriptblock]::Create($OnLine)) -OnData ([scriptblock]::Create($OnData)) -Name same @Options
        try {
            Invoke-Peer $s.Port $Text
            Wait-Until { $s.Log.Message -like 'Lost client connection*' }
            $s.LinesIn, $s.LinesOut
            $s.Errors | ForEach-Object { "$($_.Handler): $($_.Message) $($_.Where)" }
            $s.Log | Where-Object Message -NotMatch 'connection from|Started on' | ForEach-Object { "$($_.Level) $($_.Message)" }
            $s.State.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" }
        }
        finally {
            Stop-LineServer $s -DrainTime 0
        }
    }
}

Describe 'Handlers of lines and of bytes among them whose calls share a scope' {
    It 'do the same with <Name>' -ForEach @(
        @{ Name = 'counted bytes'; OnLine = 'if ($_ -match "^b(\d+)$") { $Connection.ReadBytes($Matches[1]) }; "line $_"'; OnData = '"data $_"' }
        @{ Name = 'raw bytes'; OnLine = 'if ($_[0] -eq "b") { $Connection.ReadRaw() }; $_'; OnData = '$Connection.ReadLines($_[2..$_.Length]); $_.Length' }
        @{ Name = 'returns'; OnLine = 'if ($_[0] -eq "b") { return $Connection.ReadBytes(2) }; return $_'; OnData = 'if ($_[0] -eq 10) { return }; return "$_"' }
        @{ Name = 'variables of the same name'; OnLine = '$x = $_; if ($_[0] -eq "b") { $Connection.ReadBytes(1) }; $x'; OnData = '$x = $_.Length; "$x"' }
        @{ Name = 'a variable that only the one assigns'; OnLine = '$x = $_; if ($_[0] -eq "b") { $Connection.ReadBytes(1) }; $x'; OnData = '"<$x>"' }
        @{ Name = 'a variable that only the other assigns'; OnLine = 'if ($_[0] -eq "b") { $Connection.ReadBytes(1) }; "<$x>"'; OnData = '$x = $_.Length; $x' }
        @{ Name = 'parameters'; OnLine = 'param($Peer, $Line) if ($Line[0] -eq "b") { $Peer.ReadBytes(1) }; "$Line <$Bytes>"'; OnData = 'param($Peer, $Bytes) "$Bytes <$Line>"' }
        @{ Name = 'matches in the one'; OnLine = 'if ($_ -match "^b(.)") { $Connection.ReadBytes($Matches[1]) }; $_'; OnData = '"<$($Matches.Count)>"' }
        @{ Name = 'numbers from text'; OnLine = '$n = [int] $_.Length; if ($_[0] -eq "b") { $Connection.ReadBytes([int] $_.Substring(1) + 1 - ([int] "1")) }; if ([int] "2" -eq 2) { "$n" }'; OnData = '"abcdefgh".Substring([int] "2"); [Math]::Max([int] "3", [int] "03")' }
        @{ Name = 'text that is no number'; OnLine = '$Connection.ReadBytes([int] $_); "never"'; OnData = '$_.Length' }
        @{ Name = 'state and output of their own'; OnLine = '$Connection.State.Last = $_; if ($_[0] -eq "b") { $Connection.ReadBytes(3) }'; OnData = '$Connection.Send("own"); "$($Connection.State.Last) $_"; $script:n++; $script:n' }
        @{ Name = 'an error in the one'; OnLine = 'if ($_[0] -eq "b") { $Connection.ReadBytes(2) }; $_'; OnData = '"before"; throw "bad"' }
        @{ Name = 'an error in the other'; OnLine = 'if ($_[0] -eq "b") { $Connection.ReadBytes(2) }; "before"; [int] $_'; OnData = '"data $_"' }
        @{ Name = 'a close in the middle'; OnLine = '$_; $Connection.ReadBytes(2)'; OnData = '"last"; $Connection.Close(); "words"' }
        @{ Name = 'none at all'; OnLine = '$Connection.ReadBytes(0); $_'; OnData = '"<$_>"' }
    ) {
        $text = "one`nb3`n`n`nxb2`nlast`nb1`nyb4`nab`n"
        foreach ($options in @{}, @{ OnError = { "error $_" } }) {
            $expected = Use-Twin { Get-Exchange $OnLine $OnData $text $options }
            Get-Exchange $OnLine $OnData $text $options | Should -BeExactly $expected
        }
    }

    It 'are both said to be, or why not' {
        $said = Start-LineServer 0 { $Connection.ReadBytes(1) } -OnData { Get-Date } -Verbose 4>&1 | Select-Object -SkipLast 1
        "$said" | Should -BeLike 'OnLine: inlined OnData: not inlined, because it calls a command, *'
        $said = Connect-LineClient 127.0.0.1 (Get-LineServer)[0].Port { 1 } -OnData { "$_" } -Verbose 4>&1 | Select-Object -SkipLast 1
        "$said" | Should -BeExactly 'OnLine: inlined OnData: inlined'
        Stop-Everything
    }

    It 'do not know their bytes as text' {
        $said = Start-LineServer 0 { $_ } -OnData { if ($_ -match 'a') { $Matches[0] } } -Verbose 4>&1 | Select-Object -SkipLast 1
        "$said" | Should -BeLike 'OnLine: inlined OnData: not inlined, because *'
        Stop-Everything
    }

    It 'may be mixed with one that is not' {
        $s = Start-LineServer 0 { if ($_ -eq 'b') { $Connection.ReadBytes(2) }; $_ } -OnData { Write-Output "data $_" }
        Invoke-Peer $s.Port "a`nb`nxxb`nyyc`n" | Should -BeExactly "a`r`nb`r`ndata 120 120`r`nb`r`ndata 121 121`r`nc`r`n"
        Stop-LineServer $s
    }
}
