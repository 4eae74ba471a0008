BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'An answer that fails' {
    AfterEach {
        Stop-Everything
    }

    It 'closes the connection with HandlerError: <Name>' -ForEach @(
        @{ Name = 'work'; Handler = { Start-Deferred { throw 'no luck' } } }
        @{ Name = 'a callback'; Handler = { Start-Deferred { } | Add-DeferredCallback { throw 'no luck' } } }
        @{ Name = 'a deferred that a callback returns'; Handler = { Start-Deferred { } | Add-DeferredCallback { Start-Deferred { throw 'no luck' } } } }
    ) {
        $reasons = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 $Handler -OnDisconnect { ($using:reasons).Add($_) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -End | Should -BeExactly ''
        $peer.Dispose()
        $reasons.Take() | Should -Be HandlerError
        $s.ErrorCount, $s.Errors[0].Message | Should -Be @(1, 'no luck')
        $s.Errors[0].Handler | Should -BeLike 'Deferred *'
    }

    It 'goes to -OnError instead, whose output is sent' {
        $s = Start-LineServer 0 { Start-Deferred { throw [System.IO.IOException]::new("no $_") } } -OnError {
            param($Peer, $Failure)
            "sorry: $_ $($_.Exception.GetType().Name) $($Peer -eq $Connection) $($Failure -eq $_)"
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "sorry: no  IOException True True`r`n"
        Send-Peer $peer "b`n" -End
        Receive-Peer $peer -End | Should -BeLike "sorry: no *"
        $s.ErrorCount | Should -Be 2
    }

    It 'is no failure where a callback has dealt with it' {
        $s = Start-LineServer 0 { Start-Deferred { throw 'no luck' } | Add-DeferredCallback -OnError { "dealt with: $_" } }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "dealt with: no luck`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'has the exception of .NET with its cause in -OnError' {
        $s = Start-LineServer 0 { [int]::Parse('x') } -OnError { $_.Exception.InnerException.GetType().Name }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "FormatException`r`n"
    }

    It 'of one member of -All fails the connection once' {
        $s = Start-LineServer 0 { New-Deferred -All (Start-Deferred { throw 'no luck' }), (Start-Deferred { 'fine' }) } -OnError { "sorry: $_" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "sorry: no luck`r`n"
        $s.ErrorCount | Should -Be 1
    }
}

Describe 'A timer that a handler starts' {
    AfterEach {
        Stop-Everything
    }

    It 'answers with -After, and the close waits for it' {
        $r = New-Reactor -Foreground -FakeClock
        try {
            $s = Start-LineServer 0 -Reactor $r {
                $null = Start-ReactorTimer -After 5 { "late $($Timer.Calls) $($Connection.Number)" }
                $Connection.Close()
            }
            $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
            Send-Line $c 'a'
            Wait-Reactor $r -Until { $s.LinesIn -eq 1 } -Timeout 30
            $s.Connections[0].CloseReason | Should -Be None
            Wait-Reactor $r -Advance 5
            Receive-Line $c -Timeout 30 | Should -BeLike 'late * 0'
            Wait-Reactor $r -Until { $s.ConnectionCount -eq 0 } -Timeout 30
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'ends with the connection: <Name>' -ForEach @(
        @{ Name = '-After'; Start = { Start-ReactorTimer -After 1000 { 'must not be sent' } } }
        @{ Name = '-Every'; Start = { Start-ReactorTimer -Every 1000 { 'must not be sent' } } }
    ) {
        $timers = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 ([scriptblock]::Create("(`$using:timers).Add(($Start))"))
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $timer = $null
        $timers.TryTake([ref] $timer, 30000) | Should -BeTrue
        $timer.Status | Should -Be Running
        Reset-Peer $peer
        Wait-Until { $timer.Status -eq 'Stopped' }
        Get-ReactorTimer | Should -BeNullOrEmpty
        $s.ErrorCount | Should -Be 0
    }

    It 'does not hold the close with -Every, and sends at each call' {
        $s = Start-LineServer 0 { if ($_ -eq 'bye') { $Connection.Close() } else { $null = Start-ReactorTimer -Every 10ms { "tick $_" } } }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "2`r`n" | Should -BeExactly "tick 1`r`ntick 2`r`n"
        Send-Peer $peer "bye`n"
        $null = Receive-Peer $peer -End
        $peer.Dispose()
        Wait-Until { $s.ConnectionCount -eq 0 }
        Wait-Until { -not (Get-ReactorTimer) }
    }

    It 'fails the connection when it throws' {
        $s = Start-LineServer 0 { $null = Start-ReactorTimer -After 0 { throw 'no luck' } } -OnError { "sorry: $_" }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "sorry: no luck`r`n"
    }

    It 'in OnStart logs its output, and ends with the server' {
        $timers = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 { $_ } -OnStart { ($using:timers).Add((Start-ReactorTimer -Every 10ms { "tick $_" } -Name beat)) }
        $timer = $timers.Take()
        Wait-Until { $timer.Calls -ge 2 }
        $timer.Log.Message | Should -Contain 'OnTick: tick 1'
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
        $timer.Status | Should -Be Running
        Stop-LineServer $s
        Wait-Until { $timer.Status -eq 'Stopped' }
    }
}

Describe 'A process that a handler starts' -Skip:$IsWindows {
    AfterEach {
        Stop-Everything
    }

    It 'answers line by line, and the close waits for its end' {
        $s = Start-LineServer 0 {
            'Begin'
            $null = Start-ReactorProcess sh '-c', 'read x; echo one; echo two' { "> $_" } -OnExit { "End $($Process.ExitCode)" } -InputObject go
            $Connection.Close()
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`nb`n"
        Receive-Peer $peer -End | Should -BeExactly "Begin`r`n> one`r`n> two`r`nEnd 0`r`n"
    }

    It 'is answered in full for a peer that half-closes' {
        $s = Start-LineServer 0 { $null = Start-ReactorProcess sh '-c', 'read x; echo "got $x"' { $_ } -InputObject $_ }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "got a`r`n"
    }

    It 'is killed with the connection' {
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 { ($using:started).Add((Start-ReactorProcess sh '-c', 'exec sleep 1000')) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $process = $null
        $started.TryTake([ref] $process, 30000) | Should -BeTrue
        $process.Status | Should -Be Running
        Reset-Peer $peer
        Wait-Until { $process.Status -eq 'Exited' }
        Wait-Until { -not (Get-Process -Id $process.ProcessId -ErrorAction Ignore) }
        $s.ErrorCount | Should -Be 0
    }

    It 'in OnStart is there for all, logs its output, and ends with the server' {
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 { $script:cat.Send($_); 'sent' } -OnStart {
            $script:cat = Start-ReactorProcess cat -OnOutput { "read $_" }
            ($using:started).Add($script:cat)
        }
        $process = $started.Take()
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "sent`r`n"
        Wait-Until { @($process.Log.Message) -like '*read a' }
        $process.Status | Should -Be Running
        Stop-LineServer $s
        Wait-Until { $process.Status -eq 'Exited' }
    }
}

Describe 'What a handler starts with -Detached' {
    AfterEach {
        Stop-Everything
    }

    It 'holds up no close, goes on without the connection, and logs its output: <Name>' -ForEach @(
        @{ Name = 'a timer'; Start = { Start-ReactorTimer -After 1ms { $null = ($using:gate).Wait(30000); 'the output' } -Detached } }
        @{ Name = 'a process'; Start = { Start-ReactorProcess sh '-c', 'read x; echo the output' -OnOutput { $_ } -Detached }; Skip = $IsWindows }
    ) {
        if ($Skip) {
            Set-ItResult -Skipped -Because 'there is no sh'
            return
        }
        $gate = New-Gate
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 ([scriptblock]::Create("`$gate = `$using:gate; (`$using:started).Add(($Start)); `$Connection.Close()")) -OnDisconnect { ($using:started).Add('gone') }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n" -End
        $service = $started.Take()
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly ''
        $started.Take() | Should -BeExactly gone
        if ($service -is [TwistedPS.ReactorProcess]) {
            $service.Send('x')
        }
        Wait-Until { $service.Log.Message -like '*the output' }
    }
}

Describe 'What OnStart leaves to come' {
    AfterEach {
        Stop-Everything
    }

    It 'goes to the log of the server: <Name>' -ForEach @(
        @{ Name = 'the result'; OnStart = { Start-Deferred { 'a list' } | Add-DeferredCallback { "loaded $_" } }; Expected = '*loaded a list' }
        @{ Name = 'the error'; OnStart = { Start-Deferred { throw 'no list' } }; Expected = '*failed: no list (*StartedByHandlers.Tests.ps1:*)' }
    ) {
        $s = Start-LineServer 0 { $_ } -OnStart $OnStart
        Wait-Until { @($s.Log.Message) -like $Expected }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
    }

    It 'may set what the handlers share' {
        $gate = New-Gate
        $s = Start-LineServer 0 { "[$script:list]" } -OnStart { $gate = $using:gate; $null = Start-Deferred { ($using:gate).Wait(); 'loaded' } | Add-DeferredCallback { $script:list = $_ } }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "[]`r`n"
        $gate.Set()
        Wait-Until { (Invoke-Peer $s.Port "a`n") -ceq "[loaded]`r`n" }
    }
}
