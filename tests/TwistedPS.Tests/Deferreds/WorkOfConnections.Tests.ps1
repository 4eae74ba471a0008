BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'Work that a handler starts, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $r = New-Reactor @ReactorOptions
        $begun = New-Queue
        $ended = [System.Threading.CountdownEvent]::new(10)
        $free = [System.Threading.SemaphoreSlim]::new(0)
        $given = @{ Reactor = $r; InitializationScript = { $script:begun, $script:ended, $script:free = $using:begun, $using:ended, $using:free } }
    }

    AfterEach {
        $null = $free.Release(1000)
        Close-Peer
        Stop-Reactor $r
    }

    It 'is stopped with the connection, and does not begin if it has not' {
        $s = Start-LineServer 0 @given {
            $begun, $ended, $line = $script:begun, $script:ended, $_
            Start-Deferred { try { ($using:begun).Enqueue($using:line); Wait-Event Never } finally { $null = ($using:ended).Signal() } }
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ((1..40 | ForEach-Object { "$_`n" }) -join '')
        Wait-Handled $r { $begun.Count -eq 10 -and $s.LinesIn -eq 40 }
        Reset-Peer $peer
        Wait-Handled $r { $ended.IsSet }
        1..11 | ForEach-Object { Start-Deferred { 'mine' } } | Receive-Soon | Should -HaveCount 11
        $begun.Count | Should -Be 10
        $s.ErrorCount | Should -Be 0
    }

    It 'goes on without the connection with -Detached' {
        $s = Start-LineServer 0 @given {
            $begun, $free = $script:begun, $script:free
            1..12 | ForEach-Object { $null = Start-Deferred { ($using:free).Wait(); ($using:begun).Enqueue('done') } -Detached }
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Handled $r { $s.LinesIn -eq 1 }
        Reset-Peer $peer
        Wait-Handled $r { $s.ConnectionCount -eq 0 }
        $null = $free.Release(12)
        Wait-Handled $r { $begun.Count -eq 12 }
    }

    It 'comes in turn for each connection and for the prompt' {
        $s = Start-LineServer 0 @given {
            $begun, $free, $line = $script:begun, $script:free, $_
            $null = Start-Deferred { ($using:begun).Enqueue($using:line); ($using:free).Wait() }
        }
        $many, $one = 1..2 | ForEach-Object { Connect-Peer $s.Port }
        Send-Peer $many ("many`n" * 60)
        Wait-Handled $r { $begun.Count -eq 10 -and $s.LinesIn -eq 60 }
        $null = Start-Deferred { ($using:begun).Enqueue('prompt'); ($using:free).Wait() }
        Send-Peer $one "one`n"
        Wait-Handled $r { $s.LinesIn -eq 61 }
        foreach ($count in 11..13) {
            $null = $free.Release()
            Wait-Handled $r { $begun.Count -eq $count }
        }
        @($begun)[10..12] | Sort-Object | Should -BeExactly 'many', 'one', 'prompt'
    }

    It 'is bounded: its connection is not read while much of it waits, and nothing is lost' {
        $s = Start-LineServer 0 @given {
            $free, $line = $script:free, $_
            if ($line -eq 'other') { 'answered' } else { Start-Deferred { ($using:free).Wait(); "done $using:line" } }
        }
        $busy, $other = 1..2 | ForEach-Object { Connect-Peer $s.Port }
        Send-Peer $busy ((1..130 | ForEach-Object { "$_`n" }) -join '') -End
        Wait-Handled $r { $s.LinesIn -ge 100 }
        Send-Peer $other "other`n"
        Wait-Handled $r { $other.Available -eq 10 }
        $s.LinesIn | Should -BeLessOrEqual 111
        $null = $free.Release(130)
        Wait-Handled $r { $s.ConnectionCount -eq 1 }
        $answers = (Receive-Peer $busy -End) -split "`r`n" -ne ''
        $answers | Sort-Object { [int]($_ -replace '\D') } | Should -BeExactly (1..130 | ForEach-Object { "done $_" })
        $s.ErrorCount | Should -Be 0
    }
}

Describe 'Work that is cancelled just as it begins' {
    It 'leaves every worker to the next' {
        foreach ($round in 1..5) {
            $work = 1..40 | ForEach-Object { Start-Deferred { Wait-Event Never } }
            $work | Stop-Deferred
        }
        $all = [System.Threading.Barrier]::new(10)
        $meeting = 1..10 | ForEach-Object { Start-Deferred { ($using:all).SignalAndWait(30000) } }
        Wait-Deferred $meeting -Timeout 30 | Should -HaveCount 10
    }
}

Describe 'Work that outlives what has ended' {
    BeforeEach {
        $done = New-Gate
        $ended = New-Gate
    }

    AfterEach {
        Stop-Everything
    }

    It 'is that of <Name>' -ForEach @(
        @{ Name = 'OnDisconnect'; Handlers = @{ OnDisconnect = { $done, $ended = $using:done, $using:ended; $null = Start-Deferred { $null = ($using:ended).Wait(30000); ($using:done).Set() } } } }
        @{ Name = 'OnStop'; Handlers = @{ OnStop = { $done, $ended = $using:done, $using:ended; $null = Start-Deferred { $null = ($using:ended).Wait(30000); ($using:done).Set() } } } }
        @{ Name = 'work of it with -Detached'
            Handlers = @{ OnLine = { $done, $ended = $using:done, $using:ended; $null = Start-Deferred -Detached { $done, $ended = $using:done, $using:ended; $null = Start-Deferred { $null = ($using:ended).Wait(30000); ($using:done).Set() } } } } }
    ) {
        $s = Start-LineServer 0 -OnConnect { } @Handlers
        $null = Invoke-Peer $s.Port "a`n"
        Stop-LineServer $s
        $ended.Set()
        $done.Wait(30000) | Should -BeTrue
    }

    It 'is that of OnStop of a web server' {
        $s = Start-HttpServer 0 -Get { } -OnStop { $done, $ended = $using:done, $using:ended; $null = Start-Deferred { $null = ($using:ended).Wait(30000); ($using:done).Set() } }
        Stop-HttpServer $s
        $ended.Set()
        $done.Wait(30000) | Should -BeTrue
    }

    It 'is not that of <Name>' -ForEach @(
        @{ Name = 'OnStart'; Handlers = @{ OnStart = { $done, $ended = $using:done, $using:ended; $null = Start-Deferred { try { ($using:ended).Set(); Wait-Event Never } finally { ($using:done).Set() } } } } }
        @{ Name = 'work of it'
            Handlers = @{ OnLine = { $done, $ended = $using:done, $using:ended; Start-Deferred { $done, $ended = $using:done, $using:ended; Start-Deferred { try { ($using:ended).Set(); Wait-Event Never } finally { ($using:done).Set() } } } } } }
        @{ Name = 'a deferred of another reactor'
            Handlers = @{ OnLine = { $done, $ended = $using:done, $using:ended; Start-Deferred { try { ($using:ended).Set(); Wait-Event Never } finally { ($using:done).Set() } } -Reactor $using:other } } }
    ) {
        $other = New-Reactor
        $s = Start-LineServer 0 -OnConnect { } @Handlers
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        $ended.Wait(30000) | Should -BeTrue
        Stop-LineServer $s -DrainTime 0
        $done.Wait(30000) | Should -BeTrue
        Stop-Reactor $other
    }
}
