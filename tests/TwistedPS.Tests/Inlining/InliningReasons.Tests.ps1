BeforeDiscovery {
    $refused = @(
        @{ Reason = 'it calls a command'; Texts = 'Write-Output $_', 'Get-Date; $_', '& { $_ }', '$_ | Write-Output', '$x = (Get-Date)' }
        @{ Reason = 'it starts a job'; Texts = '$_ &', '$env:x; $_ & ' }
        @{ Reason = "* is none of the statements that can be inlined"; Texts = '$_ && 1', '$_ || 1', 'function f { }', 'exit', 'return $x = 1', 'data { 1 }' }
        @{ Reason = '* is none of the expressions that can be inlined'; Texts = '$x = 1; $_.$x' }
        @{ Reason = 'it has a scriptblock in it'; Texts = '{ $_ }', '$x = { $_ }', '$_ -replace "a", { "b" }' }
        @{ Reason = '* may run a scriptblock'; Texts = '(1, 2).Where("x")', '(1, 2).ForEach("Length")', '$script:f.Invoke()' }
        @{ Reason = '* may be a scriptblock'; Texts = '$_ -replace "a", $script:f', 'switch ($_) { $script:f { 1 } }' }
        @{ Reason = 'it calls PowerShell itself, or a type that is not known'; Texts = '[scriptblock]::Create($_)', '[Nowhere]::Run()' }
        @{ Reason = 'the name of the method is only known when it runs'; Texts = '$x = "Trim"; $_.$x()' }
        @{ Reason = 'it has a trap'; Texts = 'trap { }', '$x = $(trap { }; 1)', 'if ($_) { trap { } }' }
        @{ Reason = "types may have other names where there is 'using'"; Texts = 'using namespace System; $_' }
        @{ Reason = 'it redirects output'; Texts = '$_ > $null' }
        @{ Reason = 'its output is that of $( )'; Texts = '$(1; 2)', 'return $(1; 2)' }
        @{ Reason = '* leaves a value that is being made'; Texts = '$x = $(return 1)', '$x = $(break)', '$x = foreach ($i in 1..2) { continue }' }
        @{ Reason = 'it names the loop that it leaves'; Texts = 'break outer' }
        @{ Reason = 'it switches by what is in a file, or in parallel'; Texts = 'switch -File x { default { $_ } }' }
        @{ Reason = 'it makes a reference to a variable'; Texts = '$x = 1; [ref] $x' }
        @{ Reason = '* is not a plain variable'; Texts = '$local:x', '$variable:x', '$local:x = 1' }
        @{ Reason = 'PowerShell sets * for each call'; Texts = '$args[0]', '$input', '$MyInvocation', '$?', '$PSBoundParameters', '$foreach', '$ExecutionContext' }
        @{ Reason = 'it sets *, which is not its own'; Texts = '$_ = 1', '$Connection = 1', '$Server = 1', '$OFS = ","; "$(1, 2)"', '$ErrorActionPreference = "Stop"', '$Matches = 1' }
        @{ Reason = '* has a type, attribute or default'; Texts = 'param([int] $c) $_', 'param($c, $l = 1) $l' }
        @{ Reason = 'its parameters have attributes'; Texts = '[CmdletBinding()] param($c) $_' }
        @{ Reason = 'its parameter * means something else'; Texts = 'param($l, $Connection) $_', 'param($_) $_', 'param($Server) 1' }
        @{ Reason = '$x has a type, which an earlier call would leave it'; Texts = '[int] $x = 1; $x = $_' }
        @{
            Reason = '$* may be left from an earlier call'
            Texts  = '$x += $_; $x', '$n++; $n', 'if ($_ -eq "a") { $x = 1 }; $x', 'switch ($_) { "a" { $x = 1 } }; "$x"', 'foreach ($i in 1..2) { $x = $i }; $x',
            'try { $x = 1 } catch { $x }', '$_ -eq "a" -and ($x = 1); $x', 'if ($_ -eq "a") { } else { $x = 1 }; $x', 'foreach ($i in 1..2) { }; $i',
            '$Server.State.n ?? ($x = 1); $x', '$n = $Server.State.n; $n ??= ($x = 1); $x', '$n = $_; ${n}?.Trim(($x = "a")); $x', '${_}?[($x = 0)]; $x',
            '$_ -eq "a" ? ($x = 1) : 2; $x', '$x ??= 1; $x', 'do { if ($_ -eq "a") { continue }; $x = 1 } while ($x -ne 1)',
            'for (; $true; $x) { if ($_ -eq "a") { continue }; $x = 2; break }'
        }
        @{
            Reason = '$Matches may be left from an earlier call'
            Texts  = '$_ -match "a"; $Matches[0]', 'if (($_, "b") -match "a") { $Matches[0] }', 'if ($_ -match "a") { } else { $Matches }', '$_ -match "a" ? 1 : $Matches[0]',
            'switch ($_) { "a" { if ($_ -match "a") { }; $Matches[0] } }', 'switch ("a", "b") { "a" { if ($_ -match "a") { $Matches[0] } } }'
        }
        @{
            # Whatever these use may be a script that sees what an earlier call has left in $x.
            Reason = '* may run a script, which would see $x left from an earlier call'
            Texts  = '$script:o.Run()', '$script:o.Size', 'switch ("a", "b") { "a" { $_.Run() } }', 'try { 1 } catch { $_.Run() }', '$y = "a"; $y = $script:o; $y.Run()',
            '$y = $script:o; $y[0].Run()', '$_.Split(" ").Run()', '$y, $z = $script:o; $y.Run()', '$_.Length.Run()', '$Connection.Nowhere', '$Connection.psobject', '$Server.Run()',
            '"$script:o"', '"" + $script:o', '"{0}" -f $script:o', '[string] $script:o', '$script:o -split "a"', '$script:o -match "a"', '$script:o -like "a"', '$_ -in $script:o', '"a", "b" -contains $script:o',
            '1 -lt $script:o', '1 + $script:o', '$script:o -as [string]', '-join $script:o', '$y = "a"; $y += $script:o', '[string] $y = $script:o', 'throw $script:o', '("a", "b")[$script:o]',
            'switch ($script:o) { 1 { 1 } }', '$script:o ? "$script:o" : 1', '$Server.Groups[$script:o]' | ForEach-Object { "if (`$_ -eq 'a') { `$x = 1 }; $_" }
        }
    ) | ForEach-Object { foreach ($text in $_.Texts) { @{ Reason = $_.Reason; Text = $text } } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A handler whose calls get a scope each' {
    It 'is one with <Text>, because <Reason>' -ForEach $refused {
        Get-Verdict $Text | Should -BeLike "not inlined, because $Reason, at line 1, column *"
    }
}

Describe 'A handler that uses what Update-TypeData has added' {
    BeforeAll {
        # In this session, whose type data it is. PowerShell may go on with a script after its removal, so it is of what nothing
        # else uses.
        function Get-VerdictHere([string] $Text) {
            $said, $client = New-LineTestConnection ([scriptblock]::Create($Text)) -Verbose 4>&1
            Disconnect-LineClient $client
            "$said" -replace '^OnLine: '
        }
    }

    AfterEach {
        Remove-TypeData -TypeName TwistedPS.Connection, TwistedPS.LineServer, System.String, System.Collections.Hashtable -ErrorAction Ignore
    }

    It 'gets a scope for each call where <Text> may run a script of <Type>' -ForEach @(
        @{ Type = 'TwistedPS.Connection'; Kind = 'ScriptProperty'; Member = 'Number'; Text = '$Connection.Number' }
        @{ Type = 'TwistedPS.Connection'; Kind = 'ScriptMethod'; Member = 'Send'; Text = '$Connection.Send("a")' }
        @{ Type = 'TwistedPS.Connection'; Kind = 'ScriptMethod'; Member = 'ToString'; Text = '"$Connection"' }
        @{ Type = 'TwistedPS.LineServer'; Kind = 'ScriptProperty'; Member = 'Greeting'; Text = '$Server.Greeting' }
        @{ Type = 'System.String'; Kind = 'ScriptMethod'; Member = 'Normalize'; Text = '$_.Normalize()' }
        @{ Type = 'System.Collections.Hashtable'; Kind = 'ScriptProperty'; Member = 'n'; Text = '$Server.State.n' }
    ) {
        $whole = "if (`$_ -eq 'a') { `$x = 1 }; $Text"
        Update-TypeData -TypeName $Type -MemberType $Kind -MemberName $Member -Value { "<$x>" } -Force
        Get-VerdictHere $whole | Should -BeLike 'not inlined, because * may run a script, which would see $x left from an earlier call, at line 1, column *'
        Get-VerdictHere "`$x = 1; $Text" | Should -BeExactly inlined
        Remove-TypeData -TypeName $Type
        Get-VerdictHere $whole | Should -BeLike $($Member -eq 'Greeting' ? 'not inlined, *' : 'inlined')
    }

    It 'gets a scope for each call where its server has added the script: <Text>' -ForEach @(
        @{ Member = 'Number'; Text = '$Connection.Number' }
        @{ Member = 'State'; Text = '$Connection.State.n' }
    ) {
        $handler = [scriptblock]::Create("if (`$_ -eq 'a') { `$x = 1 }; $Text")
        $s, $t = foreach ($one in $Member, 'Other') {
            Start-LineServer 0 $handler -ArgumentList $one -Verbose -InitializationScript {
                param($member)
                Update-TypeData -TypeName TwistedPS.LineConnection -MemberType ScriptProperty -MemberName $member -Value { "<$x>" } -Force
            } 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            Stop-Reactor (Get-Reactor)
        }
        "$s" | Should -BeLike 'OnLine: not inlined, because ''$Connection.*'' may run a script*'
        "$t" | Should -BeExactly 'OnLine: inlined'
    }
}

Describe '-Verbose of what takes a handler of messages' {
    BeforeAll {
        function Get-Said([scriptblock] $Script) {
            & $Script 4>&1 | ForEach-Object { $_ -is [System.Management.Automation.VerboseRecord] ? "$_" : ($started = $_) } | Where-Object { $_ -like 'On*' }
            if ($started -is [TwistedPS.Server]) {
                $started.Dispose()
            }
        }
        $s = Start-LineServer 0 { }
    }

    AfterAll {
        Stop-LineServer $s
    }

    It 'says that <Cmdlet> inlines it, and why and where not' -ForEach @(
        @{ Cmdlet = 'Start-LineServer'; Event = 'OnLine'; Script = { Start-LineServer 0 $handler -Verbose } }
        @{ Cmdlet = 'Start-TcpServer'; Event = 'OnData'; Script = { Start-TcpServer 0 $handler -Verbose } }
        @{ Cmdlet = 'Start-TcpServer -Framing'; Event = 'OnData'; Script = { Start-TcpServer 0 $handler -Framing Netstring -Verbose } }
        @{ Cmdlet = 'Set-LineServer'; Event = 'OnLine'; Script = { Set-LineServer $s $handler -Verbose } }
        @{ Cmdlet = 'Connect-LineClient'; Event = 'OnLine'; Script = { Connect-LineClient 127.0.0.1 $s.Port $handler -Verbose } }
        @{ Cmdlet = 'Connect-TcpClient'; Event = 'OnData'; Script = { Connect-TcpClient 127.0.0.1 $s.Port $handler -Verbose } }
    ) {
        $handler = { $_ }
        Get-Said $Script | Should -BeExactly "${Event}: inlined"
        $handler = {
            $_
            Write-Output $_
        }
        $line = $handler.StartPosition.StartLine + 2
        Get-Said $Script | Should -BeExactly "${Event}: not inlined, because it calls a command, at line $line, column 13"
        Use-Twin { Get-Said $Script } | Should -BeExactly "${Event}: not inlined, because the switch TwistedPS.NoInlining is on"
    }

    It 'says nothing where no handler is inlined: <_>' -ForEach @(
        { Start-LineServer 0 -OnConnect { $_ } -Verbose }, { Start-TcpServer 0 { $_ } -Framing Json -Verbose }
    ) {
        Get-Said $_ | Should -BeNullOrEmpty
    }
}
