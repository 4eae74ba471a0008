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

    It 'keeps its $script: where a function of a module calls its scriptblocks, also those with $using:' {
        $text = 'a'
        $s = Start-LineServer 0 -InitializationScript {
            $script:place = 'here'
            $null = New-Module { $script:place = 'module'; function Invoke-Elsewhere { param($Script) & $Script } } | Import-Module -PassThru
        } -OnLine { Invoke-Elsewhere { "$script:place" }; Invoke-Elsewhere { "$script:place $using:text" } }
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "here`r`nhere a`r`n"
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
