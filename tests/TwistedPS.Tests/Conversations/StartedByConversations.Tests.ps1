BeforeDiscovery {
    $kinds = @(
        @{ Kind = 'a timer'; Start = { Start-ReactorTimer -Every 1000 { } } }
        @{ Kind = 'a script'; Start = { Start-Deferred { Wait-Event Never } } }
        @{ Kind = 'a process'; Start = { Start-ReactorProcess sh '-c', 'exec sleep 1000' } }
        @{ Kind = 'a topic'; Start = { Register-ReactorTopic kind.of { } } }
        @{ Kind = 'a line client'; Start = { Connect-LineClient 127.0.0.1 $port } }
        @{ Kind = 'a client that connects again'; Start = { Connect-TcpClient 127.0.0.1 $port -Reconnect } }
        @{ Kind = 'a UDP client'; Start = { Connect-UdpClient 127.0.0.1 9 } }
    ) | Where-Object { -not ($IsWindows -and $_.Kind -eq 'a process') }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Receive-Started {
        $item = $null
        $started.TryTake([ref] $item, 30000) | Should -BeTrue -Because 'something is to start'
        $item
    }

    function Wait-Over ([object] $Started) {
        Wait-Until { "$($Started.Status)" -in 'Stopped', 'Exited', 'Disconnected', 'Cancelled' }
    }
}

Describe 'What a conversation starts: <Kind>' -ForEach $kinds {
    BeforeEach {
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $port = (Start-LineServer 0 { $_ } -Name target).Port
        $script = [scriptblock]::Create("`$port = `$using:port; `$started = `$using:started; `$started.Add(($Start)); Receive-TcpData; 'bye'")
        $asked = [scriptblock]::Create(("$script" -replace 'Receive-TcpData', "Receive-Line '? '"))
    }

    AfterEach {
        Stop-Everything
        Get-Deferred | Stop-Deferred
    }

    It 'ends with the connection that is lost' {
        $s = Start-LineServer 0 -Conversation $asked
        $peer = Connect-Peer $s.Port
        $it = Receive-Started
        Receive-Peer $peer -Until '? ' | Should -BeExactly '? '
        "$($it.Status)" | Should -BeIn 'Running', 'Waiting', 'Connected', 'Connecting'
        Reset-Peer $peer
        Wait-Over $it
        $s.ErrorCount | Should -Be 0
    }

    It 'ends with the conversation, whose end it does not hold up' {
        $s = Start-TcpServer 0 -Conversation $script
        $peer = Connect-Peer $s.Port
        $it = Receive-Started
        Send-Peer $peer 'a'
        Receive-Peer $peer -End | Should -BeExactly 'abye'
        $peer.Close()
        Wait-Over $it
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'ends with the server' {
        $s = Start-LineServer 0 -Conversation $asked
        $null = Connect-Peer $s.Port
        $it = Receive-Started
        Stop-LineServer $s -DrainTime 0
        Wait-Over $it
    }

    It 'ends with the server of another reactor, and with that reactor' {
        $other = New-Reactor
        $front = New-Reactor -Foreground
        $s = Start-LineServer 0 -Conversation $asked -Reactor $other
        $f = Start-LineServer 0 -Conversation $asked -Reactor $front
        $peer = Connect-Peer $s.Port
        $first = Receive-Started
        $null = Connect-Peer $f.Port
        Wait-Reactor $front -Until { $started.Count -gt 0 } -Timeout 30
        $second = Receive-Started
        Reset-Peer $peer
        Wait-Over $first
        $null = Connect-Peer $s.Port
        $third = Receive-Started
        Stop-Reactor $other
        Wait-Over $third
        "$($second.Status)" | Should -BeIn 'Running', 'Waiting', 'Connected', 'Connecting'
        Stop-Reactor $front
        Wait-Over $second
    }

    It 'ends at once where the connection has ended before' {
        $late = [scriptblock]::Create("`$port = `$using:port; `$started = `$using:started; try { Receive-Line '? ' } catch { `$started.Add(`$_.FullyQualifiedErrorId) } try { `$null = $Start } finally { `$started.Add('done') }")
        $s = Start-LineServer 0 -Conversation $late -Name late
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Until '? '
        Reset-Peer $peer
        Receive-Started | Should -BeLike 'ConversationEnded,*'
        Receive-Started | Should -Be done
        Wait-Until { -not ((Get-Reactor).Services | Where-Object Name -NotIn 'late', 'target') -and -not (Get-Deferred | Where-Object Status -EQ 'Waiting') }
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.ErrorCount | Should -Be 0
    }

    It 'goes on with -Detached' {
        $s = Start-LineServer 0 -Conversation ([scriptblock]::Create(("$asked" -replace '\)\); Receive', ' -Detached)); Receive')))
        $peer = Connect-Peer $s.Port
        $it = Receive-Started
        Reset-Peer $peer
        Wait-Until { $s.ConnectionCount -eq 0 }
        Stop-LineServer $s -DrainTime 0
        "$($it.Status)" | Should -BeIn 'Running', 'Waiting', 'Connected', 'Connecting'
    }
}

Describe 'What a conversation starts' {
    AfterEach {
        Stop-Everything
    }

    It 'outputs to its peer, wherever the server runs: <Where>' -ForEach @(
        @{ Where = 'on the same reactor'; Options = { @{} } }
        @{ Where = 'on another one'; Options = { @{ Reactor = New-Reactor } } }
    ) {
        $given = & $Options
        $s = Start-LineServer 0 @given -Conversation {
            $null = Start-ReactorTimer -Every 10ms { "tick $_ of $($Connection.Number) at $($Server.Name)" }
            Receive-Line
        } -Name here
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until "2 of 0 at here`r`n" | Should -BeExactly "tick 1 of 0 at here`r`ntick 2 of 0 at here`r`n"
        $given.Reactor | Where-Object { $_ } | Stop-Reactor
    }

    It 'fails the connection when it throws: <Where>' -ForEach @(
        @{ Where = 'on the same reactor'; Options = { @{} } }
        @{ Where = 'on another one'; Options = { @{ Reactor = New-Reactor } } }
    ) {
        $given = & $Options
        $s = Start-LineServer 0 @given -Conversation { $null = Start-ReactorTimer -After 0 { throw 'no luck' }; Receive-Line } -OnError { "sorry: $_"; $Connection.Close() }
        Receive-Peer (Connect-Peer $s.Port) -End | Should -BeExactly "sorry: no luck`r`n"
        $given.Reactor | Where-Object { $_ } | Stop-Reactor
    }

    It 'is no failure of it when the peer leaves: <Name>' -ForEach @(
        @{ Name = 'a client that it receives from'; Script = { $c = Connect-LineClient 127.0.0.1 $using:port; '?'; Receive-Line $c -ErrorAction Stop } }
        @{ Name = 'a client that it connects'; Script = { '?'; Connect-LineClient 127.0.0.1 $using:deaf } }
    ) {
        $port = (Start-LineServer 0 { }).Port
        $deaf = if ($Name -like '*connects') { (New-DeafListener).Port }
        $s = Start-LineServer 0 -Conversation $Script
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until '?' | Should -BeLike '`?*'
        Wait-Until { Get-LineClient }
        Reset-Peer $peer
        Wait-Until { -not (Get-LineClient) -and -not (Get-Runspace | Where-Object { $_.Name -like 'TwistedPS conversation*' -and $_.RunspaceAvailability -eq 'Busy' }) }
        $s.ErrorCount | Should -Be 0
    }

    It 'is waited for where the script waits, and then its output has gone' -Skip:$IsWindows {
        $s = Start-LineServer 0 -Conversation {
            Start-ReactorProcess sh '-c', 'echo one; echo two' { "> $_" } -OnExit { 'over' } | Wait-ReactorProcess -Timeout 30 | ForEach-Object { "code $($_.ExitCode)" }
        }
        Invoke-Peer $s.Port | Should -BeExactly "> one`r`n> two`r`nover`r`ncode 0`r`n"
    }
}

Describe 'What is started beside the reactor of its connection' {
    AfterEach {
        Stop-Everything
    }

    It 'ends with the connection: <Name>' -ForEach @(
        @{ Name = 'by a script of a handler'; Handler = { $started = $using:started; $null = Start-Deferred { ($using:started).Add((Start-ReactorTimer -Every 1000 { })); Wait-Event Never } } }
        @{ Name = 'on another reactor'; Handler = { ($using:started).Add((Start-ReactorTimer -Every 1000 { } -Reactor $using:other)) } }
    ) {
        $other = New-Reactor
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 $Handler
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $timer = Receive-Started
        "$($timer.Status)" | Should -Be Running
        Reset-Peer $peer
        Wait-Over $timer
        Stop-Reactor $other
    }

    It 'goes on if OnDisconnect has started it' {
        $other = New-Reactor
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $s = Start-LineServer 0 -OnConnect { } -OnDisconnect {
            $started = $using:started
            $started.Add((Start-ReactorTimer -After 1000 { } -Reactor $using:other))
            $null = Start-Deferred { ($using:started).Add((Start-ReactorTimer -After 1000 { })) }
        }
        Reset-Peer (Connect-Peer $s.Port)
        $timers = (Receive-Started), (Receive-Started)
        Stop-LineServer $s
        $timers.Status | Should -Be Running, Running
        Stop-Reactor $other
    }
}
