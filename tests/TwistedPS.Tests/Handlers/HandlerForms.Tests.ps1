BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    # The warnings of a cmdlet, and what else it outputs.
    function Get-Warning {
        param([scriptblock] $Script)
        $all = @(& $Script 3>&1)
        @($all | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | ForEach-Object Message)
        $all | Where-Object { $_ -is [System.IDisposable] } | ForEach-Object Dispose
    }
}

Describe 'A function as a handler' {
    BeforeAll {
        function Get-Reply($Connection, $Line) { "<$Line>"; 'it is 12:30:45' }
        function Get-Greeting($Connection, [string] $Line) { $g = $using:greeting; "$g $Line"; 'at 12:30' }
        function Get-Own { param($Connection, $Line) "$using:greeting $Line" }
        function Get-Nested
        (
            $Connection,
            $Line
        ) { 1 | ForEach-Object { "$using:greeting $Line" } }
        function Stop-It ($Connection, $Line) {
            throw "no $Line"
        }
        filter Select-It { $_ }
        function Use-Block { process { $_ } }
        $greeting = 'hi'
        $null = $greeting
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is called in the background and in the foreground: <_>' -ForEach 'Get-Reply', 'Get-Greeting', 'Get-Own', 'Get-Nested' {
        $expected = @{ 'Get-Reply' = '<x>', 'it is 12:30:45'; 'Get-Greeting' = 'hi x', 'at 12:30'; 'Get-Own' = 'hi x'; 'Get-Nested' = 'hi x' }[$_]
        $function = Get-Item function:$_
        $s = Start-LineServer 0 $function.ScriptBlock
        Invoke-Peer $s.Port "x`n" | Should -BeExactly (($expected -join "`r`n") + "`r`n")
        $c = New-LineTestConnection $function.ScriptBlock
        Send-Line $c 'x' -Receive -Count @($expected).Count -Timeout 30 | Should -BeExactly $expected
    }

    It 'names the line and the column of its errors' {
        $s = Start-LineServer 0 ${function:Stop-It}
        $null = Invoke-Peer $s.Port "x`n"
        $info = $s.Errors[0].Exception.ErrorRecord.InvocationInfo
        $info.ScriptLineNumber | Should -Be (${function:Stop-It}.StartPosition.StartLine + 1)
        $info.OffsetInLine | Should -Be 13
    }

    It 'is refused where it runs for each object: <Name>' -ForEach @(
        @{ Name = 'a filter'; Handler = { ${function:Select-It} } }
        @{ Name = 'a function with a process block'; Handler = { ${function:Use-Block} } }
        @{ Name = 'a scriptblock with a clean block'; Handler = { { end { 1 } clean { } } } }
        @{ Name = 'an unnamed end and a clean block'; Handler = { [scriptblock]::Create('clean { }') } }
    ) {
        $handler = & $Handler
        (Get-Failure { Start-LineServer 0 $handler }).Id | Should -Be HandlerInvalid
        (Get-Failure { New-LineTestConnection $handler }).Id | Should -Be HandlerInvalid
    }
}

Describe 'A closure as a handler' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'takes its variables along <Where>' -ForEach @(
        @{ Where = 'in the background'; Start = { param($Handler) Connect-LineClient 127.0.0.1 (Start-LineServer 0 $Handler).Port } }
        @{ Where = 'in the foreground'; Start = { param($Handler) New-LineTestConnection $Handler } }
    ) {
        $prefix = 'p'
        $count = 0
        $table = @{ shout = { param($Text) "$($Text.ToUpper())!" } }
        $handler = { $count++; "$prefix $count $(& $table.shout $_) $($Connection.Number)" }.GetNewClosure()
        $prefix, $count, $table = $null
        $c = & $Start $handler
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly "p 1 A! $($c.Server ? 1 : 0)".Replace(' 1 A! 1', ' 1 A! 0')
        Send-Line $c 'b' -Receive -Timeout 30 | Should -BeLike 'p 1 B! *'
    }
}

Describe 'Scriptblocks in values' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'run where the handler runs, from <Name>' -ForEach @(
        @{ Name = 'a table'; Value = { @{ x = { "$script:mark $($Connection.Number)" } } }; Handler = { & ($using:value)['x'] } }
        @{ Name = 'an ordered table'; Value = { [ordered]@{ x = { "$script:mark $($Connection.Number)" } } }; Handler = { & ($using:value).x } }
        @{ Name = 'an array'; Value = { 1, { "$script:mark $($Connection.Number)" } }; Handler = { & ($using:value)[1] } }
        @{ Name = 'a list'; Value = { , [Collections.Generic.List[scriptblock]]@({ "$script:mark $($Connection.Number)" }) }; Handler = { & ($using:value)[0] } }
        @{ Name = 'a dictionary'; Value = { $d = [Collections.Generic.Dictionary[string, scriptblock]]::new(); $d['x'] = { "$script:mark $($Connection.Number)" }; $d }
            Handler = { & ($using:value)['x'] } }
        @{ Name = 'an object'; Value = { [pscustomobject]@{ x = @{ y = { "$script:mark $($Connection.Number)" } } } }; Handler = { & ($using:value).x.y } }
        @{ Name = 'an argument'; Value = { @{ x = { "$script:mark $($Connection.Number)" } } }; Handler = { param($Peer, $Line, $Table) & $Table[$Line] } }
    ) {
        $value = & $Value
        $s = Start-LineServer 0 $Handler -OnStart { $script:mark = 'mark' } -ArgumentList $value
        # The session is busy meanwhile.
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "mark 0`r`n"
    }

    It 'are given to a callback and to a timer of a handler with the scope of the server' {
        $table = @{ done = { "$script:mark $_" } }
        $null = $table
        $s = Start-LineServer 0 { Start-Deferred { 'late' } | Add-DeferredCallback ($using:table).done } -OnStart { $script:mark = 'mark' }
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "mark late`r`n"
    }

    It 'are given to Start-Deferred' {
        $table = @{ twice = { param($Number) 2 * $Number } }
        $null = $table
        Start-Deferred { & ($using:table).twice 21 } | Receive-Deferred -Wait -Timeout 30 | Should -Be 42
        Start-Deferred { param($Table) & $Table.twice 21 } -ArgumentList $table | Receive-Deferred -Wait -Timeout 30 | Should -Be 42
    }

    It 'leave a value without any as the object that it is, and are copied once for a server' {
        $list = [System.Collections.ArrayList]@('a')
        $table = @{ x = { }; count = 0 }
        $null = $table
        $s = Start-LineServer 0 { $null = ($using:list).Add($_); ($using:table).count } -OnConnect { ($using:table).count++ }
        Invoke-Peer $s.Port "b`n" | Should -BeExactly "1`r`n"
        $list | Should -BeExactly @('a', 'b')
        $table.count | Should -Be 0
    }
}

Describe 'What exists only at the prompt' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    BeforeAll {
        $promptVariable = 'here'
        function Get-PromptThing { 'here' }
        Set-Alias gpt Get-PromptThing
        $null = $promptVariable
    }

    It 'is named in a warning: <Name>' -ForEach @(
        @{ Name = 'a variable'; Script = { Start-LineServer 0 { "$promptVariable $_" } }; Expected = '$promptVariable *$using:promptVariable*-InitializationScript*' }
        @{ Name = 'a function'; Script = { Start-LineServer 0 { Get-PromptThing } }; Expected = 'Get-PromptThing *-InitializationScript*' }
        @{ Name = 'an alias in a scriptblock'; Script = { Start-LineServer 0 { 1 | ForEach-Object { gpt } } }; Expected = 'gpt *-InitializationScript*' }
        @{ Name = 'a class'; Script = { class PromptThing { }; Start-LineServer 0 { [PromptThing]::new() } }; Expected = '`[PromptThing] *-InitializationScript*' }
        @{ Name = 'an enumeration in a list'; Script = { enum PromptKind { One }; Start-LineServer 0 { [Collections.Generic.List[PromptKind]] $_ } }; Expected = '`[PromptKind] *' }
        @{ Name = 'a class of a parameter'; Script = { class PromptThing { }; Start-LineServer 0 { & { param([PromptThing[]] $x) "$x" } } }; Expected = '`[PromptThing] *' }
        @{ Name = 'a variable in OnConnect'; Script = { Start-TcpServer 0 -OnConnect { $promptVariable } }; Expected = '$promptVariable *' }
        @{ Name = 'a variable of a timer'; Script = { Start-ReactorTimer -After 60 { $promptVariable } }; Expected = '$promptVariable *' }
        @{ Name = 'a variable of a client'; Script = { Connect-LineClient 127.0.0.1 (Start-LineServer 0 { }).Port -OnLine { $promptVariable } }; Expected = '$promptVariable *' }
        @{ Name = 'a variable of a new handler'; Script = { Set-LineServer (Start-LineServer 0 { }) { $promptVariable } }; Expected = '$promptVariable *' }
        @{ Name = 'a variable of a look'; Script = { Invoke-Reactor -Server (Start-LineServer 0 { }) { $promptVariable } }; Expected = '$promptVariable *' }
    ) {
        $warnings = @(Get-Warning $Script)
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -BeLike $Expected
    }

    It 'is none of <Name>' -ForEach @(
        @{ Name = 'a variable of the handler'; Script = { Start-LineServer 0 { $promptVariable = 1; $promptVariable } } }
        @{ Name = 'a parameter'; Script = { Start-LineServer 0 { param($Peer, $promptVariable) $promptVariable } } }
        @{ Name = 'a variable of $using:'; Script = { Start-LineServer 0 { $using:promptVariable.Length } } }
        @{ Name = 'a variable of another handler'; Script = { Start-LineServer 0 { $promptVariable } -OnStart { $script:promptVariable = 1 } } }
        @{ Name = 'a name of -InitializationScript'; Script = { Start-LineServer 0 { $promptVariable; Get-PromptThing } -InitializationScript { $promptVariable = 1; function Get-PromptThing { } } } }
        @{ Name = 'a class of -InitializationScript'; Script = { class PromptThing { }; Start-LineServer 0 { [PromptThing]::new() } -InitializationScript { class PromptThing { } } } }
        @{ Name = 'a class of a text there'; Script = { class PromptThing { }; Start-LineServer 0 { [PromptThing]::new() } -InitializationScript { . ([scriptblock]::Create('class PromptThing { }')) } } }
        @{ Name = 'a class of the handler'; Script = { class PromptThing { }; Start-LineServer 0 { class PromptThing { $Text }; [PromptThing]::new() } } }
        @{ Name = 'what .NET has'; Script = { Start-LineServer 0 { [int] $_; [Collections.Generic.List[string[]]]::new(); [No.Such]::new(); [TwistedPS.LineServer] $Server } } }
        @{ Name = 'what PowerShell has'; Script = { Start-LineServer 0 { $PWD, $HOME, $PSVersionTable, $ErrorActionPreference, $Error, $Matches, $args, $PSScriptRoot; mkdir x; cd /; Get-ChildItem | % { $_ } } } }
        @{ Name = 'a handler in the foreground'; Script = { (New-LineTestConnection { $promptVariable; Get-PromptThing }).Server } }
        @{ Name = 'what a file may define'; Script = { Start-LineServer 0 { . ./some.ps1; $promptVariable } } }
    ) {
        Get-Warning $Script | Should -BeNullOrEmpty
    }
}
