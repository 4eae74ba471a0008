BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'New-Reactor, Get-Reactor and Stop-Reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-Reactor | Stop-Reactor
    }

    It 'makes a reactor of its own with the poller <Poller>, which serves' -ForEach @(
        @{ Poller = 'Auto' }
        @{ Poller = 'Pool' }
    ) {
        $r = New-Reactor -Poller $Poller
        $s = Start-LineServer 0 { "$_ $($Server.Reactor.Id)" } -Reactor $r
        $s.Reactor | Should -Be $r
        $r.Services | Should -Be $s
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "a $($r.Id)`r`nb $($r.Id)`r`n"
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        1..300 | Send-Line $c
        Receive-Line $c -Count 300 -Timeout 30 | Should -BeExactly (1..300 | ForEach-Object { "$_ $($r.Id)" })
    }

    It 'holds back a client that does not read with the poller Pool, and loses nothing' {
        $s = Start-LineServer 0 { 'y' * 10000 } -Reactor (New-Reactor -Poller Pool)
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ("`n" * 2000) -End
        Wait-Until { $s.Connections[0].UnsentBytes -gt 1MB }
        $s.Connections[0].UnsentBytes | Should -BeLessOrEqual (1MB + 10002)
        (Receive-Peer $peer -End).Length | Should -Be (2000 * 10002)
    }

    It 'tells of a reset with the poller Pool' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $_ } -Reactor (New-Reactor -Poller Pool) -OnDisconnect { ($using:reasons).Enqueue($_) }
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Reset-Peer $peer
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly Lost
        $port = $s.Port
        Stop-LineServer $s
        (Start-LineServer $port { $_ }).Port | Should -Be $port
    }

    It 'lists reactors with what is alive on them' {
        $s = Start-LineServer 0 { $_ }
        $r = New-Reactor
        (Get-Reactor).Id | Should -Be @($s.Reactor.Id, $r.Id)
        (Get-Reactor $r.Id).Id | Should -Be $r.Id
        (Get-Reactor $s.Reactor.Id).Services | Should -Be $s
        $r.IsStopped | Should -BeFalse
    }

    It 'stops with all that runs on it, and nothing else' {
        $r = New-Reactor
        $mine = Start-LineServer 0 { $_ } -Reactor $r.Id
        $other = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $mine.Port -Reactor $r
        Stop-Reactor $r
        $r.IsStopped | Should -BeTrue
        $mine.Status, $c.Status, $other.Status | Should -Be @('Stopped', 'Disconnected', 'Running')
        Test-PortFree $mine.Port | Should -BeTrue
        (Get-Reactor).Id | Should -Be $other.Reactor.Id
    }

    It 'stops while a handler loops for ever' {
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $r = New-Reactor
        $s = Start-LineServer 0 { ($using:started).Set(); while ($true) { } } -Reactor $r
        Send-Peer (Connect-Peer $s.Port) "a`n"
        $started.Wait(30000) | Should -BeTrue
        Stop-Reactor $r
        $r.IsStopped | Should -BeTrue
        Test-PortFree $s.Port | Should -BeTrue
        $null = Get-LineServer -WarningAction SilentlyContinue
    }

    It 'ends at once with Ctrl+C while a handler does not return, and the reactor stops all the same' {
        Measure-QuickStop -Activity 'Stopping reactor*' -Limit 1 {
            $started = [System.Threading.ManualResetEventSlim]::new($false)
            $r = New-Reactor
            $s = Start-LineServer 0 { ($using:started).Set(); while ($true) { } } -Reactor $r
            Send-Line (Connect-LineClient 127.0.0.1 $s.Port) x
            $started.Wait()
            [AppDomain]::CurrentDomain.SetData('stopping', $r)
            Stop-Reactor $r
        } | Should -BeLessThan 1
        Wait-Until { [AppDomain]::CurrentDomain.GetData('stopping').IsStopped }
    }

    It 'stops the default one, and the next server has a new one' {
        $s = Start-LineServer 0 { $_ }
        Stop-Reactor $s.Reactor
        $again = Start-LineServer 0 { $_ }
        $again.Reactor.Id | Should -Not -Be $s.Reactor.Id
        Invoke-Peer $again.Port "a`n" | Should -BeExactly "a`r`n"
    }

    It 'leaves no runspace' {
        $before = (Get-Runspace).Id
        $r = New-Reactor
        $null = Start-LineServer 0 { $_ } -Reactor $r
        (Get-Runspace).Count | Should -Be (@($before).Count + 1)
        Stop-Reactor $r
        Wait-Until { (Get-Runspace).Count -eq @($before).Count }
        (Get-Runspace).Id | Should -Be $before
    }

    It 'loads modules by themselves unless the environment says otherwise' {
        $given = $env:PSModuleAutoLoadingPreference
        try {
            $env:PSModuleAutoLoadingPreference = ''
            Invoke-Reactor -Reactor (New-Reactor) { (Get-Date '2001-02-03').Year } | Should -Be 2001
            $env:PSModuleAutoLoadingPreference = 'None'
            (Get-Failure { Invoke-Reactor -Reactor (New-Reactor) { Get-Date } }).Id | Should -Be CommandNotFoundException
        }
        finally {
            $env:PSModuleAutoLoadingPreference = $given
        }
    }

    It 'does nothing with -WhatIf' {
        $r = New-Reactor
        Stop-Reactor $r -WhatIf
        $r.IsStopped | Should -BeFalse
    }

    It 'refuses a reactor that has stopped' {
        $r = New-Reactor
        Stop-Reactor $r
        (Get-Failure { Start-LineServer 0 { $_ } -Reactor $r }).Id | Should -Be ReactorStopped
    }

    It 'stops reactors in a handler of its own' {
        $r = New-Reactor
        $s = Start-LineServer 0 { Stop-Reactor $Server.Reactor; 'bye' } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.Status -eq 'Stopped' }
        Wait-Until { $r.IsStopped }
        Test-PortFree $s.Port | Should -BeTrue
    }
}

Describe 'The default reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is shared by whatever is started without one' {
        $one = Start-LineServer 0 { $_ }
        $two = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $one.Port
        $two.Reactor.Id, $c.Reactor.Id | Should -Be @($one.Reactor.Id, $one.Reactor.Id)
    }

    It 'runs the handlers of two servers one at a time' {
        $busy = [System.Threading.SemaphoreSlim]::new(1)
        $handler = {
            if (-not ($using:busy).Wait(0)) {
                throw 'two at a time'
            }
            $sum = 0
            foreach ($i in 1..500) {
                $sum += $i
            }
            $null = ($using:busy).Release()
            [Environment]::CurrentManagedThreadId
        }
        $one = Start-LineServer 0 $handler
        $two = Start-LineServer 0 $handler
        $peers = 1..4 | ForEach-Object { Connect-Peer $one.Port; Connect-Peer $two.Port }
        $peers | ForEach-Object { Send-Peer $_ ("`n" * 100) -End }
        $replies = $peers | ForEach-Object { Receive-Peer $_ -End }
        $threads = $replies -split "`r`n" | Where-Object { $_ }
        $threads | Should -HaveCount 800
        $threads | Select-Object -Unique | Should -HaveCount 1
        $one.ErrorCount + $two.ErrorCount | Should -Be 0
        $null = $busy
    }

    It 'holds up no other reactor' {
        $gate = [System.Threading.ManualResetEventSlim]::new($false)
        $started = [System.Threading.ManualResetEventSlim]::new($false)
        $r = New-Reactor
        try {
            $held = Start-LineServer 0 { ($using:started).Set(); $null = ($using:gate).Wait(60000); 'done' }
            $free = Start-LineServer 0 { $_ } -Reactor $r
            $peer = Connect-Peer $held.Port
            Send-Peer $peer "a`n"
            $started.Wait(30000) | Should -BeTrue
            Invoke-Peer $free.Port "b`n" | Should -BeExactly "b`r`n"
            $gate.Set()
            Receive-Peer $peer -Until "`n" | Should -BeExactly "done`r`n"
        }
        finally {
            $gate.Set()
            Stop-Reactor $r
        }
    }

    It 'serves a connection that floods it and another in turn' {
        $s = Start-LineServer 0 { $_ }
        $flood = Connect-Peer $s.Port
        $data = [System.Text.Encoding]::Latin1.GetBytes("$('x' * 1000)`n" * 20000)
        $sending = $flood.GetStream().WriteAsync($data, 0, $data.Length)
        $reading = $flood.GetStream().CopyToAsync([System.IO.Stream]::Null)
        Wait-Until { $s.LinesIn -gt 100 }
        Invoke-Peer $s.Port "me too`n" | Should -BeExactly "me too`r`n"
        $s.Connections[0].LinesIn | Should -BeLessThan 20000
        $sending.Wait(60000) | Should -BeTrue
        $flood.Client.Shutdown('Send')
        $reading.Wait(60000) | Should -BeTrue
        $s.LinesOut | Should -Be 20001
    }
}

Describe 'Invoke-Reactor' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'runs a scriptblock on the reactor and outputs what it outputs' {
        $s = Start-LineServer 0 { [Environment]::CurrentManagedThreadId }
        $thread = (Invoke-Peer $s.Port "`n").Trim()
        Invoke-Reactor { [Environment]::CurrentManagedThreadId } | Should -Be $thread
        Invoke-Reactor { 1; 'two'; [pscustomobject]@{ Three = 3 } } | Select-Object -Last 1 | ForEach-Object Three | Should -Be 3
    }

    It 'takes arguments and $using: variables' {
        $word = 'hi'
        Invoke-Reactor { param($One, $Two) "$One $Two $using:word" } -ArgumentList 1, 2 | Should -BeExactly '1 2 hi'
    }

    It 'runs on the reactor that is given' {
        $r = New-Reactor
        try {
            $here = Invoke-Reactor { [Environment]::CurrentManagedThreadId }
            $there = Invoke-Reactor { [Environment]::CurrentManagedThreadId } -Reactor $r
            $there | Should -Not -Be $here
            $r | Invoke-Reactor { [Environment]::CurrentManagedThreadId } | Should -Be $there
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'writes the error that the scriptblock ends with, and the reactor goes on' {
        $failure = Get-Failure { Invoke-Reactor { throw 'on the reactor' } }
        $failure.Message | Should -BeExactly 'on the reactor'
        $failure.IsTerminating | Should -BeFalse
        Invoke-Reactor { 'still' } | Should -BeExactly still
    }

    It 'runs on a foreground reactor, in the caller''s session' {
        $local = 'mine'
        $r = New-Reactor -Foreground
        Invoke-Reactor { $local } -Reactor $r | Should -BeExactly mine
        Stop-Reactor $r
    }
}

Describe 'A background reactor that is disposed' {
    It 'ends with all that is on it, and frees its port' {
        $own = New-Reactor
        $s = Start-LineServer 0 { $_ } -Reactor $own
        $peer = Connect-Peer $s.Port
        $own.Dispose()
        Wait-LineServer $s -Timeout 30 | Should -Be $s
        { Receive-Peer $peer -End } | Should -Throw
        Wait-Until { $own.Id -notin (Get-Reactor).Id }
        Test-PortFree $s.Port | Should -BeTrue
    }
}
