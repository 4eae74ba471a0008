BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
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
        Wait-Until { $s.ErrorCount -eq 2 }
        $seen | Should -HaveCount 2
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
