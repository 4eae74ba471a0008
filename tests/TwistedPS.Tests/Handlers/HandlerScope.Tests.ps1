BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'What a handler sees' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'has the line in $_, its peer in $Connection and its owner in $Server' {
        $s = Start-LineServer 0 { "$_ $($Connection.Number) $($Connection.Address) $($Server.Name)" } -Name here
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a 0 127.0.0.1 here`r`n"
    }

    It 'has the line as a string in $_' {
        $s = Start-LineServer 0 { $_.GetType().FullName }
        Invoke-Peer $s.Port "12`n" | Should -BeExactly "System.String`r`n"
    }

    It 'has the connection in $_ of OnConnect, the reason in $_ of OnDisconnect, and the server in that of OnStart and OnStop' {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $note = { param($Text) ($using:seen).Enqueue($Text) }
        $s = Start-LineServer 0 -Name all -OnStart { & $using:note "start $($_.Name)" } -OnConnect { & $using:note "connect $($_ -eq $Connection)" } `
            -OnDisconnect { & $using:note "disconnect $_" } -OnStop { & $using:note "stop $($_.Name)" }
        $null = Invoke-Peer $s.Port ''
        Wait-Until { $s.TotalConnections -eq 1 -and $s.ConnectionCount -eq 0 }
        Stop-LineServer $s
        $seen | Should -BeExactly @('start all', 'connect True', 'disconnect Done', 'stop all')
    }

    It 'takes its arguments by position with param' {
        $s = Start-LineServer 0 { param($Peer, $Text) "$Text $($Peer -eq $Connection)" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a True`r`n"
    }

    It 'gets -ArgumentList after its own arguments' {
        $s = Start-LineServer 0 { param($Peer, $Text, $First, $Second) "$Text $First $Second" } -ArgumentList 'one', 2 `
            -OnConnect { param($Peer, $First, $Second) "connect $First $Second" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "connect one 2`r`na one 2`r`n"
    }

    It 'gets -ArgumentList in $args as well' {
        $s = Start-LineServer 0 { $args.Count; $args[2] } -ArgumentList 'one'
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "3`r`none`r`n"
    }

    It 'calls functions of -InitializationScript' {
        $s = Start-LineServer 0 { ConvertTo-Shout $_ } -InitializationScript {
            param($Mark)
            $script:mark = $Mark
            function ConvertTo-Shout { param($Text) "$($Text.ToUpper())$script:mark" }
        } -ArgumentList '!'
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "A!`r`n"
    }

    It 'shares $script: with the handlers of its server and with no other' {
        $handlers = @{
            OnStart = { $script:log = 'start' }
            OnLine  = { $script:log += ",$_"; $script:log }
        }
        $one = Start-LineServer 0 @handlers
        $two = Start-LineServer 0 @handlers
        Invoke-Peer $one.Port "a`nb`n" | Should -BeExactly "start,a`r`nstart,a,b`r`n"
        Invoke-Peer $one.Port "c`n" | Should -BeExactly "start,a,b,c`r`n"
        Invoke-Peer $two.Port "z`n" | Should -BeExactly "start,z`r`n"
    }

    It 'keeps local variables to one call' {
        $s = Start-LineServer 0 { "[$local]"; $local = $_ }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "[]`r`n[]`r`n"
    }

    It 'shares $Server.State among connections and $Connection.State among the lines of one' {
        $s = Start-LineServer 0 { "$(($Server.State.All += 1)) $(($Connection.State.Own += 1))" }
        Invoke-Peer $s.Port "`n`n" | Should -BeExactly "1 1`r`n2 2`r`n"
        Invoke-Peer $s.Port "`n" | Should -BeExactly "3 1`r`n"
        $s.State.All | Should -Be 3
    }

    It 'knows the namespaces that its file uses' {
        $file = Join-Path $TestDrive namespaces.ps1
        Set-Content $file @'
using namespace System.Text

Start-LineServer 0 { [StringBuilder]::new($_).Append('!').ToString() }
'@
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a!`r`n"
    }

    It 'knows the folder of its file' {
        $file = Join-Path $TestDrive folder.ps1
        Set-Content $file 'Start-LineServer 0 { $PSScriptRoot }'
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "$((Get-Item $TestDrive).FullName)`r`n"
    }

    It 'sees the servers of its session' {
        $s = Start-LineServer 0 { (Get-LineServer).Name } -Name only
        Invoke-Peer $s.Port "`n" | Should -BeExactly "only`r`n"
    }

    It 'starts in the location of the session' {
        Push-Location $TestDrive
        try {
            $s = Start-LineServer 0 { (Get-Location).ProviderPath }
        }
        finally {
            Pop-Location
        }
        Invoke-Peer $s.Port "`n" | Should -BeExactly "$((Get-Item $TestDrive).FullName)`r`n"
    }

    It 'looks into a running server with Invoke-Reactor -Server' {
        $s = Start-LineServer 0 { $script:count++ } -Name looked
        Invoke-Peer $s.Port "`n`n`n" | Should -BeExactly ''
        Invoke-Reactor -Server $s { $script:count } | Should -Be 3
        Invoke-Reactor -Server looked { $Server.LinesIn } | Should -Be 3
    }
}

Describe '$using: in a handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a variable'; Handler = { $using:text }; Expected = 'hi' }
        @{ Name = 'a member'; Handler = { $using:text.Length }; Expected = '2' }
        @{ Name = 'a method call'; Handler = { ($using:text).ToUpper() }; Expected = 'HI' }
        @{ Name = 'an index'; Handler = { $using:table['key'] }; Expected = 'value' }
        @{ Name = 'a member of a table'; Handler = { $using:table.key }; Expected = 'value' }
        @{ Name = 'a string with it inside'; Handler = { "<$using:text $($using:table.key)>" }; Expected = '<hi value>' }
        @{ Name = 'a splat'; Handler = { $splat = $using:joinPath; Join-Path @splat }; Expected = Join-Path a b }
        @{ Name = 'a splat in place'; Handler = { Join-Path @using:joinPath }; Expected = Join-Path a b }
        @{ Name = 'a scriptblock'; Handler = { & $using:shout $_ }; Expected = 'IN!' }
        @{ Name = 'a scriptblock that itself uses one'; Handler = { & $using:outer }; Expected = 'inner hi' }
        @{ Name = 'a variable in a nested scriptblock'; Handler = { & { $using:text } }; Expected = 'hi' }
        @{ Name = 'a variable in a pipeline'; Handler = { 1, 2 | ForEach-Object { "$_$using:text" } | Select-Object -First 1 }; Expected = '1hi' }
        @{ Name = 'null'; Handler = { $null -eq $using:nothing }; Expected = 'True' }
        @{ Name = 'a variable in braces'; Handler = { "${using:text}!" }; Expected = 'hi!' }
    ) {
        $text = 'hi'
        $nothing = $null
        $table = @{ key = 'value' }
        $joinPath = @{ Path = 'a'; ChildPath = 'b' }
        $shout = { param($Word) "$($Word.ToUpper())!" }
        $outer = { "inner $using:text" }
        $null = $text, $nothing, $table, $joinPath, $shout, $outer
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "in`n" | Should -BeExactly "$Expected`r`n"
    }

    It 'is of the handler in a scriptblock for <Name>' -ForEach @(
        @{ Name = 'ForEach-Object'; Handler = { 1 | ForEach-Object { $using:text } } }
        @{ Name = 'Where-Object'; Handler = { 'a', 'hi' | Where-Object { $_ -eq $using:text } } }
        @{ Name = 'Wait-Reactor -Until'
            Handler = { $r = New-Reactor -Foreground; $null = Start-ReactorTimer -Every 1h { } -Reactor $r; Wait-Reactor $r -Until { $using:text }; Stop-Reactor $r; 'hi' } }
        @{ Name = 'a function of the handler'; Handler = { function Invoke-It([scriptblock] $Do) { & $Do }; Invoke-It { $using:text } } }
        @{ Name = 'a function that is there at the start as well'; Handler = { function Invoke-It([scriptblock] $Do) { & $Do }; Invoke-It -Do { $using:text } }
            Function = 'param([scriptblock] $Do)' }
        @{ Name = 'a function whose parameters can not be read'; Handler = { function Invoke-It([scriptblock] $Do) { & $Do }; Invoke-It { $using:text } }
            Function = 'param([NoSuchType] $Type, [scriptblock] $Do)' }
        @{ Name = 'a parameter that takes any object'; Handler = { New-Object psobject -Property @{ Script = 1 } | ForEach-Object { & (Write-Output { $using:text }) } } }
    ) {
        $text = 'hi'
        if ($Function) {
            Set-Item function:Invoke-It ([scriptblock]::Create($Function))
        }
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "`n" | Should -BeExactly "$text`r`n"
    }

    It 'is of the command in a scriptblock for <Name>' -ForEach @(
        @{ Name = 'ForEach-Object -Parallel'; Handler = { $own = 'own'; 1 | ForEach-Object -Parallel { $using:own } } }
        @{ Name = 'an alias, with half of a parameter'; Handler = { $own = 'own'; 1 | % -Par { $using:own } } }
        @{ Name = 'Start-ThreadJob'; Handler = { $own = 'own'; Start-ThreadJob { $using:own } | Receive-Job -Wait -AutoRemoveJob } }
        @{ Name = 'Start-Deferred'; Handler = { $own = 'own'; Start-Deferred { $using:own } } }
        @{ Name = 'a parameter with a colon'; Handler = { $own = 'own'; Start-Deferred -ScriptBlock:{ $using:own } } }
        @{ Name = 'a place after a switch'; Handler = { $own = 'own'; Start-Deferred -Verbose { $using:own } } }
        @{ Name = 'a place after a parameter and its value'; Handler = { $own = 'own'; Start-Deferred -Timeout 60 { $using:own } } }
        @{ Name = 'Add-DeferredCallback'; Handler = { $own = 'own'; $d = Start-Deferred { }; Add-DeferredCallback $d { $using:own } } }
        @{ Name = 'a command in a scriptblock in place'; Handler = { $own = 'own'; & { Start-Deferred { 1 | ForEach-Object { $using:own } } } } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "`n" | Should -BeExactly "own`r`n"
    }

    It 'is not looked up at the start where it is of <Name>' -ForEach @(
        @{ Name = 'Start-Job'; Handler = { Start-Job { $using:own } } }
        @{ Name = 'sajb'; Handler = { sajb { $using:own } } }
        @{ Name = 'Invoke-Command -Session'; Handler = { Invoke-Command -Session $own { $using:own } } }
        @{ Name = 'Invoke-Command -HostName'; Handler = { Invoke-Command -HostName $own { $using:own } } }
        @{ Name = 'a cmdlet with its module'; Handler = { TwistedPS\Start-Deferred { $using:own } } }
        @{ Name = 'Set-LineServer'; Handler = { Set-LineServer $Server { $using:own } } }
        @{ Name = 'New-LineTestConnection'; Handler = { New-LineTestConnection { $using:own } } }
        @{ Name = 'Start-LineServer -InitializationScript'; Handler = { Start-LineServer 0 { $_ } -InitializationScript { $using:own } } }
        @{ Name = 'a function that limits how many run'; Handler = { Invoke-Elsewhere { $using:own } } }
    ) {
        function Invoke-Elsewhere ([scriptblock] $Do, [int] $ThrottleLimit) {
            throw "Nobody has called it: $Do $ThrottleLimit"
        }
        (Start-LineServer 0 $Handler).Status | Should -Be Running
    }

    It 'takes the value of the moment of the start' {
        $word = 'then'
        $s = Start-LineServer 0 { $using:word }
        $word = 'now'
        Invoke-Peer $s.Port "`n" | Should -BeExactly "then`r`n"
        $word | Should -Be now
    }

    It 'takes live objects as they are' {
        $list = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { ($using:list).Enqueue($_) }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly ''
        $list | Should -BeExactly @('a', 'b')
    }

    It 'keeps servers with different values apart' {
        $servers = foreach ($word in 'one', 'two') {
            Start-LineServer 0 { $using:word }
        }
        Invoke-Peer $servers[0].Port "`n" | Should -BeExactly "one`r`n"
        Invoke-Peer $servers[1].Port "`n" | Should -BeExactly "two`r`n"
    }

    It 'refuses a variable that is not there' {
        $failure = Get-Failure { Start-LineServer 0 { $using:noSuchVariable } }
        $failure.Id | Should -Be UsingVariableNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*noSuchVariable*'
        Get-LineServer | Should -BeNullOrEmpty
    }
}

Describe 'What a handler outputs' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'sends <Name>' -ForEach @(
        @{ Name = 'a line for each object'; Handler = { 1..3 }; Expected = "1`r`n2`r`n3`r`n" }
        @{ Name = 'nothing for $null'; Handler = { $null; 'a'; $null }; Expected = "a`r`n" }
        @{ Name = 'an empty line for an empty string'; Handler = { '' }; Expected = "`r`n" }
        @{ Name = 'a line for each line of a text'; Handler = { "a`nb`r`nc" }; Expected = "a`r`nb`r`nc`r`n" }
        @{ Name = 'no further line for a line break at the end'; Handler = { "a`n" }; Expected = "a`r`n" }
        @{ Name = 'an empty line in the middle'; Handler = { "a`n`nb" }; Expected = "a`r`n`r`nb`r`n" }
        @{ Name = 'numbers the same in every culture'; Handler = { 1.5; [decimal]2.25; 1e3 }; Expected = "1.5`r`n2.25`r`n1000`r`n" }
        @{ Name = 'objects as PowerShell converts them'; Handler = { $true; [version]'1.2'; , @(1, 2) }; Expected = "True`r`n1.2`r`n1 2`r`n" }
        @{ Name = 'the output of commands'; Handler = { Write-Output a b; @('c', 'd') | ForEach-Object ToUpper }; Expected = "a`r`nb`r`nC`r`nD`r`n" }
        @{ Name = 'nothing when there is none'; Handler = { $null = $_ }; Expected = '' }
        @{ Name = 'what $Connection.Send says before the output'; Handler = { 'output'; $Connection.Send('sent') }; Expected = "sent`r`noutput`r`n" }
    ) {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $s = Start-LineServer 0 $Handler
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
        Invoke-Peer $s.Port "x`n" | Should -BeExactly $Expected
    }

    It 'sends numbers the same where the handler itself has another culture' {
        $s = Start-LineServer 0 { [cultureinfo]::CurrentCulture = 'de-DE'; 1.5 }
        Invoke-Peer $s.Port "`n" | Should -BeExactly "1.5`r`n"
        Invoke-Reactor -Server $s { [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture }
    }

    It 'sends Bye and ends where a handler closes its connection' {
        $s = Start-LineServer 0 { 'Bye'; $Connection.Close(); 'and this' }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "Bye`r`nand this`r`n"
        $s.LinesIn | Should -Be 1
    }

    It 'drops a connection at once where a handler aborts it' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $Connection.Abort(); 'never' } -OnDisconnect { ($using:reasons).Enqueue($_) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        { Receive-Peer $peer -End } | Should -Throw '*reset*'
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly Aborted
    }
}

Describe 'A handler that fails' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'closes its connection with HandlerError after <Name>, and no other' -ForEach @(
        @{ Name = 'throw'; Handler = { throw "broken $_" }; Message = 'broken 1' }
        @{ Name = 'Write-Error -ErrorAction Stop'; Handler = { Write-Error "broken $_" -ErrorAction Stop }; Message = '*broken 1' }
        @{ Name = 'an exception of .NET'; Handler = { [int]::Parse("broken $_") }; Message = '*broken 1*' }
        @{ Name = 'a division by zero'; Handler = { $zero = 0; 1 / $zero }; Message = '*divide by zero*' }
        @{ Name = 'an unknown command'; Handler = { Invoke-NoSuchCommand }; Message = '*Invoke-NoSuchCommand*' }
        @{ Name = 'a terminating error of a cmdlet'; Handler = { Get-Item (Join-Path $PWD 'no-such-item') -ErrorAction Stop }; Message = '*no-such-item*' }
        @{ Name = 'an error of a called function'; Handler = { function Deep { throw "deep $_" }; Deep }; Message = 'deep 1' }
    ) {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $break = $Handler
        $s = Start-LineServer 0 { if ($_ -eq 'fine') { 'fine' } else { . $using:break } } -OnDisconnect { ($using:reasons).Enqueue($_) }
        $other = Connect-Peer $s.Port
        $null = $break
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly ''
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly HandlerError
        $s.ErrorCount | Should -Be 1
        $s.Errors[0].Handler | Should -BeExactly OnLine
        $s.Errors[0].Connection.Number | Should -Be 1
        $s.Errors[0].Message | Should -BeLike $Message
        $s.Log | Where-Object { $_.Level -eq 'Error' -and $_.Message -like "*$Message" } | Should -HaveCount 1
        Send-Peer $other "fine`n"
        Receive-Peer $other -Until "`n" | Should -BeExactly "fine`r`n"
    }

    It 'ends at a <Name> without a try' -ForEach @(
        @{ Name = '.NET exception'; Handler = { [int]::Parse('x'); 'went on' } }
        @{ Name = 'division by zero'; Handler = { $zero = 0; 1 / $zero; 'went on' } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $s.ErrorCount | Should -Be 1
    }

    It 'keeps its errors newest first, and no more than 100' {
        $s = Start-LineServer 0 { throw "error $_" } -OnError { }
        Invoke-Peer $s.Port (-join (1..120 | ForEach-Object { "$_`n" })) | Should -BeExactly ''
        $s.ErrorCount | Should -Be 120
        $s.Errors | Should -HaveCount 100
        $s.Errors[0].Message | Should -BeExactly 'error 120'
        $s.Errors[99].Message | Should -BeExactly 'error 21'
    }

    It 'may catch its own errors' {
        $s = Start-LineServer 0 { try { [int]::Parse($_) } catch { 'no number' } }
        Invoke-Peer $s.Port "1`nx`n2`n" | Should -BeExactly "1`r`nno number`r`n2`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'leaves the decision to OnError, which has the error in $_' {
        $s = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'oops' }; $_ } -OnError { "error: $_"; $_.GetType().Name }
        Invoke-Peer $s.Port "a`nbad`nb`n" | Should -BeExactly "a`r`nerror: oops`r`nErrorRecord`r`nb`r`n"
        $s.Errors[0].Message | Should -BeExactly oops
    }

    It 'is closed by OnError where that says so' {
        $s = Start-LineServer 0 { throw 'oops' } -OnError { 'Sorry'; $Connection.Close() }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "Sorry`r`n"
        $s.LinesIn | Should -Be 1
    }

    It 'closes its connection where OnError fails as well' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { throw 'first' } -OnError { throw 'second' } -OnDisconnect { ($using:reasons).Enqueue($_) }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly ''
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly HandlerError
        $s.Errors.Message | Should -BeExactly @('second', 'first')
    }

    It 'names the file and the line of the error' {
        $file = Join-Path $TestDrive failing.ps1
        Set-Content $file @'
param($Unused)

Start-LineServer 0 -OnLine {
    if ($_ -eq 'dot net') {
        $null = [int]::Parse($_)
    }

    throw 'here'
}
'@
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        Invoke-Peer $s.Port "dot net`n" | Should -BeExactly ''
        $info = $s.Errors.Exception.ErrorRecord.InvocationInfo
        $info.ScriptName | Should -Be @($file, $file)
        $info.ScriptLineNumber | Should -Be @(5, 8)
        $info.OffsetInLine | Should -Be @(9, 5)
        $info[1].PositionMessage | Should -BeLike "*failing.ps1:8*throw 'here'*"
    }

    It 'names the line of a function of -InitializationScript' {
        $file = Join-Path $TestDrive initialized.ps1
        Set-Content $file @'
Start-LineServer 0 { Deep } -InitializationScript {
    function Deep {
        throw 'deep'
    }
}
'@
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $s.Errors[0].Exception.ErrorRecord.InvocationInfo.ScriptLineNumber | Should -Be 3
    }

    It 'does not stop the server from starting where its OnStart is fine, and does where it is not' {
        $ports = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $failure = Get-Failure {
            Start-LineServer 0 { $_ } -OnStart { ($using:ports).Enqueue($Server.Port); throw 'no disk' }
        }
        $failure.Id | Should -Be HandlerError
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*no disk*'
        Get-LineServer | Should -BeNullOrEmpty
        $ports | Should -HaveCount 1
        $port = 0
        $null = $ports.TryPeek([ref]$port)
        Test-PortFree $port | Should -BeTrue
    }

    It 'does not start a server whose initialization script fails' {
        $failure = Get-Failure { Start-LineServer 0 { $_ } -InitializationScript { throw 'no such thing' } }
        $failure.Id | Should -Be HandlerError
        $failure.Message | Should -BeLike '*no such thing*'
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'is not the only one that may fail: a subscriber of <Event> that throws harms nobody' -ForEach @(
        @{ Event = 'Connected'; Subscribe = { $s.add_Connected({ throw 'in an event' }) } }
        @{ Event = 'LineReceived'; Subscribe = { $s.add_LineReceived({ throw 'in an event' }) } }
        @{ Event = 'Disconnected'; Subscribe = { $s.add_Disconnected({ throw 'in an event' }) } }
    ) {
        $s = Start-LineServer 0 { "<$_>" } -Reactor (New-Reactor)
        $neighbour = Start-LineServer 0 { $_ } -Reactor $s.Reactor
        . $Subscribe
        1..3 | ForEach-Object {
            $peer = Connect-Peer $s.Port
            $peer.ReceiveTimeout = 5000
            Send-Peer $peer "a`nb`n" -End
            $null = try { Receive-Peer $peer -End } catch { $_ }
        }
        $s.Reactor.IsStopped | Should -BeFalse
        Invoke-Peer $neighbour.Port "a`n" | Should -BeExactly "a`r`n"
        $s.Errors.Message | Should -BeLike '*in an event*'
        $null = Get-LineServer -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
        Stop-Reactor $s.Reactor
    }

    It 'does not keep a server from stopping where its OnStop fails' {
        $s = Start-LineServer 0 { $_ } -OnStop { throw 'not now' }
        Stop-LineServer $s
        $s.Status | Should -Be Stopped
        $s.Errors[0].Message | Should -BeExactly 'not now'
        $s.Errors[0].Handler | Should -BeExactly OnStop
        Test-PortFree $s.Port | Should -BeTrue
    }

    It 'refuses <Name> on its own reactor with WouldDeadlock' -ForEach @(
        @{ Name = 'Receive-Line'; Handler = { Receive-Line $using:client } }
        @{ Name = 'Send-Line -Receive'; Handler = { Send-Line $using:client x -Receive } }
        @{ Name = 'Wait-LineServer'; Handler = { Wait-LineServer $Server } }
        @{ Name = 'Wait-LineClient'; Handler = { Wait-LineClient $using:client } }
        @{ Name = 'Start-LineServer -Wait'; Handler = { Start-LineServer 0 { $_ } -Wait -Reactor $Server.Reactor } }
        @{ Name = 'Wait-Reactor'; Handler = { Wait-Reactor $Server.Reactor } }
    ) {
        $target = Start-LineServer 0 { $_ }
        $client = Connect-LineClient 127.0.0.1 $target.Port
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $null = $client
        $s.Errors | Should -HaveCount 1
        $s.Errors[0].Exception.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'WouldDeadlock,*'
        $s.Errors[0].Exception.ErrorRecord.CategoryInfo.Category | Should -Be DeadlockDetected
    }
}

Describe 'Flow control in a handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'ends only that call with <Name>' -ForEach @(
        @{ Name = 'break'; Handler = { if ($_ -eq 'stop') { break }; "got $_" } }
        @{ Name = 'continue'; Handler = { if ($_ -eq 'stop') { continue }; "got $_" } }
        @{ Name = 'exit'; Handler = { if ($_ -eq 'stop') { exit }; "got $_" } }
        @{ Name = 'exit 3'; Handler = { if ($_ -eq 'stop') { exit 3 }; "got $_" } }
        @{ Name = 'return'; Handler = { if ($_ -eq 'stop') { return }; "got $_" } }
        @{ Name = 'break to a label'; Handler = { if ($_ -eq 'stop') { break nowhere }; "got $_" } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nstop`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
        Invoke-Peer $s.Port "c`n" | Should -BeExactly "got c`r`n"
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'sends what was output before <Name>' -ForEach @(
        @{ Name = 'return'; Handler = { "got $_"; return; 'never' } }
        @{ Name = 'break'; Handler = { "got $_"; break; 'never' } }
        @{ Name = 'exit'; Handler = { "got $_"; exit; 'never' } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
    }

    It 'leaves $_ as it is after <Name>, in a handler that may leave early' -ForEach @(
        @{ Name = 'a switch'; Handler = { switch (1) { 1 { } }; if ($_ -eq 'stop') { break }; "got $_" } }
        @{ Name = 'a catch'; Handler = { try { throw 'x' } catch { }; if ($_ -eq 'stop') { exit }; "got $_" } }
        @{ Name = 'a pipeline'; Handler = { $null = 1 | ForEach-Object { $_ }; if ($_ -eq 'stop') { continue }; "got $_" } }
        @{ Name = 'a switch, with parameters'; Handler = { param($c, $line) switch (1) { 1 { } }; if ($_ -eq 'stop') { break }; "got $line" } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nstop`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
        $client = New-LineTestConnection $Handler
        Send-Line $client 'a', 'stop', 'b'
        Receive-Line $client -Count 2 | Should -BeExactly 'got a', 'got b'
        $client.WaitingLines | Should -Be 0
    }

    It 'leaves loops of the handler as they are' {
        $s = Start-LineServer 0 { foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }; 'end' }
        Invoke-Peer $s.Port "`n" | Should -BeExactly "1`r`n3`r`nend`r`n"
    }
}

Describe 'The other streams of a handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'goes to the log as <Level>: <Name>' -ForEach @(
        @{ Name = 'Write-Error'; Handler = { Write-Error "said $_"; 'next' }; Level = 'Error' }
        @{ Name = 'Write-Warning'; Handler = { Write-Warning "said $_"; 'next' }; Level = 'Warning' }
        @{ Name = 'Write-Verbose -Verbose'; Handler = { Write-Verbose "said $_" -Verbose; 'next' }; Level = 'Information' }
        @{ Name = 'Write-Host'; Handler = { Write-Host "said $_"; 'next' }; Level = 'Information' }
        @{ Name = 'Write-Information'; Handler = { Write-Information "said $_"; 'next' }; Level = 'Information' }
        @{ Name = 'Write-Debug -Debug'; Handler = { Write-Debug "said $_" -Debug; 'next' }; Level = 'Debug' }
        @{ Name = 'an error of a cmdlet'; Handler = { Get-Item "said $_"; 'next' }; Level = 'Error' }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "so`n" | Should -BeExactly "next`r`n"
        $entries = $s.Log | Where-Object Message -Like '*said so*'
        $entries | Should -HaveCount 1
        $entries.Level | Should -Be $Level
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'sends no progress and no verbose messages nobody asked for' {
        $s = Start-LineServer 0 { Write-Progress 'working'; Write-Verbose 'quiet'; 'done' }
        Invoke-Peer $s.Port "`n" | Should -BeExactly "done`r`n"
        $s.Log.Message | Should -Not -Contain quiet
    }

    It 'logs what OnStart and OnStop output' {
        $s = Start-LineServer 0 { $_ } -OnStart { 'opened' } -OnStop { 'closed' }
        Stop-LineServer $s
        $s.Log.Message | Should -Contain 'OnStart: opened'
        $s.Log.Message | Should -Contain 'OnStop: closed'
    }
}

Describe 'The order of handlers' {
    BeforeEach {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is OnStart, OnConnect, every line, OnDisconnect, OnStop, each once' {
        $s = Start-LineServer 0 { ($using:seen).Enqueue($_) } -OnStart { ($using:seen).Enqueue('start') } -OnStop { ($using:seen).Enqueue('stop') } `
            -OnConnect { ($using:seen).Enqueue('connect') } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Invoke-Peer $s.Port "1`n2`n3`n" | Should -BeExactly ''
        Wait-Until { $s.ConnectionCount -eq 0 }
        Stop-LineServer $s
        $seen | Should -BeExactly @('start', 'connect', '1', '2', '3', 'disconnect Done', 'stop')
    }

    It 'has OnDisconnect once where OnConnect throws, and no line' {
        $s = Start-LineServer 0 { ($using:seen).Enqueue($_) } -OnConnect { throw 'no' } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly ''
        Wait-Until { $seen.Count -gt 0 }
        Stop-LineServer $s
        $seen | Should -BeExactly 'disconnect HandlerError'
    }

    It 'has OnDisconnect once where OnConnect closes, and no line' {
        $s = Start-LineServer 0 { ($using:seen).Enqueue($_) } -OnConnect { 'full'; $Connection.Close() } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly "full`r`n"
        Wait-Until { $seen.Count -gt 0 }
        Stop-LineServer $s
        $seen | Should -BeExactly 'disconnect Done'
    }

    It 'has OnDisconnect once where OnDisconnect itself throws, and the place is free' {
        $s = Start-LineServer 0 { $_ } -MaxConnections 1 -OnDisconnect { ($using:seen).Enqueue("disconnect $_"); throw 'late' }
        Invoke-Peer $s.Port "1`n" | Should -BeExactly "1`r`n"
        Wait-Until { $s.ConnectionCount -eq 0 }
        Invoke-Peer $s.Port "2`n" | Should -BeExactly "2`r`n"
        Wait-Until { $seen.Count -eq 2 }
        $s.ErrorCount | Should -Be 2
    }

    It 'has OnDisconnect before OnStop where the server stops' {
        $s = Start-LineServer 0 { $_ } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") } -OnStop { ($using:seen).Enqueue("stop $($Server.ConnectionCount)") }
        $null = Connect-Peer $s.Port
        $null = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 2 }
        Stop-LineServer $s -DrainTime 0
        $seen | Should -BeExactly @('disconnect ServerStopped', 'disconnect ServerStopped', 'stop 0')
    }

    It 'interrupts no handler with another of the same connection' {
        $s = Start-LineServer 0 { ($using:seen).Enqueue('in'); $Connection.Abort(); ($using:seen).Enqueue('out') } -OnDisconnect { ($using:seen).Enqueue('disconnect') }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $seen.Count -eq 3 }
        $seen | Should -BeExactly @('in', 'out', 'disconnect')
    }
}

Describe 'A handler that holds its reactor' {
    BeforeEach {
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $gate = [System.Threading.ManualResetEventSlim]::new($false)
    }

    AfterEach {
        $gate.Set()
        Close-Peer
        Get-LineServer -WarningAction SilentlyContinue | Stop-LineServer -DrainTime 0 -WarningAction SilentlyContinue
        Get-LineClient | Disconnect-LineClient
    }

    It 'is named in a warning, at the prompt and in the log, once' {
        $s = Start-LineServer 0 { $null = ($using:gate).Wait(60000); 'done' } -Name slow
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.Log | Where-Object Level -EQ Warning }
        $null = Get-LineServer -WarningVariable warnings -WarningAction SilentlyContinue
        $gate.Set()
        Receive-Peer $peer -Until "`n" | Should -BeExactly "done`r`n"
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike "*OnLine of line server slow (127.0.0.1:$($s.Port))*"
        $entries = $s.Log | Where-Object Level -EQ Warning
        $entries | Should -HaveCount 1
        $entries.Message | Should -BeLike '*OnLine of line server slow*'
    }

    It 'is interrupted by Stop-LineServer: <Name>' -ForEach @(
        @{ Name = 'an endless loop'; Handler = { ($using:started).Set(); while ($true) { } } }
        @{ Name = 'a wait for what never comes'; Handler = { ($using:started).Set(); Wait-Event Never } }
        @{ Name = 'a loop that catches everything'; Handler = { ($using:started).Set(); while ($true) { try { Wait-Event Never } catch { ($using:caught).Enqueue($_) } } } }
    ) {
        $caught = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
        $neighbour = Start-LineServer 0 { "<$_>" }
        $old = Connect-Peer $neighbour.Port
        $s = Start-LineServer 0 $Handler -Name busy
        Send-Peer (Connect-Peer $s.Port) "a`n"
        $started.Wait(30000) | Should -BeTrue
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        Stop-LineServer $s -DrainTime 0.1 -WarningVariable warnings -WarningAction SilentlyContinue
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        $s.Status | Should -Be Stopped
        $caught | Should -BeNullOrEmpty
        $warnings.Message -like '*OnLine of line server busy*interrupted*' | Should -Not -BeNullOrEmpty
        Test-PortFree $s.Port | Should -BeTrue
        Send-Peer $old "a`n"
        Receive-Peer $old -Until "`n" | Should -BeExactly "<a>`r`n"
        Invoke-Peer $neighbour.Port "b`n" | Should -BeExactly "<b>`r`n"
    }

    It 'is interrupted in <Handler> as well' -ForEach @(
        @{ Handler = 'OnConnect' }
        @{ Handler = 'OnDisconnect' }
        @{ Handler = 'OnStop' }
    ) {
        $neighbour = Start-LineServer 0 { "<$_>" }
        $handlers = @{ $Handler = { ($using:started).Set(); Wait-Event Never } }
        $s = Start-LineServer 0 { $_ } @handlers
        $peer = Connect-Peer $s.Port
        $peer.Close()
        if ($Handler -ne 'OnStop') {
            $started.Wait(30000) | Should -BeTrue
        }
        Stop-LineServer $s -DrainTime 0.1 -WarningAction SilentlyContinue
        $started.IsSet | Should -BeTrue
        $s.Status | Should -Be Stopped
        Invoke-Peer $neighbour.Port "b`n" | Should -BeExactly "<b>`r`n"
    }

    It 'still has its OnDisconnect and OnStop called when it was interrupted' {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { ($using:started).Set(); Wait-Event Never } -OnDisconnect { ($using:seen).Enqueue("disconnect $_") } -OnStop { ($using:seen).Enqueue('stop') }
        Send-Peer (Connect-Peer $s.Port) "a`n"
        $started.Wait(30000) | Should -BeTrue
        Stop-LineServer $s -DrainTime 0.1 -WarningAction SilentlyContinue
        $seen | Should -BeExactly @('disconnect ServerStopped', 'stop')
    }
}
