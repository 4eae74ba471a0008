BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A fake clock, on a reactor with <Kind>' -ForEach $kinds {
    BeforeEach {
        $r = New-Reactor @ReactorOptions -FakeClock
        $seen = New-Queue
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'stands still, and starts at the year 2000' {
        $r.TimeProvider.GetLocalNow().ToString('s') | Should -BeExactly '2000-01-01T00:00:00'
        Wait-Reactor $r -Advance '01:02:03'
        $r.TimeProvider.GetLocalNow().ToString('s') | Should -BeExactly '2000-01-01T01:02:03'
    }

    It 'has made every call that was due when it returns, each at its time' {
        $null = Start-ReactorTimer -Every 500ms -Reactor $r -ArgumentList $seen {
            param($Timer, $Number, $Seen)
            $Seen.Enqueue("$Number at $($Timer.Reactor.TimeProvider.Elapsed.TotalSeconds)")
        }
        Wait-Reactor $r -Advance 499ms
        $seen | Should -BeNullOrEmpty
        Wait-Reactor $r -Advance 1.2
        $seen | Should -BeExactly '1 at 0.5', '2 at 1', '3 at 1.5'
    }

    It 'has made what such a call has started, within the same step' {
        $null = Start-ReactorTimer -After 1 -Reactor $r -ArgumentList $seen {
            param($Timer, $Number, $Seen)
            $null = Start-ReactorTimer -After 2 -ArgumentList $Seen { param($Timer, $Number, $Seen) $Seen.Enqueue($Timer.Reactor.TimeProvider.Elapsed.TotalSeconds) }
        }
        Wait-Reactor $r -Advance 5
        $seen | Should -BeExactly 3
    }

    It 'has answered a connection in memory by the time it returns' {
        $c = New-LineTestConnection -Reactor $r { $null = Start-ReactorTimer -After 1h { "late $(Get-Date -Year 2000 -Format yyyy)" } }
        Send-Line $c 'a', 'b'
        Wait-Reactor $r -Advance 59m
        $c.WaitingLines | Should -Be 0
        Wait-Reactor $r -Advance 1m
        $c.WaitingLines | Should -Be 2
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly 'late 2000', 'late 2000'
    }

    It 'ends an idle connection at its time' {
        $c = New-LineTestConnection -Reactor $r { $_ } -IdleTimeout 10m
        $connection = $c.Server.Connections[0]
        Wait-Reactor $r -Advance 599
        $connection.CloseReason | Should -Be None
        Wait-Reactor $r -Advance 1
        $connection.CloseReason | Should -Be TimedOut
        $c.Status | Should -Be Disconnected
    }

    It 'goes on after a handler that throws, whose error is shown' {
        $t = Start-ReactorTimer -After 1 -Reactor $r { throw 'broken' }
        $other = Start-ReactorTimer -Every 1 -Reactor $r { }
        Wait-Reactor $r -Advance 5 -ErrorVariable failures -ErrorAction SilentlyContinue -WarningVariable warnings -WarningAction SilentlyContinue
        $t.Status, $other.Calls | Should -Be Failed, 5
        "$failures$warnings" | Should -BeLike '*broken*'
    }

    It 'refuses to be advanced by a handler of its own' {
        $t = Start-ReactorTimer -After 1 -Reactor $r { Wait-Reactor $Timer.Reactor -Advance 1 }
        Wait-Reactor $r -Advance 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $t.Errors[0].Exception.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'WouldDeadlock,*'
    }
}

Describe 'A fake clock in the background' {
    It 'runs while nobody waits, but for time' {
        $r = New-Reactor -FakeClock
        $s = Start-LineServer 0 -Reactor $r { "$_!" }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly 'a!'
        Disconnect-LineClient $c
        Stop-Reactor $r
    }

    It 'is not that of a real reactor, which is refused' {
        $r = New-Reactor
        (Get-Failure { Wait-Reactor $r -Advance 1 }).Id | Should -Be NotFakeClock
        Stop-Reactor $r
    }

    It 'is no reactor to run' {
        $r = New-Reactor -FakeClock
        (Get-Failure { Wait-Reactor $r }).Id | Should -Be NotForeground
        Stop-Reactor $r
    }

    It 'is left where it is by Ctrl+C, within a handler that goes on' {
        $gate, $begun = (New-Gate), (New-Gate)
        $pipeline = Start-Pipeline -ArgumentList $gate, $begun {
            param($Gate, $Begun)
            $r = New-Reactor -FakeClock
            $null = Start-ReactorTimer -Every 1 -Reactor $r -ArgumentList $Gate, $Begun { param($Timer, $Number, $Gate, $Begun) $Begun.Set(); $Gate.Wait() }
            try { Wait-Reactor $r -Advance 1000 } finally { $Gate.Set() }
        }
        $begun.Wait(30000) | Should -BeTrue
        $null = Stop-Pipeline $pipeline
        $pipeline.Shell.InvocationStateInfo.State | Should -Be Stopped
        Close-Pipeline $pipeline
    }
}
