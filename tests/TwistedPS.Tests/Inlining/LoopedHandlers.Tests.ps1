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
        @{ Name = 'numbers and times'; Text = 'Write-Output 1.5 2mb 12345678901 1d $true; Get-Date 2020-01-02; [double]::NaN; -1e30; Write-Output $_ | ForEach-Object Length' }
        @{ Name = 'numbers and times that should have another text'; Text = '"<$x>"; 1.5, 5l, 1d, $true, (Get-Date 2020-01-02) | Add-Member -MemberType ScriptMethod -Name ToString -Value { "own $x" } -Force -PassThru; $x = "left"' }
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
        @{ Name = '$args'; Text = 'Write-Output "$($args.Count) $($args[0].Number) $($args[1])"; & { "$args" } $_; $args[1] = "changed"; "$args".Length' }
        @{ Name = '$args beside parameters'; Text = 'param($Peer) Write-Output "$($args.Count) $args $($args.GetType())"; Write-Output @args' }
        @{ Name = 'no $args left'; Text = 'param($Peer, $Line) Write-Output "$($args.Count) $($args.GetType())"' }
        @{ Name = '$?'; Text = '"$?"; if ($_ -eq "b") { Get-Item ./none -ErrorAction Ignore }; "$?"; Write-Output $_ | Out-Null; if (-not $?) { "failed" }; if ($_ -eq "add") { Get-Item ./none 2>$null }' }
        @{ Name = '$foreach and $switch'; Text = 'foreach ($i in 1..4) { $null = $foreach.MoveNext(); Write-Output "$i $($foreach.Current)" }; switch (1..3) { 1 { $null = $switch.MoveNext() } default { Write-Output $_ } }; "<$switch>"' }
        @{ Name = '$input and $MyInvocation of what it calls'; Text = '1, $_ | & { "$($input)" }; & { param($x) "$($MyInvocation.ExpectingInput) $($PSBoundParameters.Count)" } 1; Write-Output $_' }
        @{ Name = '$PSScriptRoot and $PSCommandPath'; Text = 'Write-Output "<$PSScriptRoot> <$PSCommandPath>"; & { "<$PSScriptRoot>" }' }
        @{ Name = '$PSCmdlet, $this and $ExecutionContext'; Text = 'Write-Output "<$PSCmdlet> <$this> $($ExecutionContext.Host.Name) <$$> <$^>"; & { [CmdletBinding()] param() "$($PSCmdlet.GetType())" }' }
        @{ Name = 'a reference that is tried'; Text = '$n = 0; Write-Output "$([int]::TryParse($_, [ref] $n)) $n"; $d = @{ a = 1 }; $v = 5; $null = ([Collections.Generic.Dictionary[string, int]]::new()).TryGetValue($_, [ref] $v); "$v"' }
        @{ Name = 'a reference to a variable of its server'; Text = 'Write-Output $_; $script:count += 1; $null = [Threading.Interlocked]::Increment([ref] $script:count); "$script:count"' }
        @{ Name = 'typed parameters'; Text = 'param([object] $Peer, [string] $Line) Write-Output "$($Peer.Number) $Line"; $Line = 5; "$($Line.GetType())"; $Line += 1; $Line' }
        @{ Name = 'parameters with a default'; Text = 'param([TwistedPS.LineConnection] $Connection, $Line = "none", $Third = $Line.Length, $Fourth = (Get-Date 2020-01-01).Year) Write-Output "$Line $Third $Fourth"; $Third = 9' }
        @{ Name = 'loops with a name'; Text = ':out foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq 2) { continue out }; Write-Output "$i$j"; if ($_ -eq "b") { 1..2 | ForEach-Object { break out } } } }' }
        @{ Name = 'a loop elsewhere that it leaves'; Text = 'foreach ($i in 1..3) { Write-Output $i; if ($_ -eq "b") { break out } }' }
        @{ Name = 'a loop elsewhere that it goes on with'; Text = 'foreach ($i in 1..3) { Write-Output $i; if ($_ -eq "b") { continue out } }; "<$x>"; $x = "left"' }
        @{ Name = 'a loop whose name it finds out'; Text = ':b foreach ($i in 1..3) { foreach ($j in 1..3) { Write-Output "$i$j"; if ($j -eq 2) { break $_ } } }; "after"' }
        @{ Name = 'a reference that it gives to a function'; Text = 'function Add-One([ref] $Number) { $Number.Value++ }; "<$n>"; $n = 1; Add-One ([ref] $n); Add-One -Number ([ref] $n); "$n"' }
        @{ Name = '$MyInvocation'; Text = 'Write-Output "$($MyInvocation.ExpectingInput) $($MyInvocation.MyCommand) <$($MyInvocation.Line)> $($MyInvocation.BoundParameters.Count) $($MyInvocation.InvocationName)"' }
        @{ Name = '$input'; Text = 'Write-Output "<$input>"; @($input).Count; 1..2 | ForEach-Object { "<$input>" }' }
        @{ Name = '$PSBoundParameters without parameters'; Text = 'Write-Output "<$PSBoundParameters>"; 1 | ForEach-Object { "<$PSBoundParameters>" }; & { $PSBoundParameters.Count }' }
        @{ Name = 'a function of its own'; Text = 'if ($_ -eq "b") { function Get-Own { "own $_" }; Get-Own }; Write-Output (Test-Path Function:Get-Own)' }
        @{ Name = 'a function that it makes'; Text = 'Test-Path Function:Get-Own; $null = New-Item Function:Get-Own -Value "own $_"; (Get-Item Function:Get-Own).Definition; function script:Get-Script { $script:n++; "script $script:n" }; Get-Script' }
        @{ Name = 'a filter of its own'; Text = 'filter Add-Mark { "$_!" }; $_, "x" | Add-Mark' }
        @{ Name = 'a trap'; Text = 'trap { "trapped $_"; continue }; Write-Output $_; [int] $_; "after <$x>"; $x = "left"' }
        @{ Name = 'a trap that breaks'; Text = 'trap { "trapped $_"; break }; Write-Output $_; if ($_ -eq "b") { throw "bad" }; "after"' }
        @{ Name = 'a trap that does neither'; Text = 'trap [InvalidOperationException] { "trapped $_" }; Write-Output $_; if ($_ -eq "b") { throw [InvalidOperationException]::new("bad") }; if ($_ -eq "add") { [int] $_ }; "after"' }
        @{ Name = 'a trap that returns'; Text = 'trap { return "trapped" }; Write-Output $_; if ($_ -eq "b") { throw "bad" }; "after"' }
        @{ Name = 'a trap within a block'; Text = 'if ($_ -ne "a") { trap { "trapped"; continue }; Write-Output $_; throw "bad"; "inner" }; "after"' }
        @{ Name = 'a variable in place of one that it takes away'; Text = '"<$v> <$($Connection.Number)>"; if ($_ -eq "b") { Remove-Variable Connection; Set-Variable v left }; Write-Output $_' }
        @{ Name = 'another variable in place of $Connection'; Text = '"<$($Connection.Number)>"; if ($_ -eq "b") { Remove-Variable Connection; Set-Variable Connection other }; Write-Output $_' }
        @{ Name = 'a variable that no call may change'; Text = '"<$v>"; Set-Variable v $_ -Option ReadOnly; try { $v = 1 } catch { "$_" }' }
        @{ Name = 'a variable that its functions share'; Text = 'function Add-One { $v++; "$v" }; "<$v>"; Set-Variable v 1 -Option AllScope; Add-One; "$v"' }
        @{ Name = 'a checked variable'; Text = '"<$v>"; [ValidateLength(1, 3)] [string] $v = Write-Output "$_!"; $v' }
        @{ Name = 'a typed parameter that converts'; Text = 'param([object] $Peer, [int] $Line) Write-Output $Line "$($Line.GetType())"; $Line = "5"; $Line + 1' }
        @{ Name = 'a parameter that is a time'; Text = 'param($Peer, [timespan] $Line) Write-Output $Line.TotalDays "$_"' }
        @{ Name = 'a parameter that is a word of several'; Text = 'param($Peer, [DayOfWeek] $Day) "<$x>"; $x = 1; Write-Output "$([int] $Day)"' }
        @{ Name = 'a parameter of few words'; Text = 'param($Peer, [ValidateSet("a", "ADD")] $Line) Write-Output $Line' }
        @{ Name = 'a parameter of few words, spelled so'; Text = 'param($Peer, [ValidateSet("b", "add", IgnoreCase = $false, ErrorMessage = "{0} is not of {1}")] [string] $Line) Write-Output $Line' }
        @{ Name = 'a parameter with several checks'; Text = 'param($Peer, [ValidateNotNullOrEmpty()] [ValidateLength(1, 3)] [ValidatePattern("^A", Options = "IgnoreCase")] [string] $Line) Write-Output "$Line <$x>"; $x = "left"' }
        @{ Name = 'a parameter in a range'; Text = 'param($Peer, [ValidateRange(8, [int]::MaxValue)] [int] $Line) Write-Output $Line' }
        @{ Name = 'a number that is checked, not its text'; Text = 'param($Peer, [ValidatePattern("^$|7")] [int] $Line) Write-Output $Line' }
        @{ Name = 'a parameter that is positive'; Text = 'param($Peer, [ValidateRange("Positive")] [int] $Line) Write-Output ($Line + 1)' }
        @{ Name = 'a checked parameter of which a command has the name'; Text = 'param($Peer, [ValidateLength(1, 9)] [string] $Line) function Write-Line { $input }; $Line | Write-Line' }
        @{ Name = 'a switch'; Text = 'param($Peer, [switch] $Line) Write-Output "$Line"' }
        @{ Name = 'parameters with attributes'; Text = '[CmdletBinding()] [OutputType([string])] param([Parameter(Mandatory, Position = 0)] [TwistedPS.LineConnection] $Peer, [Alias("Text")] [Parameter()] [AllowEmptyString()] [string] $Line) Write-Output "$Line <$x>"; $x = $Line = 5; "$Line $args"' }
        @{ Name = '$PSCmdlet of a handler with attributes'; Text = '[CmdletBinding()] param($Peer, $Line) Write-Output "<$PSCmdlet>"' }
        @{ Name = 'an automatic variable that it sets'; Text = '"<$this>"; $this = Write-Output $_' }
        @{ Name = 'one of several that it sets'; Text = '"<$switch>"; $switch, $a = Write-Output $_ 2' }
        @{ Name = 'one that it counts up'; Text = '"<$switch>"; $null = Get-Date; $switch++' }
        @{ Name = 'one with a type'; Text = '"<$switch>"; [string] $switch = Write-Output $_' }
        @{ Name = 'a reference that it keeps'; Text = '"<$($Connection.State.r.Value)>"; $n = Write-Output $_; $Connection.State.r ??= [ref] $n' }
        @{ Name = 'a reference that a method keeps'; Text = '$n = Write-Output $_; $Connection.State.r ??= [tuple]::Create([ref] $n); "<$($Connection.State.r.Item1.Value)>"' }
        @{ Name = '$args that it sets'; Text = '"<$($args.Count)>"; $name, $args = -split $_; Write-Output "$name of $args"' }
        @{ Name = '$args that a command sets'; Text = 'Write-Output "<$($args.Count)>"; Set-Variable args 1, 2, 3; "<$($args.Count)>"' }
        @{ Name = '$input that it sets'; Text = '"<$input>"; $input = Write-Output $_; "<$input>"; $input = $input.ToUpper(); $input.Length' }
        @{ Name = '$input that it reads twice'; Text = '"<$input> $($input.GetType())"; $null = $input.MoveNext(); Write-Output $_' }
        @{ Name = 'what it is told of its call'; Text = '"<$($MyInvocation.InvocationName)> <$PSBoundParameters>"; $MyInvocation = $PSBoundParameters = $null; Write-Output "<$MyInvocation> <$PSBoundParameters>"' }
        @{ Name = 'variables that it may not set'; Text = 'try { $? = 5 } catch { "$_" }; try { $ExecutionContext = 5 } catch { "$_" }; $^ = Write-Output $_; "<$^>"; $StackTrace = $_' }
        @{ Name = 'a reference in a list'; Text = '$n = Write-Output $_; $list = $Connection.State.list ??= [Collections.Generic.List[object]]::new(); $list.Add([ref] $n); $n = "last $_"; "$($list.Value)"; $list[0].Value = "changed $_"; "<$n>"' }
        @{ Name = 'a reference in a variable'; Text = 'function Add-One([ref] $Number) { $Number.Value++ }; "<$n> <$($r.Value)>"; $n = 1; $r = [ref] $n; Add-One $r; $r.Value += 5; Add-One ($r); $null = [int]::TryParse($_, $r); Write-Output "$n $($r.Value)"' }
        @{ Name = 'a reference in a variable that it keeps'; Text = '$n = Write-Output $_; $r = [ref] $n; $Connection.State.kept ??= $r; "<$($Connection.State.kept.Value)>"' }
        @{ Name = 'a reference in a variable that a list keeps'; Text = '$n = Write-Output $_; $r = [ref] $n; $Connection.State.kept ??= @(1, $r); "<$($Connection.State.kept[1].Value)>"' }
        @{ Name = 'a reference in a variable that a method keeps'; Text = '$n = Write-Output $_; $r = [ref] $n; $Connection.State.kept ??= [tuple]::Create($r); "<$($Connection.State.kept.Item1.Value)>"' }
        @{ Name = 'a reference in a variable that a command finds'; Text = '$n = Write-Output $_; $r = [ref] $n; $Connection.State.kept ??= Get-Variable r -ValueOnly; "<$($Connection.State.kept.Value)>"' }
        @{ Name = 'a reference to a value'; Text = '$r = [ref] 0; Write-Output "$([int]::TryParse($_, $r)) $($r.Value) <$x>"; $x = $r.Value++; $r = [ref] $_.Length; "$($r.Value)"' }
        @{ Name = 'variables that its commands set and take away'; Text = '"<$v $w $x>"; Set-Variable v 1; Set-Variable w 2; Remove-Variable v; Set-Variable x $_; "<$v $w $x>"; $n = 1; $null = [tuple]::Create([ref] $n)' }
        @{ Name = 'references that it keeps beside $Matches'; Text = '"<$($Matches.Count)>"; $n = Write-Output $_; $Connection.State.r ??= [ref] $n; $_ -match "^a"; "<$($Matches[0])> <$($Connection.State.r.Value)> <$x>"; $x = "left"' }
        @{ Name = 'a class'; Text = 'class Own { [string] $Text }; Write-Output ([Own] @{ Text = $_ }).Text' }
        @{ Name = 'objects of its class that it keeps'; Text = 'class Own { $Text; Own($t) { $this.Text = $t } [string] Get($x) { return "$($this.Text) $x" } }; $first = $Connection.State.o ??= [Own]::new($_); Write-Output ($first -is [Own]) $first.GetType().Equals([Own]) $first.Get($_)' }
        @{ Name = 'a class with static members'; Text = 'class Own { static [int] $Count = 5; static [string] Next($x) { [Own]::Count++; return "$([Own]::Count) $x" } }; Write-Output ([Own]::Next($_))' }
        @{ Name = 'a class that it finds by name'; Text = 'class Own { $Text = "own" }; Write-Output (New-Object Own).Text ("O" + "wn" -as [type]).Name; & { [Own]::new().Text }; 1 | ForEach-Object { [Own]::new().Text }' }
        @{ Name = 'classes of one another and an enumeration'; Text = 'enum Kind { Small; Large }; class Base { [Kind] $Kind }; class Own : Base { [string] ToString() { return "own $($this.Kind)" } }; $o = [Own]::new(); $o.Kind = if ($_.Length -gt 1) { "Large" } else { [Kind]::Small }; Write-Output "$o $([int] $o.Kind) $($o -is [Base])"; [Collections.Generic.List[Own]]::new().Count' }
        @{ Name = 'a class whose method fails'; Text = 'class Own { [int] Read($x) { return [int] $x } }; "<$x>"; $x = Write-Output left; [Own]::new().Read($_)' }
        @{ Name = 'a class whose method calls a function'; Text = 'class Own { [object] Show($x) { return Show-Order $x } }; Write-Output ([Own]::new().Show($_)); "after"' }
        @{ Name = 'a class without a session'; Text = '[NoRunspaceAffinity()] class Own { [string] Get($x) { return "<$x>" } }; Write-Output ([Own]::new().Get($_))' }
        @{ Name = 'a class for a function of its own'; Text = 'class Own { $Text }; function Show-Own([Own] $o) { "$($o.Text) of $($o.GetType())" }; Show-Own @{ Text = $_ }; Write-Output $_' }
    )
    # Handlers with commands that are called as any other.
    $called = @(
        @{ Name = 'a class within a block'; Text = 'if ($_ -ne "b") { class Own { $Text = "own" }; Write-Output ([Own]::new().Text) }' }
        @{ Name = 'a class within a scriptblock'; Text = '& { class Own { $Text = "own" }; Write-Output ([Own]::new().Text) }' }
        @{ Name = '$foreach outside of a loop'; Text = 'Write-Output "<$foreach>"' }
        @{ Name = 'a reference to the message that it keeps'; Text = 'Write-Output "<$($Connection.State.r.Value)>"; $Connection.State.r ??= [ref] $_' }
        @{ Name = 'a reference to $args that it keeps'; Text = 'Write-Output "<$($Connection.State.r.Value[1])>"; $Connection.State.r ??= [ref] $args' }
        @{ Name = '$PSScriptRoot that it sets'; Text = 'Write-Output "<$PSScriptRoot>"; $PSScriptRoot = $_' }
        @{ Name = '$PSCommandPath that it sets'; Text = 'Write-Output "<$PSCommandPath>"; $a, $PSCommandPath = 1, $_' }
        @{ Name = '$foreach that it sets'; Text = '$foreach = Write-Output $_; "<$foreach>"' }
        @{ Name = 'a typed parameter without an argument'; Text = 'param($Peer, $Line, [datetime] $When) Write-Output "<$When>"' }
        @{ Name = '$PSBoundParameters'; Text = 'param($Peer, $Line, $Third = 3) function Get-Both($Peer, $Line) { "$Line of $($Peer.Number)" }; "$($PSBoundParameters.Keys) $($PSBoundParameters["line"])"; Get-Both @PSBoundParameters; $PSBoundParameters["x"] = 1; 1 | ForEach-Object { $PSBoundParameters.Count }' }
        @{ Name = '$PSBoundParameters in a scriptblock'; Text = 'param($Peer, $Line) 1 | ForEach-Object { $PSBoundParameters.Count }' }
        @{ Name = 'a parameter that a script checks'; Text = 'param($Peer, [ValidateScript({ $_ -ne "b" })] $Line) Write-Output $Line' }
        @{ Name = 'a checked parameter that it assigns'; Text = 'param($Peer, [ValidateLength(1, 3)] [string] $Line) Write-Output $Line; $Line += "!"; $Line' }
        @{ Name = 'a checked parameter that it sets by name'; Text = 'param($Peer, [ValidateLength(1, 3)] [string] $Line) Set-Variable Line "$Line!"; $Line' }
        @{ Name = 'a checked parameter that it sets on its drive'; Text = 'param($Peer, [ValidateLength(1, 3)] [string] $Line) Set-Item Variable:Line "$Line!"; $Line' }
        @{ Name = 'a checked parameter besides the message'; Text = 'param([ValidateNotNull()] $Peer, $Line) Write-Output $Line' }
        @{ Name = 'a parameter of two types'; Text = 'param($Peer, [string] [object] $Line) Write-Output $Line' }
        @{ Name = 'a parameter of a type that is not there'; Text = 'param($Peer, [No.Such] $Line) Write-Output $_' }
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
        function Test-LoopOf($Server) {
            $scripts = [TwistedPS.NetworkService].GetProperty('ConnectionHandler', [System.Reflection.BindingFlags] 'Instance, NonPublic, Public').GetValue($Server)
            $null -ne $scripts.GetType().GetField('_looped', [System.Reflection.BindingFlags] 'Instance, NonPublic').GetValue($scripts)
        }

        function Test-Loop([string] $Text) {
            $s = Start-LineServer 0 ([scriptblock]::Create($Text))
            try {
                Test-LoopOf $s
            }
            finally {
                Stop-LineServer $s -DrainTime 0
            }
        }

        # Starts a server by a script in a file, sends it lines, and outputs its replies and errors.
        function Get-FileTranscript([string] $Text, [switch] $Foreground) {
            $path = "$TestDrive/server.ps1"
            Set-Content $path $Text
            $reactor = New-Reactor -Foreground:$Foreground
            $s = & $path -Reactor $reactor
            $peer = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $s.Port)
            $peer.ReceiveTimeout = 30000
            try {
                $stream = $peer.GetStream()
                $stream.Write([Text.Encoding]::UTF8.GetBytes("a`nb`nb`n"))
                $peer.Client.Shutdown('Send')
                $isDone = { $s.LinesIn -eq 3 -and $s.Connections.Count -eq 0 }
                if ($Foreground) {
                    Wait-Reactor $reactor -Until $isDone -Timeout 30
                }
                else {
                    Wait-Until $isDone
                }
                [IO.StreamReader]::new($stream).ReadToEnd()
                $s.Errors | ForEach-Object Message
                "loop: $(Test-LoopOf $s)"
            }
            finally {
                $peer.Dispose()
                Stop-Reactor $reactor
            }
        }
    }

    It 'has the namespaces of its file, foreground: <_>' -ForEach $false, $true {
        $text = @'
using namespace System.Text
using namespace System.Collections.Generic
param($Reactor)
Start-LineServer 0 { Write-Output ([StringBuilder]::new("<$_>").Append([List[int]]::new().Count).Append('StringBuilder' -as [type])) } -Reactor $Reactor
'@
        $expected = Use-Twin { Get-FileTranscript $text -Foreground:$_ }
        $expected[0] | Should -BeLike '<a>0*'
        Get-FileTranscript $text -Foreground:$_ | Should -BeExactly $expected[0], 'loop: True'
    }

    It 'has the modules and assemblies of its file in the foreground' {
        Set-Content $TestDrive/Types.psm1 'class Shown { [string] $Text; [string] Get() { return "shown $($this.Text)" } }'
        $text = "using assembly '$([System.Xml.Linq.XText].Assembly.Location)'" + @'

using module ./Types.psm1
using namespace System.Xml.Linq
param($Reactor)
Start-LineServer 0 -Reactor $Reactor {
    $kept = $Connection.State['o'] ??= [Shown] @{ Text = $_ }
    Write-Output "$($kept -is [Shown]) $($kept.Get()) $([XText]::new($_).Value) $(('Shown' -as [type])?.Name) $(('XText' -as [type])?.Name)"
}
'@
        $expected = Use-Twin { Get-FileTranscript $text -Foreground }
        $expected[0] | Should -BeLike 'True shown a a *True shown a b *'
        Get-FileTranscript $text -Foreground | Should -BeExactly $expected[0], 'loop: True'
    }

    It 'has its own classes and those of its file, foreground: <_>' -ForEach $false, $true {
        $text = @'
param($Reactor)
class Base { [string] $Text }
Start-LineServer 0 -Reactor $Reactor {
    class Own { [string] $Text; [string] Get() { return "own $($this.Text)" } }
    $kept = $Connection.State['o'] ??= [Own] @{ Text = $_ }
    Write-Output "$($kept -is [Own]) $($kept.Get()) $_ $(('Base' -as [type])?.Name)"
}
'@
        $expected = Use-Twin { Get-FileTranscript $text -Foreground:$_ }
        $expected[0] | Should -BeLike 'True own a a *True own a b *'
        Get-FileTranscript $text -Foreground:$_ | Should -BeExactly $expected[0], 'loop: True'
    }

    It 'may be a function with parameters <Where>, foreground: <Foreground>' -ForEach @(
        foreach ($foreground in $false, $true) {
            @{ Where = 'behind its name'; Head = 'Get-Answer($Peer, $Line, $Third = 3) {'; Foreground = $foreground }
            @{ Where = 'in its body'; Head = 'Get-Answer { param($Peer, $Line, $Third = 3)'; Foreground = $foreground }
        }
    ) {
        $text = "param(`$Reactor)`nfunction $Head Write-Output `"`$(`$Peer.Number) `$Line `$Third <`$x>`"; `$x = 'left' }`nStart-LineServer 0 `${function:Get-Answer} -Reactor `$Reactor"
        Get-FileTranscript $text -Foreground:$Foreground | Should -BeExactly "0 a 3 <>`r`n0 b 3 <>`r`n0 b 3 <>`r`n", 'loop: True'
    }

    It 'may be a function of the session that runs it, and is inlined then as well' {
        function Get-Answer($Peer, $Line) { "$($Peer.Number) $Line" }
        $reactor = New-Reactor -Foreground
        $said, $s = Start-LineServer 0 ${function:Get-Answer} -Reactor $reactor -Verbose 4>&1
        Stop-LineServer $s -DrainTime 0
        Stop-Reactor $reactor
        "$said" | Should -Be 'OnLine: inlined'
    }

    It 'is called for <Lines> where it <Does> a loop around it' -ForEach @(
        @{ Lines = 'many lines at once'; Does = 'leaves'; Body = 'break out'; Looped = $true }
        @{ Lines = 'each line'; Does = 'asks for'; Body = '"$foreach"'; Looped = $false }
    ) {
        $text = "param(`$Reactor)`n:out foreach (`$i in 1) { Start-LineServer 0 { Write-Output `$_; $Body; 'never' } -Reactor `$Reactor }"
        $expected = Use-Twin { Get-FileTranscript $text -Foreground }
        Get-FileTranscript $text -Foreground | Should -BeExactly $expected[0], "loop: $Looped"
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
