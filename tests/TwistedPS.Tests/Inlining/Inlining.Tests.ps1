BeforeDiscovery {
    # Handlers whose calls can share a scope. Each gets the same lines as its twin that can't, and must do the same.
    $inlined = @(
        @{ Name = 'an echo'; Text = '$_' }
        @{ Name = 'text around the line'; Text = '"<$_> $($Connection.Number) $($Server.Name)"' }
        @{ Name = 'several outputs, arrays and nothing'; Text = '1, 2; $null; @(); , (3, 4); @{ a = 1 }; [pscustomobject]@{ b = $_ }' }
        @{ Name = 'numbers in text'; Text = 'switch -Regex ($_) { "^ADD (\d+) (\d+)$" { [int] $Matches[1] + [int] $Matches[2]} }; [int] "007"; [int] "0x1F"; [int] ""; [int] "-5"; [int] " 7 "; [int] "1.5"; [int] "1e2"; [int] 2.5; [int] [char] "7"' }
        @{ Name = 'numbers that are too large or none'; Text = '$_; if ($_ -eq "b") { [int] "3000000000" } else { [int] "٣" }' }
        @{ Name = 'arrays in arrays'; Text = '@(, (1, 2)); @(1; , (2, 3)); (, (4, 5)); , @()' }
        @{ Name = 'numbers and other objects'; Text = '$_.Length; 1.5; $true; [datetime]::MinValue; [char] 65; [version] "1.2"' }
        @{ Name = 'calls that return nothing'; Text = '$Server.State["n"] = $_; [void] $_.Length; $null = $_.Trim(); $Connection.State.Clear(); $_' }
        @{ Name = 'parameters'; Text = 'param($Peer, $Line, $Third) "$($Peer.Number) $Line <$Third>"' }
        @{ Name = 'parameters that it changes'; Text = 'param($Connection, $Line) $Line = "$Line!"; $Line += "?"; $Line; $_' }
        @{ Name = 'return'; Text = 'if ($_ -eq "a") { return "first" }; if ($_ -eq "b") { return }; "rest $_"' }
        @{ Name = 'return of many in a loop'; Text = 'foreach ($i in 1..3) { if ($i -eq 2) { return $_, $i }; $i }' }
        @{ Name = 'break and continue'; Text = 'if ($_ -eq "a") { "a"; continue }; if ($_ -eq "b") { "b"; break }; "not $_"' }
        @{ Name = 'local variables'; Text = '$word, $rest = $_ -split " ", 2; $n = $word.Length; $n++; "$word|$rest|$n"' }
        @{ Name = 'parts of the line'; Text = '$parts = $_ -split " "; $first = $parts[0].ToUpper(); if ($first -match "^(.)") { $Matches[1] }; "$first $($parts.Count)"' }
        @{ Name = 'variables that all branches assign'; Text = 'if ($_ -eq "a") { $x = 1 } elseif ($_ -eq "b") { $x = 2 } else { $x = 3 }; $x' }
        @{ Name = 'a typed variable'; Text = '[string] $n = $_.Length; "$($n.GetType().Name) $n"' }
        @{ Name = 'a value from if and switch'; Text = '$x = if ($_ -eq "a") { 1 } else { 2 }; $y = switch ($_) { "a" { "A" } default { "?" } }; "$x$y"' }
        @{ Name = 'switch by text'; Text = 'switch ($_) { "a" { "one"; break } "b" { "two" } "B" { "two again" } default { "other $_" } }; "after $_"' }
        @{ Name = 'switch -Wildcard'; Text = 'switch -Wildcard ($_) { "a*" { "starts with a" } "*a" { "ends with a" } "[" { "never" } }' }
        @{ Name = 'switch -Regex'; Text = 'switch -Regex ($_) { "^ADD (\d+) (?<second>\d+)$" { [int] $Matches[1] + [int] $Matches.second } "^add" { $Matches[0]; $Matches.Count } default { "ERR $_" } }' }
        @{ Name = 'switch -Regex -CaseSensitive'; Text = 'switch -Regex -CaseSensitive ($_) { "^ADD" { "upper" } "^add" { "lower" } default { "none" } }' }
        @{ Name = 'switch with a pattern that is none'; Text = 'switch -Regex ($_) { "a" { "yes" } "(" { "no" } }' }
        @{ Name = '-match'; Text = 'if ($_ -match "^(\w+) (\w+)$") { $Matches[2]; $Matches[1].ToUpper() } elseif ($_ -match "^(.)$" -and $Matches[1] -ne "b") { "one: $($Matches[1])" } else { "none" }' }
        @{ Name = '-match by case'; Text = '$_ -match "^add"; $_ -cmatch "^add"; $_ -notmatch "^B"; $_ -cnotmatch "^B"; if ("$_ x" -cmatch "^([a-z]+) ") { $Matches[1] } else { "none" }' }
        @{ Name = '-match with a pattern that is none'; Text = '"before"; if ($_ -match "(") { "yes" }; "after"' }
        @{ Name = 'loops'; Text = 'for ($i = 0; $i -lt 2; $i++) { "for $i $_" }; $n = 0; while ($n -lt 2) { $n++; if ($n -eq 1) { continue }; "while $n" }; do { $n-- } until ($n -le 0); foreach ($c in $_.ToCharArray()) { if ($c -eq "b") { break }; $c }' }
        @{ Name = 'try and catch'; Text = 'try { [int] $_ } catch { "no number: $_" } finally { "done" }; $_' }
        @{ Name = 'an error in the middle'; Text = '"before"; if ($_ -eq "b") { throw "bad $_" }; "after"' }
        @{ Name = 'an error of .NET'; Text = '"before"; [int]::Parse($_); "after"' }
        @{ Name = 'an error of a statement'; Text = '"before"; [int] $_; "after"' }
        @{ Name = 'a division by zero'; Text = '$z = $_.Length - 1; 1 / $z' }
        @{ Name = '$script: of its server'; Text = '$script:count++; "$script:count $_"' }
        @{ Name = 'a variable of somewhere else'; Text = '"$outer $_"' }
        @{ Name = 'state'; Text = '$Server.State.n += 1; $Connection.State.n += 1; "$($Server.State.n) $($Connection.State["n"]) $($Server.State.ContainsKey("n"))"' }
        @{ Name = 'a close in the middle'; Text = '$_; if ($_ -eq "b") { $Connection.Close(); "last" }' }
        @{ Name = 'an abort in the middle'; Text = '$Server.State["seen"] += $_; if ($_ -eq "b") { $Connection.Abort() }' }
        @{ Name = 'a half-close in the middle'; Text = '$_; if ($_ -eq "b") { $Connection.EndSending(); "last" }' }
        @{ Name = 'what it sends itself'; Text = '"out $_"; $Connection.Send("sent $_"); "more"' }
        @{ Name = 'properties of the variable $_'; Text = '$PSItem; $_.Length; "$_".Substring(0, 1); ($_ + "x").Replace("x", "y"); "{0:N2}" -f $_.Length; ($_ -split " ") -join "+"' }
        @{ Name = 'what a conversion throws'; Text = 'if ($_ -eq "b") { [System.Uri] "http://[" } else { $_ }' }
        @{ Name = 'what a script method leaves with'; Text = '"before"; $Server.State.o.Leave(); "after"' }
        @{ Name = 'what a class leaves with'; Text = '"before"; $script:leaver.Leave(); "after"' }
        @{ Name = 'a deferred of somewhere else'; Text = '"$_ now"; $Server.State.d' }
        @{ Name = 'a line that is a line again after a catch'; Text = 'if ($_ -eq "a") { $x = 1 }; try { [int] $_ } catch { "no number" } finally { $_.Length }; $_.Trim()' }
        @{ Name = 'an output that is no text'; Text = '"before"; $Server.State.bad; "after"' }
        @{ Name = 'an enumerator'; Text = '(1, 2).GetEnumerator(); $_.GetEnumerator()' }
        @{ Name = 'an ampersand and question marks in a comment'; Text = "`$_ # & ?? ?. ?[ ? : &&`n" }
        @{ Name = 'a pattern with ?['; Text = 'if ($_ -match "^(\w+)?[ ]?b$") { "b of $($Matches[1])" } else { "a & b ?? c" }' }
        @{ Name = 'a ternary'; Text = '$_ -eq "a" ? "yes" : "no"; $x = $_ -match "^A(DD)?" ? $Matches[1] : "none"; "<$x>"; $_.Length -gt 1 ? ($_ ? 1, 2 : 3) : $null' }
        @{ Name = 'a ternary that an error ends'; Text = '"before"; $_ -eq "b" ? [int] $_ : "fine"' }
        @{ Name = '??'; Text = '$Server.State.none ?? "nothing"; $_ ?? "never"; $x = $Connection.State.n ?? 0; $Connection.State.n = $x + 1; "$x"' }
        @{ Name = '??='; Text = '$Server.State.first ??= $_; $x = $null; $x ??= "x$_"; $x ??= "never"; "$($Server.State.first) $x"' }
        @{ Name = '?. and ?['; Text = '$x = $Server.State[$_]; ${x}?.Length; ${x}?[0]; ${_}?.ToUpper(); $Server.State[$_] = "seen $_"; ${x}?.Substring(0, 4)' }
        @{ Name = 'nothing in arrays'; Text = '$n = if ($false) { 1 }; 1, $(), 2; , $n; @($n; $_); , @($n, $null); $Connection.Send("sent"), $_; $(), @(); $_ -eq "a" ? $n : @($n)' }
        @{ Name = 'members of $Connection that are known'; Text = 'if ($_ -eq "a") { $x = 1 }; "$($Connection.Number)$(${Connection}?.Status) $($Server.Name)"; $Connection.Send($_); $Server.Groups["all"]; $x = 2; $x' }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Transcript.psm1 -Force

    # The bytes for each of many lines that are echoed, once the handler was called often.
    function Measure-Memory {
        $count = 20000
        $lines = [System.Text.Encoding]::ASCII.GetBytes(('x' * 24 + "`r`n") * $count)
        $replies = [byte[]]::new($lines.Length)
        $s = Start-LineServer 0 { $_ }
        try {
            $stream = (Connect-Peer $s.Port).GetStream()
            $bytes = foreach ($round in 1..2) {
                $before = [GC]::GetTotalAllocatedBytes($true)
                $sending = $stream.WriteAsync($lines, 0, $lines.Length)
                $stream.ReadExactly($replies, 0, $replies.Length)
                $sending.Wait()
                [GC]::GetTotalAllocatedBytes($true) - $before
            }
            $bytes[1] / $count
        }
        finally {
            Stop-LineServer $s -DrainTime 0
            Close-Peer
        }
    }
}

Describe 'A handler whose calls share a scope' {
    BeforeAll {
        $lines = 'a', 'b', 'ADD 3 4', 'add', '', '7', 'a b', '[', 'B', 'a'
    }

    It 'is one with <Name>' -ForEach $inlined {
        Get-Verdict $Text | Should -BeExactly inlined
    }

    It 'does the same with <Name>' -ForEach $inlined {
        $expected = Use-Twin { Get-Transcript $Text $lines }
        Get-Transcript $Text $lines | Should -BeExactly $expected
    }

    It 'does the same with <Name> when errors are handled' -ForEach $inlined {
        $options = @{ OnError = { "error $_ in $($_.InvocationInfo.ScriptLineNumber)" } }
        $expected = Use-Twin { Get-Transcript $Text $lines $options }
        Get-Transcript $Text $lines $options | Should -BeExactly $expected
    }

    It 'does the same with <Name> in the foreground' -ForEach $inlined {
        $outer = 'the outer one'
        $transcripts = foreach ($twin in $true, $false) {
            $script:count = 0
            $handler = [scriptblock]::Create($Text)
            $c = $twin ? (Use-Twin { New-LineTestConnection $handler -Name same }) : (New-LineTestConnection $handler -Name same)
            $errors = $null
            Send-Line $c $lines -ErrorAction SilentlyContinue -ErrorVariable errors
            $replies = while ($c.WaitingLines -gt 0) { Receive-Line $c }
            "$($replies -join '|') $($errors -join '|') $($c.Server.Errors.Message -join '|') $($c.Server.LinesIn) $($c.Status) $script:count"
            Disconnect-LineClient $c
        }
        $transcripts[1] | Should -BeExactly $transcripts[0]
    }

    It 'gets -ArgumentList' {
        $text = 'param($Peer, $Line, $First, $Second, $Third) "$Line $First $Second <$Third>"; $First = "changed"'
        Get-Verdict $text | Should -BeExactly inlined
        $expected = Use-Twin { Get-Transcript $text $lines @{ ArgumentList = 'one', @(2, 3) } }
        Get-Transcript $text $lines @{ ArgumentList = 'one', @(2, 3) } | Should -BeExactly $expected
        $expected[0] | Should -BeLike "a one 2 3 <>`r`n*"
    }

    It 'takes little more memory than the text of its lines' {
        # A string of 24 characters has 72 bytes.
        Measure-Memory | Should -BeLessThan (5 * 72)
        Use-Twin { Measure-Memory } | Should -BeGreaterThan (15 * 72)
    }

    It 'stops when its lines are replaced' {
        $s = Start-LineServer 0 { "old $_" }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c a -Receive | Should -BeExactly 'old a'
        Set-LineServer $s -OnLine { "new $_" }
        Send-Line $c b -Receive | Should -BeExactly 'new b'
        Disconnect-LineClient $c
        Stop-LineServer $s
    }
}

Describe 'A handler of bytes whose calls share a scope' {
    It 'does the same with <_>' -ForEach @(
        '$_', ', $_', '$_; $_', '$_[0]', '"text"; 1; [byte] 65; , [byte[]] (66, 67)', '$_.Length; $_[0..2]', '$Connection.Send($_)', '[byte[]]::new(3)',
        '$x = 0; if ($_.Length -gt 2) { $x = $_.Length }; "$x"', '$Server.State.n += $_.Length; $Server.State.n', '[System.Collections.Generic.List[byte]] $_'
    ) {
        Get-Verdict $_ -OfData | Should -BeExactly inlined
        $handler = [scriptblock]::Create($_)
        $replies = foreach ($twin in $true, $false) {
            $s = $twin ? (Use-Twin { Start-TcpServer 0 $handler }) : (Start-TcpServer 0 $handler)
            $peer = Connect-Peer $s.Port
            foreach ($data in 'a', 'bcd', "`u{fc}e") {
                Send-Peer $peer $data
                Wait-Until { $s.BytesIn -ge $data.Length }
            }
            Send-Peer $peer '' -End
            Receive-Peer $peer -End
            Stop-TcpServer $s
        }
        $replies[1] | Should -BeExactly $replies[0]
    }

    It 'is not one where its text may be bytes: <_>' -ForEach '$_ -match "a"; if ($_ -match "a") { $Matches[0] }', 'if ($x) { $n = 1 }; $_.Run()' {
        Get-Verdict $_ -OfData | Should -BeLike 'not inlined, because *'
    }
}
