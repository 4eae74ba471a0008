BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1 -Force
}

AfterAll {
    Remove-Module TwistedPS
}

Describe 'Measure-Reactor on a reactor with <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
        # A line goes to and fro without end.
        $server = Start-LineServer 0 -Name Echo { $_ } -Reactor $reactor
        $client = Connect-LineClient 127.0.0.1 $server.Port -Name Caller -Reactor $reactor -OnConnect { 'go' } -OnLine { $_ }
        $quiet = Start-TcpServer 0 -Name Quiet { $_ } -Reactor $reactor
        $rates = Measure-Reactor -Reactor $reactor -Duration 200ms
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'outputs an object for each that is alive' {
        $rates.Name | Should -Be Echo, Caller, Quiet
        $rates.Kind | Should -Be LineServer, LineClient, TcpServer
        $rates.Status | Should -Be Running, Connected, Running
        $rates.Peers | Should -Be 1, 1, 0
        $rates.ReactorId | Should -Be @($reactor.Id, $reactor.Id, $reactor.Id)
        $rates.Service | Should -Be @($server, $client, $quiet)
        $rates | ForEach-Object { $_.Duration.TotalSeconds | Should -BeGreaterOrEqual 0.19 }
    }

    It 'has lines and bytes a second' {
        $rates[0].InPerSecond | Should -BeGreaterThan 0
        # A look may come between the bytes of a line and the line.
        $difference = $rates[0].BytesInPerSecond - 4 * $rates[0].InPerSecond
        [Math]::Abs($difference * $rates[0].Duration.TotalSeconds) | Should -BeLessThan 8.1
        $rates[1].OutPerSecond | Should -BeGreaterThan 0
        $rates[2].InPerSecond, $rates[2].BytesOutPerSecond | Should -Be 0, 0
    }

    It 'has the times of handlers, and how busy they and the reactor were' {
        $handler = $rates[0].Handlers[0]
        $handler.Handler | Should -Be OnLine
        $handler.Calls | Should -BeGreaterThan 0
        $handler.P50 | Should -BeLessOrEqual $handler.P99
        $handler.P99 | Should -BeLessOrEqual $handler.Longest
        $rates[0].Load | Should -BeGreaterThan 0
        $rates[0].ReactorLoad | Should -BeGreaterOrEqual $rates[0].Load
        $rates[0].ReactorLoad | Should -BeLessOrEqual 1
        $rates[2].Handlers | Should -BeNullOrEmpty
        $rates[2].P99 | Should -BeNullOrEmpty
    }
}

Describe 'Measure-Reactor' {
    BeforeAll {
        $slow = Start-LineServer 0 -Name Slow { [Threading.Thread]::Sleep(20); 'done' }
        $other = Start-UdpServer 0 -Name Other { }
        $ticking = Start-ReactorTimer -Every 5ms { } -Name Ticking
        $elsewhere = Start-LineServer 0 -Name Elsewhere { } -Reactor (New-Reactor)
        $c = Connect-LineClient 127.0.0.1 $slow.Port -Name Caller
    }

    AfterAll {
        Get-Reactor | Stop-Reactor
    }

    It 'measures <Name>' -ForEach @(
        @{ Name = 'all by default'; Measure = { Measure-Reactor -Duration 1ms }; Names = 'Caller', 'Elsewhere', 'Other', 'Slow', 'Ticking' }
        @{ Name = 'services by name'; Measure = { Measure-Reactor Slow, Tick* -Duration 1ms }; Names = 'Slow', 'Ticking' }
        @{ Name = 'services from the pipeline'; Measure = { Get-LineServer Slow | Measure-Reactor -Duration 1ms }; Names = 'Slow' }
        @{ Name = 'what is on a reactor'; Measure = { Measure-Reactor -Reactor $elsewhere.Reactor.Id -Duration 1ms }; Names = 'Elsewhere' }
        @{ Name = 'reactors from the pipeline'; Measure = { $elsewhere.Reactor | Measure-Reactor -Duration 1ms }; Names = 'Elsewhere' }
        @{ Name = 'nothing if nothing is in the pipeline'; Measure = { Get-LineServer No* | Measure-Reactor -Duration 1h }; Names = @() }
    ) {
        @((& $Measure).Name | Sort-Object) | Should -Be $Names
    }

    It 'tells how long handlers took' {
        Send-Line $c 'x', 'x', 'x'
        $rate = Measure-Reactor Slow -Duration 1ms
        # What was sent before it has begun may have been handled by then.
        while (-not $rate.Handlers) {
            Send-Line $c 'x'
            $rate = Measure-Reactor Slow -Duration 100ms
        }
        ($rate.Handlers | Where-Object Handler -EQ OnLine).Longest.TotalMilliseconds | Should -BeGreaterThan 18
    }

    It 'has null for what a kind does not count' {
        $rate = Measure-Reactor Ticking -Duration 50ms
        $rate.InPerSecond | Should -BeGreaterThan 0
        $rate.OutPerSecond, $rate.BytesInPerSecond, $rate.BytesOutPerSecond, $rate.Peers | Should -Be $null, $null, $null, $null
    }

    It 'is shown as figures that fit 80 columns' {
        $lines = (Measure-Reactor Other, Ticking -Duration 1ms | Out-String -Width 80) -replace "`e\[[\d;]*m" -split '\r?\n'
        $lines -match '^Time +Name +In/s Out/s BytesIn BytesOut +P50 +P99 Load Errors$' | Should -HaveCount 1
        $lines -match '^\d\d:\d\d:\d\d Other +0 +0 +0 B +0 B +0% +0$' | Should -HaveCount 1
    }

    It 'writes an error for <Id>' -ForEach @(
        @{ Id = 'ServiceNotFound'; Script = { Measure-Reactor Nobody -Duration 1ms } }
        @{ Id = 'ReactorNotFound'; Script = { Measure-Reactor -Reactor 12345 -Duration 1ms } }
        @{ Id = 'IntervalInvalid'; Script = { Measure-Reactor -Duration 0 } }
        @{ Id = 'IntervalInvalid'; Script = { Watch-Reactor -Interval 0 -AsObject } }
        @{ Id = 'WouldDeadlock'; Script = { Invoke-Reactor -Server $slow { Measure-Reactor } } }
        @{ Id = 'WouldDeadlock'; Script = { Invoke-Reactor -Server $slow { Watch-Reactor } } }
        @{ Id = 'WouldDeadlock'; Script = { Invoke-Reactor -Server $slow { Get-ReactorLog -Follow } } }
    ) {
        (Get-Failure $Script).Id | Should -Be $Id
    }

    It 'ends at once with Ctrl+C' {
        Measure-QuickStop -Activity Measuring -Limit 1 {
            $null = Start-LineServer 0 { }
            Write-Progress -Activity Measuring
            Measure-Reactor -Duration 1h
        } | Should -BeLessThan 1
    }
}

Describe 'Watch-Reactor whose output goes elsewhere' {
    BeforeAll {
        $server = Start-LineServer 0 -Name Echo { $_ }
    }

    AfterAll {
        Get-Reactor | Stop-Reactor
    }

    It 'outputs objects, one for each service and interval' {
        $rates = Watch-Reactor -Interval 20ms -Count 3 | Select-Object
        $rates.Name | Should -Be Echo, Echo, Echo
        $rates | ForEach-Object { $_.Duration.TotalMilliseconds | Should -BeGreaterOrEqual 19 }
        (Watch-Reactor -Interval 20ms -Count 1 -AsObject).Service | Should -Be $server
    }

    It 'goes on until the pipeline has enough' {
        (Watch-Reactor -Interval 1ms | Select-Object -First 5).Count | Should -Be 5
    }

    It 'sees what begins and what ends meanwhile' {
        $names = Watch-Reactor -Interval 1ms | ForEach-Object {
            if ($_.Name -eq 'Echo' -and -not $late) {
                $late = Start-LineServer 0 -Name Late { }
            }
            elseif ($_.Name -eq 'Late') {
                Stop-LineServer $late -ErrorAction Ignore
            }
            $_.Name
        } | Select-Object -First 6
        $names | Should -Contain Late
        $names[-1] | Should -Be Echo
    }

    It 'ends when what it was given has stopped' {
        $short = Start-LineServer 0 -Name Short { }
        $null = Start-ReactorTimer -After 50ms { ($using:short).Dispose() }
        $rates = @($short | Watch-Reactor -Interval 10ms -AsObject)
        $rates[-1].Name | Should -Be Short
        $short.Status | Should -Be Stopped
    }
}
