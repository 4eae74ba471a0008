BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
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
