BeforeDiscovery {
    # The same scripts in the background and in the foreground.
    $both = @(
        @{ Where = 'in the background'; Foreground = $false }
        @{ Where = 'in the foreground'; Foreground = $true }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $script:value = 'of the script'
    $env:TWISTEDPS_TEST = 'of the environment'

    # Starts a server, outputs it and a client of its.
    function Start-Pair {
        param([scriptblock] $OnLine, [hashtable] $With = @{})
        if ($Foreground) {
            $client = New-LineTestConnection $OnLine @With
            $client.Server, $client
        }
        else {
            $server = Start-LineServer 0 $OnLine @With
            $server, (Connect-LineClient 127.0.0.1 $server.Port)
        }
    }

    function Get-Reply {
        param([object] $Client, [string] $Line = 'x')
        Send-Line $Client $Line -Receive -Timeout 30
    }
}

AfterAll {
    Remove-Item env:TWISTEDPS_TEST
}

Describe 'A $using: variable <Where>' -ForEach $both {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'may be <Name>' -ForEach @(
        @{ Name = 'one of $script:'; Handler = { "$using:script:value" }; Expected = 'of the script' }
        @{ Name = 'one of $env:'; Handler = { $using:env:TWISTEDPS_TEST }; Expected = 'of the environment' }
        @{ Name = 'one of $env: that is not set'; Handler = { "<$using:env:TWISTEDPS_NONE>" }; Expected = '<>' }
        @{ Name = 'a function'; Handler = { & ${using:function:Get-Twice} $_ }; Expected = 'x x' }
        @{ Name = 'a filter'; Handler = { $_ | & ${using:function:Select-Twice} }; Expected = 'x x filtered' }
        @{ Name = 'a splat'; Handler = { Join-Path @using:both }; Expected = Join-Path a b }
        @{ Name = 'a condition of a switch'; Handler = { switch ($_) { { $_ -eq $using:x } { 'same' } default { 'other' } } }; Expected = 'same' }
        @{ Name = 'in a clause of a switch'; Handler = { switch ($_) { $using:x { 'same' } default { 'other' } } }; Expected = 'same' }
        @{ Name = 'in a scriptblock next to its command'; Handler = { 1 |%{ "$_$using:x" } }; Expected = '1x' }
        @{ Name = 'in a scriptblock next to its method'; Handler = { (1, 2).ForEach{ "$_$using:x" }[1] }; Expected = '2x' }
        @{ Name = 'in a scriptblock that is called by a method'; Handler = { { "it is $using:x" }.Invoke() }; Expected = 'it is x' }
        @{ Name = 'in a scriptblock with blocks'; Handler = { 1 | & { begin { $all = $using:x } process { $all += $_ } end { "$all$using:x" } } }; Expected = 'x1x' }
        @{ Name = 'in a scriptblock with begin and process in a variable'; Handler = { $b = { process { "$_$using:x" } }; 1 | & $b }; Expected = '1x' }
        @{ Name = 'a default value'; Handler = { param($Peer, $Line, $More = $using:list) "$($More.Count) $using:x" }; Expected = '2 x' }
        @{ Name = 'in a function'; Handler = { function Get-It { $using:x }; Get-It }; Expected = 'x' }
        @{ Name = 'of a name in braces'; Handler = { "${using:odd name}" }; Expected = 'odd' }
    ) {
        function Get-Twice($Text) { "$Text $Text" }
        filter Select-Twice { "$_ $_ filtered" }
        ${odd name} = 'odd'
        $x = 'x'
        $both = @{ Path = 'a'; ChildPath = 'b' }
        $list = 1, 2
        $null = ${odd name}, $list, $x, $both
        $null, $c = Start-Pair $Handler
        Get-Reply $c | Should -BeExactly $Expected
    }

    It 'keeps its value when the server is looked into' {
        $v = 'old'
        $s, $c = Start-Pair { "line $using:v" }
        $v = 'new'
        Invoke-Reactor -Server $s { "just looking $using:v" } | Should -BeExactly 'just looking new'
        Get-Reply $c | Should -BeExactly 'line old'
    }

    It 'keeps its value when another handler is replaced' {
        $v = 'old'
        $s, $c = Start-Pair { "line $using:v" } @{ OnConnect = { "welcome $using:v" } }
        Receive-Line $c -Timeout 30 | Should -BeExactly 'welcome old'
        $v = 'new'
        Set-LineServer $s -OnDisconnect { $null = 1 | ForEach-Object { $using:v } }
        Get-Reply $c | Should -BeExactly 'line old'
        Set-LineServer $s { "line $using:v" }
        Get-Reply $c | Should -BeExactly 'line new'
    }

    It 'is there in a scriptblock that a later handler calls' {
        $v = 'kept'
        $null, $c = Start-Pair { & $Server.State.table[$_] } @{ OnStart = { $Server.State.table = @{ x = { "$using:v for $_" } } } }
        $v = 'lost'
        Get-Reply $c | Should -BeExactly 'kept for x'
    }

    It 'is there in a function of -InitializationScript' {
        $v = 'kept'
        $null, $c = . Start-Pair { Get-Kept } @{ InitializationScript = { function Get-Kept { "$using:v" } } }
        Get-Reply $c | Should -BeExactly kept
    }

    It 'is left to <Name> within a handler that has the variable itself' -ForEach @(
        @{ Name = 'Set-LineServer'; Handler = { $word = $_; Set-LineServer $Server { "now $using:word" }; 'done' }; Expected = 'done', 'now x' }
        @{ Name = 'a scriptblock in a variable'; Handler = { $word = $_; $work = { "work $using:word" }; Start-Deferred $work | Add-DeferredCallback { $_ } }
            Expected = 'work x', 'work y' }
        @{ Name = 'a splat'; Handler = { $word = $_; $splat = @{ ScriptBlock = { "splat $using:word" } }; Start-Deferred @splat | Add-DeferredCallback { $_ } }
            Expected = 'splat x', 'splat y' }
        @{ Name = 'a command with its module'; Handler = { param($Peer, $word) TwistedPS\Start-Deferred { "qualified $using:word" } | Add-DeferredCallback { $_ } }
            Expected = 'qualified x', 'qualified y' }
        @{ Name = 'ForEach-Object -Parallel'; Handler = { $word = $_; 1 | % -Pa { "parallel $using:word" } }; Expected = 'parallel x', 'parallel y' }
    ) {
        $null, $c = Start-Pair $Handler
        Get-Reply $c x | Should -BeExactly $Expected[0]
        Get-Reply $c y | Should -BeExactly $Expected[1]
    }

    It 'names the line and the column of an error in the script and in a scriptblock within it' {
        $v = 'v'
        $null = $v
        $s, $c = Start-Pair { if ($_ -eq 'x') { throw "$using:v" }; 1 | ForEach-Object {
                throw "$using:v" } } @{ OnError = { "$($_.InvocationInfo.ScriptLineNumber):$($_.InvocationInfo.OffsetInLine)" } }
        $first, $second = 'x', 'y' | ForEach-Object { Get-Reply $c $_ }
        $line, $column = $first -split ':'
        $column | Should -Be 49
        $second | Should -BeExactly "$(1 + $line):17"
        $s.ErrorCount | Should -Be 2
    }
}

Describe 'A value of $using:' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is plain to inlining only where it is' {
        $text = 'text'
        $object = [pscustomobject]@{} | Add-Member -Force -PassThru ScriptMethod ToString { "<$x>" }
        $null = $text, $object
        (Start-LineServer 0 { if ($_ -eq 'a') { $x = 1 }; "$($using:text)$_" } -Verbose 4>&1)[0] | Should -BeExactly 'OnLine: inlined'
        (Start-LineServer 0 { if ($_ -eq 'a') { $x = 1 }; "$($using:object)" } -Verbose 4>&1)[0] | Should -BeLike 'OnLine: not inlined, because*$x*'
    }
}

Describe '$using: with -Wait' {
    AfterEach {
        Close-Peer
    }

    It 'has the values of the start' {
        $ports = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $pipeline = Start-Pipeline -ArgumentList @(, $ports) {
            param($Ports)
            $v = 'kept'
            $table = @{ x = { "$using:v of $($Connection.Number)" } }
            Start-LineServer 0 { & ($using:table)[$_]; $using:v } -OnStart { ($using:Ports).Enqueue($Server.Port); $v = 'lost' } -Wait
        }
        Wait-Until { $ports.Count }
        Invoke-Peer $ports.ToArray()[0] "x`n" | Should -BeExactly "kept of 0`r`nkept`r`n"
        Stop-Pipeline $pipeline | Should -BeLessThan 30
    }
}
