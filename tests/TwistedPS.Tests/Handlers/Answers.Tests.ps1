BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function New-Gate {
        [System.Threading.ManualResetEventSlim]::new($false)
    }

    function Stop-Everything {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-TcpClient | Disconnect-TcpClient
        Get-ReactorTimer | Stop-ReactorTimer
        Get-ReactorProcess | Stop-ReactorProcess -Force
    }
}

Describe 'An answer that comes later' {
    BeforeEach {
        $gate, $begun = (New-Gate), (New-Gate)
        $gates = @{
            InitializationScript = { param($Gate, $Begun) $script:gate, $script:begun = $Gate, $Begun }
            ArgumentList         = $gate, $begun
        }
    }

    AfterEach {
        $gate.Set()
        Stop-Everything
    }

    It 'is <Name>' -ForEach @(
        @{ Name = 'what a deferred that the handler outputs comes to'; Handler = { $line = $_; Start-Deferred { ($using:gate).Wait(); "late $using:line" } } }
        @{ Name = 'what its callbacks make of it'
            Handler = { $line = $_; Start-Deferred { ($using:gate).Wait(); $using:line } | Add-DeferredCallback { "late $_" } } }
        @{ Name = 'what a later callback makes of it, where the deferred itself is not output'
            Handler = { $line = $_; $d = Start-Deferred { ($using:gate).Wait(); $using:line }; $null = Add-DeferredCallback $d { "late $_" } } }
        @{ Name = 'what a deferred returned by a callback comes to, once'
            Handler = { $line = $_; Start-Deferred { ($using:gate).Wait() } | Add-DeferredCallback { $line = $using:line; Start-Deferred { "late $using:line" } } } }
        @{ Name = 'what a deferred returned by a callback comes to after a callback of its own, once'
            Handler = { $line = $_; Start-Deferred { ($using:gate).Wait() } | Add-DeferredCallback { $line = $using:line; Start-Deferred { $using:line } | Add-DeferredCallback { "late $_" } } } }
        @{ Name = 'what the deferreds come to that a callback outputs, each once'
            Handler = { $line = $_; Start-Deferred { ($using:gate).Wait() } | Add-DeferredCallback { Start-Deferred { }; New-Deferred -Task ([System.Threading.Tasks.Task]::FromResult("late $using:line")) | Add-DeferredCallback { $_ } } } }
        @{ Name = 'what a deferred of another reactor comes to'
            Handler = { $line = $_; Start-Deferred { ($using:gate).Wait(); "late $using:line" } -Reactor $script:other } }
        @{ Name = 'that of -All, its members give none'
            Handler = {
                $line = $_
                $parts = (Start-Deferred { ($using:gate).Wait(); 'late' } | Add-DeferredCallback { $_ }), (Start-Deferred { $using:line } | Add-DeferredCallback { $_ })
                New-Deferred -All $parts | Add-DeferredCallback { $_ -join ' ' }
            } }
        @{ Name = 'that of a deferred that is fired by a timer'
            Handler = { $line = $_; $d = New-Deferred; $null = Start-ReactorTimer -After 0 { Complete-Deferred $using:d "late $using:line" }; $d } }
        @{ Name = 'that of a task'
            Handler = { $line = $_; $task = [System.Threading.Tasks.TaskCompletionSource[object]]::new(); $d = New-Deferred -Task $task.Task; $null = Start-Deferred { ($using:gate).Wait(); ($using:task).SetResult("late $using:line") }; $d } }
    ) {
        $other = New-Reactor
        try {
            $s = Start-LineServer 0 $Handler @gates -OnStart { $script:other = $using:other }
            $peer = Connect-Peer $s.Port
            Send-Peer $peer "a`n" -End
            $gate.Set()
            Receive-Peer $peer -End | Should -BeExactly "late a`r`n"
            $s.ErrorCount | Should -Be 0
        }
        finally {
            Stop-Reactor $other
        }
    }

    It 'is one line for each object, and nothing for null' {
        $s = Start-LineServer 0 { Start-Deferred { 'one'; 2 }; Start-Deferred { }; 'at once' }
        $reply = Invoke-Peer $s.Port "a`n"
        $reply.Trim() -split "`r`n" | Sort-Object | Should -BeExactly @('2', 'at once', 'one')
        $reply | Should -BeLike "at once*"
    }

    It 'goes to whoever asked, other lines and connections are answered meanwhile' {
        $s = Start-LineServer 0 @gates { if ($_ -eq 'slow') { $name = $Connection.Number; Start-Deferred { ($using:gate).Wait(); "slow of $using:name" } } else { "quick $_" } }
        $one, $two = (Connect-Peer $s.Port), (Connect-Peer $s.Port)
        foreach ($peer in $one, $two) {
            Send-Peer $peer "slow`n1`n"
            Receive-Peer $peer -Until "`n" | Should -BeExactly "quick 1`r`n"
        }
        Send-Peer $one "2`n"
        Receive-Peer $one -Until "`n" | Should -BeExactly "quick 2`r`n"
        $gate.Set()
        $replies = (Receive-Peer $one -Until "`n"), (Receive-Peer $two -Until "`n")
        $replies | Sort-Object | Should -BeExactly @("slow of 0`r`n", "slow of 1`r`n")
        $s.Connections.Number | Should -Be @(0, 1)
    }

    It 'is not sent where the handler has taken the deferred into a variable' {
        $s = Start-LineServer 0 { $null = Start-Deferred { 'must not be sent' }; $kept = New-Deferred; Complete-Deferred $kept 'nor this'; 'at once' }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "at once`r`n"
    }

    It 'has $Connection, $Server and $script: in its callbacks, whoever came meanwhile' {
        $s = Start-LineServer 0 @gates -Name here -OnStart { $script:count = 0 } {
            if ($_ -eq 'slow') {
                Start-Deferred { ($using:gate).Wait(); 'done' } | Add-DeferredCallback {
                    $script:count++
                    "$_ $($Connection.Number) $($Server.Name) $script:count"
                }
            }
            else {
                $script:count += 10
                $script:count
            }
        }
        $one, $two = (Connect-Peer $s.Port), (Connect-Peer $s.Port)
        Send-Peer $one "slow`nx`n"
        Receive-Peer $one -Until "`n" | Should -BeExactly "10`r`n"
        Send-Peer $two "x`n"
        Receive-Peer $two -Until "`n" | Should -BeExactly "20`r`n"
        $gate.Set()
        Receive-Peer $one -Until "`n" | Should -BeExactly "done 0 here 21`r`n"
    }

    It 'may close the connection in a callback' {
        $s = Start-LineServer 0 { Start-Deferred { 'bye' } | Add-DeferredCallback { $_; $Connection.Close() } }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -End | Should -BeExactly "bye`r`n"
    }

    It 'logs the other streams of work and callbacks under its server' {
        $s = Start-LineServer 0 { Start-Deferred { Write-Warning 'in the work'; 'x' } | Add-DeferredCallback { Write-Warning 'in the callback'; $_ } }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "x`r`n"
        $s.Log.Message | Should -Contain 'in the work'
        $s.Log.Message | Should -Contain 'in the callback'
    }

    It 'is given by a TCP server: <Name>' -ForEach @(
        @{ Name = 'text'; Handler = { Start-Deferred { ($using:gate).Wait(); 'late' } }; Expected = 'late' }
        @{ Name = 'bytes'; Handler = { Start-Deferred { ($using:gate).Wait(); , [byte[]](0x61, 0xff, 0x0d) } }; Expected = "a$([char]0xff)`r" }
    ) {
        $s = Start-TcpServer 0 $Handler @gates
        $peer = Connect-Peer $s.Port
        Send-Peer $peer 'x' -End
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly $Expected
        $s.ErrorCount | Should -Be 0
    }

    It 'is given by OnConnect and by OnEnd' {
        $s = Start-TcpServer 0 { } @gates -OnConnect { Start-Deferred { 'welcome.' } } -OnEnd { Start-Deferred { ($using:gate).Wait(); 'bye' }; $Connection.Close() }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Length 8 | Should -BeExactly 'welcome.'
        Send-Peer $peer 'x' -End
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly 'bye'
    }

    It 'is sent by a client' {
        $heard = [System.Collections.Concurrent.BlockingCollection[string]]::new()
        $s = Start-LineServer 0 { ($using:heard).Add($_) } -OnConnect { 'question' }
        $null = Connect-LineClient 127.0.0.1 $s.Port -OnLine { $line = $_; Start-Deferred { "answer to $using:line" } | Add-DeferredCallback { "$_ of $($Client.Name)" } } -Name asker
        $text = ''
        $heard.TryTake([ref] $text, 30000) | Should -BeTrue
        $text | Should -BeExactly 'answer to question of asker'
    }

    It 'is given by a server on a foreground reactor' {
        $r = New-Reactor -Foreground
        try {
            $s = Start-LineServer 0 { $line = $_; Start-Deferred { "late $using:line" } | Add-DeferredCallback { "$_ $line" } } -Reactor $r
            $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
            Send-Line $c 'a' -Receive -Timeout 30 | Should -BeLike 'late a*'
        }
        finally {
            Stop-Reactor $r
        }
    }
}

Describe 'A close while an answer is to come' {
    BeforeEach {
        $gate, $begun = (New-Gate), (New-Gate)
        $gates = @{
            InitializationScript = { param($Gate, $Begun) $script:gate, $script:begun = $Gate, $Begun }
            ArgumentList         = $gate, $begun
        }
    }

    AfterEach {
        $gate.Set()
        Stop-Everything
    }

    It 'waits for it when <Name>' -ForEach @(
        @{ Name = 'a later line closes'; Text = "slow`nbye`nlater`n"; End = $false; Expected = "Bye`r`nslow`r`n" }
        @{ Name = 'the peer half-closes'; Text = "slow`nquick`n"; End = $true; Expected = "quick`r`nslow`r`n" }
    ) {
        $s = Start-LineServer 0 @gates {
            switch ($_) {
                'slow' { Start-Deferred { ($using:gate).Wait(); 'slow' } }
                'bye' { 'Bye'; $Connection.Close() }
                default { $_ }
            }
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer $Text -End:$End
        Receive-Peer $peer -Until "`n" | Should -BeExactly ($Expected -split '(?<=\n)')[0]
        $s.Connections[0].CloseReason | Should -Be None
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly ($Expected -split '(?<=\n)')[1]
        $peer.Dispose()
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'waits for the callback that comes last' {
        $s = Start-LineServer 0 @gates {
            Start-Deferred { } | Add-DeferredCallback { 'first' } | Add-DeferredCallback { Start-Deferred { ($using:gate).Wait(); 'last' } }
            $Connection.Close()
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.Connections[0].Status -eq 'Closing' }
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly "last`r`n"
    }

    It 'waits no longer than the drain time when the server stops' {
        $s = Start-LineServer 0 @gates { Start-Deferred { ($using:begun).Set(); ($using:gate).Wait(); 'too late' } }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $begun.Wait(30000) | Should -BeTrue
        $connection = $s.Connections[0]
        $stopping = Start-Pipeline { param($s) Stop-LineServer $s -DrainTime 100ms } $s
        Test-Pipeline $stopping | Should -BeTrue
        $s.Status | Should -Be Stopped
        $connection.CloseReason | Should -Be ServerStopped
        $gate.Set()
    }

    It 'has the answer sent within the drain time when the server stops' {
        $s = Start-LineServer 0 @gates { Start-Deferred { ($using:begun).Set(); ($using:gate).Wait(); 'in time' } }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $begun.Wait(30000) | Should -BeTrue
        $stopping = Start-Pipeline { param($s) Stop-LineServer $s -DrainTime 60 } $s
        Wait-Until { $s.Status -eq 'Stopping' }
        $gate.Set()
        Receive-Peer $peer -End | Should -BeExactly "in time`r`n"
        $peer.Close()
        Test-Pipeline $stopping | Should -BeTrue
    }

    It 'is done when the answer was cancelled, and sends nothing' {
        $answers = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 { $d = New-Deferred; ($using:answers).Add($d); $d; $Connection.Close() }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $d = $null
        $answers.TryTake([ref] $d, 30000) | Should -BeTrue
        Stop-Deferred $d
        Receive-Peer $peer -End | Should -BeExactly ''
        $s.ErrorCount | Should -Be 0
    }

    It 'drops the answer without an error when the peer has gone' {
        $answers = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 { $d = New-Deferred; ($using:answers).Add($d); $d }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $d = $null
        $answers.TryTake([ref] $d, 30000) | Should -BeTrue
        Reset-Peer $peer
        Wait-Until { $s.ConnectionCount -eq 0 }
        Complete-Deferred $d 'nobody hears it'
        Invoke-Reactor { 'turned' } | Should -BeExactly turned
        $s.ErrorCount, $s.LinesOut | Should -Be @(0, 0)
        Invoke-Peer $s.Port '' | Should -BeExactly ''
    }
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

Describe 'What OnStart leaves to come' {
    AfterEach {
        Stop-Everything
    }

    It 'goes to the log of the server: <Name>' -ForEach @(
        @{ Name = 'the result'; OnStart = { Start-Deferred { 'a list' } | Add-DeferredCallback { "loaded $_" } }; Expected = '*loaded a list' }
        @{ Name = 'the error'; OnStart = { Start-Deferred { throw 'no list' } }; Expected = '*failed: no list' }
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
