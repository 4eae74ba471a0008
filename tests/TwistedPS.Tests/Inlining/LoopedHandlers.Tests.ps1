BeforeDiscovery {
    # Handlers with commands, whose scope is made as good as new for each call.
    $looped = @(
        @{ Name = 'a cmdlet'; Text = 'Write-Output $_ $_.Length' }
        @{ Name = 'a function that has output and sends'; Text = 'Show-Order $_; "after"' }
        @{ Name = 'a function that looks at its variables'; Text = 'if ($_ -eq "a") { $x = 1 }; "<$x>"; Get-Caller; $x = "left"; $outer = 2; Get-Caller' }
        @{ Name = 'variables that only some calls assign'; Text = '$null = Get-Date; if ($_.Length -gt 1) { $a = $_ } elseif ($_ -eq "b") { $b = $_ }; "$a|$b|$(Test-Path Variable:a)"' }
        @{ Name = '$Matches of an earlier call'; Text = '"<$($Matches.Count)>"; $_ | ForEach-Object { if ($_ -match "^a") { $Matches[0] } }; "<$($Matches[0])>"' }
        @{ Name = 'a variable that a pipeline assigns'; Text = '"<$n>"; 1..3 | ForEach-Object { $n += $_ }; "<$n>"' }
        @{ Name = 'what commands set in its scope'; Text = '"<$o $v $w>"; Write-Output $_ -OutVariable o; Set-Variable v $_; Set-InCaller; "<$o $v $w>"' }
        @{ Name = 'a variable that a command takes away'; Text = 'if ($_ -eq "b") { Remove-Variable Connection }; "<$($Connection.Number)>"; Write-Output $_' }
        @{ Name = 'what a command makes of $Connection'; Text = 'if ($_ -eq "b") { Set-Variable Connection other }; "<$Connection>".Length; Write-Output $_' }
        @{ Name = 'aliases and strictness'; Text = 'Test-Path Alias:say; Set-Alias say Write-Output; say $_; $undefined.x; Set-StrictMode -Version 3' }
        @{ Name = 'a preference'; Text = 'Write-Error "one $_"; "<$ErrorActionPreference>"; if ($_ -eq "b") { $ErrorActionPreference = "Stop"; Write-Error "two" }; "end"' }
        @{ Name = 'default parameters'; Text = 'Write-Output; $PSDefaultParameterValues = @{ "Write-Output:InputObject" = $_ }; Write-Output' }
        @{ Name = 'a dot-sourced script'; Text = '"<$d>"; . { $d = $_; $d }; "<$d>"' }
        @{ Name = 'a called script'; Text = '& { param($x) "$x $_" } $_; & "Write-Output" $_' }
        @{ Name = 'an error of a command'; Text = '"before"; Get-Item ./none/of/these; "after"' }
        @{ Name = 'an error that ends a call'; Text = '"before"; if ($_ -eq "b") { Get-Item ./none -ErrorAction Stop }; Write-Output "after"' }
        @{ Name = 'throw of a function'; Text = '"before"; if ($_ -like "*b*") { Stop-Here $_ }; "after"' }
        @{ Name = 'try and catch around a command'; Text = 'try { Stop-Here $_ } catch { "caught $_" } finally { Write-Output done }' }
        @{ Name = 'break, continue and return'; Text = 'switch ($_) { "a" { continue } "add" { break } "7" { return "seven" } }; 1..3 | ForEach-Object { if ($_ -eq 2) { continue }; $_ }; "never"' }
        @{ Name = 'break of a function'; Text = 'Write-Output $_; if ($_ -eq "b") { Leave-Loop }; "after"' }
        @{ Name = 'exit'; Text = 'Write-Output $_; if ($_ -eq "b") { exit }; "after"' }
        @{ Name = 'objects, arrays and nothing'; Text = 'Write-Output 1, @(2, 3) -NoEnumerate; $null; [pscustomobject]@{ a = $_ }; , @(4); Get-Date 2020-01-01 -Format yyyy; 1.5; $( )' }
        @{ Name = 'what the console shows of objects'; Text = '[pscustomobject]@{ a = $_; b = 2 } | Format-List; $_' }
        @{ Name = 'an output that is no text'; Text = 'Write-Output "before"; $Server.State.bad; "after"' }
        @{ Name = 'a text that is no line'; Text = 'Write-Output "one`ntwo", "$_"' }
        @{ Name = 'Send-Line between its outputs'; Text = '"one"; Send-Line $Connection "two $_"; "three" | Write-Output; Send-Line $Connection four; $_' }
        @{ Name = 'deferreds'; Text = '$d = New-Deferred; $null = Add-DeferredCallback $d { "later $_" }; Write-Output "now $_"; Complete-Deferred $d $_; $Server.State.d' }
        @{ Name = 'parameters'; Text = 'param($Peer, $Line, $Third) Write-Output "$($Peer.Number) $Line <$Third>"; $Line = 5' }
        @{ Name = 'parameters that it changes'; Text = 'param($Connection, $Line) $Line += "!"; Write-Output $Line; $Connection = 5' }
        @{ Name = '$script: of its server'; Text = '$script:count++; Write-Output "$script:count $_"' }
        @{ Name = 'the log'; Text = 'Write-ReactorLog "log of $_"; Write-Warning "beware of $_"; $_' }
        @{ Name = 'a close in the middle'; Text = 'Write-Output $_; if ($_ -eq "b") { $Connection.Close(); "last" }' }
        @{ Name = 'an abort in the middle'; Text = '$Server.State["seen"] += Write-Output $_; if ($_ -eq "b") { $Connection.Abort() }' }
        @{ Name = 'a typed variable'; Text = 'if ($_ -match "^\d+$") { [int] $n = Write-Output $_ } elseif ($_ -eq "a") { $n = "text" }; "$n $($n.GetType().Name)"' }
        @{ Name = 'a closure'; Text = '$own = $_; & { "$own" }.GetNewClosure(); (Get-Variable own).Value' }
        @{ Name = 'a place in the code'; Text = 'Get-Place' }
    )
    # Handlers with commands that are called as any other.
    $called = @(
        @{ Name = '$args'; Text = 'Write-Output $args.Count' }
        @{ Name = '$MyInvocation'; Text = 'Write-Output "$($MyInvocation.ExpectingInput)"' }
        @{ Name = '$?'; Text = 'Write-Output "$?"' }
        @{ Name = 'a function of its own'; Text = 'if ($_ -eq "b") { function Get-Own { "own" } }; Write-Output (Test-Path Function:Get-Own)' }
        @{ Name = 'a trap'; Text = 'trap { "trapped"; continue }; Write-Output $_; [int] $_' }
        @{ Name = 'a reference'; Text = '$n = 0; $null = [int]::TryParse($_, [ref] $n); Write-Output $n' }
        @{ Name = 'a typed parameter'; Text = 'param([object] $Peer, [int] $Line) Write-Output $Line' }
        @{ Name = 'a loop with a name'; Text = ':out foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq 2) { continue out }; Write-Output "$i$j" } }' }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Transcript.psm1 -Force
}

Describe 'A handler with commands' {
    BeforeAll {
        $lines = 'a', 'b', 'ADD 3 4', 'add', '', '7', 'a b', '[', 'B', 'a'

        # Whether all messages of a batch are handled in one call of PowerShell.
        function Test-Loop([string] $Text) {
            $s = Start-LineServer 0 ([scriptblock]::Create($Text))
            try {
                $scripts = [TwistedPS.NetworkService].GetProperty('ConnectionHandler', [System.Reflection.BindingFlags] 'Instance, NonPublic, Public').GetValue($s)
                $null -ne $scripts.GetType().GetField('_looped', [System.Reflection.BindingFlags] 'Instance, NonPublic').GetValue($scripts)
            }
            finally {
                Stop-LineServer $s -DrainTime 0
            }
        }
    }

    It 'is called for many lines at once with <Name>' -ForEach $looped {
        Test-Loop $Text | Should -BeTrue
    }

    It 'is called for each line with <Name>' -ForEach $called {
        Test-Loop $Text | Should -BeFalse
    }

    It 'does the same with <Name>' -ForEach ($looped + $called) {
        $expected = Use-Twin { Get-Transcript $Text $lines }
        Get-Transcript $Text $lines | Should -BeExactly $expected
    }

    It 'does the same with <Name> when errors are handled' -ForEach $looped {
        $options = @{ OnError = { "error $_ in $($_.InvocationInfo.ScriptLineNumber) <$x>" } }
        $expected = Use-Twin { Get-Transcript $Text $lines $options }
        Get-Transcript $Text $lines $options | Should -BeExactly $expected
    }

    It 'gets -ArgumentList' {
        $text = 'param($Peer, $Line, $First, $Second, $Third) Write-Output "$Line $First $Second <$Third>"; $First = "changed"'
        Test-Loop $text | Should -BeTrue
        $expected = Use-Twin { Get-Transcript $text $lines @{ ArgumentList = 'one', @(2, 3) } }
        Get-Transcript $text $lines @{ ArgumentList = 'one', @(2, 3) } | Should -BeExactly $expected
    }
}
