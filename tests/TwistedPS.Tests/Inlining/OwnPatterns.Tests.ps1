BeforeDiscovery {
    # Of each handler with patterns there is one that is inlined, one that is looped over, and one that calls a function with them.
    $patterns = @(
        @{ Name = '-match'; Text = '"$($_ -match "^A(D*)") $($Matches[1])"; "$($_ -cmatch "^a(d)") $($_ -imatch "D$")"' }
        @{ Name = '-notmatch'; Text = '"$($_ -notmatch "^A")"; "$($_ -cnotmatch "^A")"' }
        @{ Name = '-match of several texts'; Text = '"$(($_, "abc", 7) -match "[a7]")"; "$(($_, "abc") -cnotmatch "B")"' }
        @{ Name = '-match with two texts'; Text = '"$("a b", $_ -match ("a", "b"))"; "$("a b" -match "a", "b")"' }
        @{ Name = '-replace'; Text = '$_ -replace "D", "<$_>"; $_ -creplace "d"; "$($_, "add" -replace "(a)(.)", "$2$1")"' }
        @{ Name = '-replace with too much'; Text = '$_ -replace "a", "b", "c"' }
        @{ Name = '-split'; Text = '$_ -split " "; $_ -split "(d)", 2; $_ -csplit "D"; "$(($_, "a-b") -split "-")"; -split $_' }
        @{ Name = '-split with options'; Text = '$_ -split "[", 0, "SimpleMatch"; $_ -split "d | D", -2; $_ -split " d # all", 0, "IgnorePatternWhitespace"' }
        @{ Name = '-split with a pattern that is none'; Text = '"before"; $_ -split "("; "after"' }
        @{ Name = '-split with nothing, and a scriptblock'; Text = '$_ -split ""; $_ -split { $_ -eq "D" }; $_ -split "d", "a"' }
        @{ Name = 'switch -Regex'; Text = 'switch -Regex ($_) { "^A(\w)" { "$($Matches[1])"; continue } "\d" { "digit" } default { "none" } }' }
        @{ Name = 'switch -Regex -CaseSensitive'; Text = 'switch -Regex -CaseSensitive ($_) { "^A(\w)" { "upper" } "^a" { "lower"; break } default { "none" } }' }
        @{ Name = 'switch without patterns'; Text = 'switch ($_) { "a" { "one" } "[" { "bracket" } }; switch -Wildcard ($_) { "a*" { "wild" } }' }
        @{ Name = 'a pattern that is none'; Text = '"before"; if ($_ -match "(") { "yes" }; "after"' }
        @{ Name = 'a pattern to replace that is none'; Text = '"before"; $_ -replace "(", "x"; "after"' }
        @{ Name = 'a case that is none'; Text = 'switch -Regex ($_) { "a" { "yes" } "(" { "no" } }' }
        @{ Name = 'a pattern made of the line'; Text = '"$("a" -match $_)"; "$("a" -replace "$_", "x")"' }
    )
    $forms = @(
        @{ Form = 'inlined'; Around = '{0}' }
        @{ Form = 'with commands'; Around = '$null = Write-Output $_; {0}' }
        @{ Form = 'with commands and a pipeline'; Around = '$_ | ForEach-Object {{ {0} }}' }
    )
    $cases = foreach ($form in $forms) {
        foreach ($pattern in $patterns) {
            $form + @{ Name = $pattern.Name; Text = $form.Around -f $pattern.Text }
        }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Transcript.psm1 -Force

    # Whether PowerShell has made the regular expression of a pattern for all threads.
    function Test-SharedPattern([string] $Pattern) {
        $kept = [psobject].Assembly.GetType('System.Management.Automation.ParserOps').GetField('s_regexCache', [System.Reflection.BindingFlags] 'Static, NonPublic').GetValue($null)
        @($kept.Values | Where-Object { $_.ContainsKey($Pattern) }).Count -gt 0
    }
}

Describe 'Patterns of a handler <Form>' {
    It 'do the same as in a call: <Name>' -ForEach $cases {
        $lines = 'a', 'ADD 3 4', 'add', '', '7', '[', 'b'
        $expected = Use-Twin { Get-Transcript $Text $lines }
        Get-Transcript $Text $lines | Should -BeExactly $expected
    }
}

Describe 'The regular expression of a pattern' {
    It 'is that of its reactor alone: <Name>' -ForEach @(
        @{ Name = '-match, inlined'; Text = '$null = $_ -match "{0}"; $_' }
        @{ Name = '-match as a condition'; Text = 'while ($_ -match "{0}") { $_ }; $_' }
        @{ Name = '-cnotmatch'; Text = '$null = Write-Output ($_ -cnotmatch "{0}"); $_' }
        @{ Name = '-replace'; Text = 'Write-Output ($_ -replace "{0}")' }
        @{ Name = '-replace with another text'; Text = 'Write-Output ($_ -replace "{0}", $_)' }
        @{ Name = '-split'; Text = 'Write-Output ($_ -split "{0}")' }
        @{ Name = '-csplit into some parts'; Text = '($_ -csplit "{0}", 3)[0] | Write-Output' }
        @{ Name = 'switch -Regex'; Text = 'switch -Regex ($_) { "{0}" { Get-Date } }; Write-Output $_' }
        @{ Name = 'switch -Regex -CaseSensitive'; Text = 'switch -Regex -CaseSensitive ($_) { "{0}" { Get-Date } }; Write-Output $_' }
        @{ Name = 'in a scriptblock'; Text = '$_ | ForEach-Object { $null = $_ -match "{0}"; $_ }' }
        @{ Name = 'in a function of -InitializationScript'; Text = 'Test-It $_; $_'; Initialization = 'function Test-It($Text) { $null = $Text -match "{0}" }' }
    ) {
        $pattern = "^own $(New-Guid)"
        $script = [scriptblock]::Create($Text.Replace('{0}', $pattern))
        $initialization = [scriptblock]::Create("$Initialization".Replace('{0}', $pattern))
        $s = Start-LineServer 0 $script -InitializationScript $initialization
        try {
            Invoke-Peer $s.Port "a`nb`nc`n" | Should -BeExactly "a`r`nb`r`nc`r`n"
            Test-SharedPattern $pattern | Should -BeFalse
            $null = 'a' -match $pattern
            Test-SharedPattern $pattern | Should -BeTrue
        }
        finally {
            Stop-LineServer $s -DrainTime 0
        }
    }
}
