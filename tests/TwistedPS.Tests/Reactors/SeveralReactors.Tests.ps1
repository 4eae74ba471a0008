BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force

    # A connection that is served by now, so that the next one goes to a reactor that it has been counted for.
    function Connect-Served ([object] $Server) {
        $peer = Connect-Peer $Server.Port
        Wait-Until { $Server.Connections.RemoteEndPoint.Port -contains $peer.Client.LocalEndPoint.Port }
        $peer
    }
}

Describe 'A server on several reactors' {
    AfterEach {
        Stop-Everything
    }

    It 'spreads its connections evenly, with $script: variables for each reactor: <_>' -ForEach 'LineServer', 'TcpServer' {
        $start = @{ InitializationScript = { $script:mine = [Threading.Thread]::CurrentThread.Name }; ReactorCount = 3 }
        $s = & "Start-$_" 0 { "$script:mine|$([Threading.Thread]::CurrentThread.Name)`n" } @start
        $peers = 1..6 | ForEach-Object { Connect-Served $s }
        $said = foreach ($peer in $peers) {
            Send-Peer $peer "x`n"
            (Receive-Peer $peer -Until "`n").Trim()
        }
        $said | Group-Object | ForEach-Object Count | Should -Be 2, 2, 2
        foreach ($line in $said) {
            $mine, $thread = $line -split '\|'
            $mine | Should -BeExactly $thread
        }
        $s.ReactorCount | Should -Be 3
        @(Get-Reactor | Where-Object { $_.Services -contains $s }) | Should -HaveCount 3
        @(& "Get-$_") | Should -HaveCount 1
        @(Get-ReactorConnection) | Should -HaveCount 6
    }

    It 'serves on while a handler holds one of them: number <_>' -ForEach 0, 1 {
        $gate, $held = (New-Gate), (New-Gate)
        $null = $gate, $held
        $s = Start-LineServer 0 { if ($_ -eq 'hold') { ($using:held).Set(); $null = ($using:gate).Wait(30000) } else { "$_!" } } -ReactorCount 2
        $peers = (Connect-Served $s), (Connect-Served $s)
        Send-Peer $peers[$_] "hold`n"
        $held.Wait(30000) | Should -BeTrue
        Send-Peer $peers[1 - $_] "a`nb`n"
        Receive-Peer $peers[1 - $_] -Until "b!`r`n" | Should -BeExactly "a!`r`nb!`r`n"
        $gate.Set()
        Send-Peer $peers[$_] "c`n"
        Receive-Peer $peers[$_] -Until "c!`r`n" | Should -BeExactly "c!`r`n"
    }

    It 'runs no two handlers of one reactor at once' {
        $s = Start-LineServer 0 {
            $script:inside++
            $worst = $script:inside
            foreach ($i in 1..100) { $null = "$i" }
            $script:inside--
            "$worst"
        } -ReactorCount 2 -WarningAction SilentlyContinue
        $peers = 1..6 | ForEach-Object { Connect-Served $s }
        $peers | ForEach-Object { Send-Peer $_ "x`nx`nx`n" -End }
        $peers | ForEach-Object { Receive-Peer $_ -End } | Should -Be (@("1`r`n" * 3) * 6)
    }

    It 'reaches all from a handler on any of them: <Name>' -ForEach @(
        @{ Name = 'Send-Line -Server'; Line = 'server' }
        @{ Name = 'a group'; Line = 'group' }
        @{ Name = 'one connection after the other'; Line = 'each' }
        @{ Name = 'the methods of connections'; Line = 'method' }
    ) {
        $s = Start-LineServer 0 -ReactorCount 2 -OnConnect { $null = $Server.Groups['all'].Add($Connection) } -OnLine {
            switch ($_) {
                'server' { Send-Line -Server $Server 'hear' }
                'group' { Send-Line $Server.Groups['all'] 'hear' }
                'each' { foreach ($one in $Server.Connections) { Send-Line $one 'hear' } }
                'method' { foreach ($one in $Server.Connections) { $one.Send('hear') } }
            }
        }
        $peers = 1..4 | ForEach-Object { Connect-Served $s }
        Wait-Until { $s.Groups['all'].Count -eq 4 }
        foreach ($speaker in $peers[0, 1]) {
            Send-Peer $speaker "$Line`n"
            $peers | ForEach-Object { Receive-Peer $_ -Until "`n" } | Should -BeExactly (@("hear`r`n") * 4)
        }
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'shares a broadcast of bytes and sums its counts' {
        $s = Start-TcpServer 0 { Send-TcpData -Server $Server $_ } -ReactorCount 2
        $peers = (Connect-Served $s), (Connect-Served $s)
        Send-Peer $peers[1] 'abc'
        $peers | ForEach-Object { Receive-Peer $_ -Length 3 } | Should -BeExactly abc, abc
        Wait-Until { $s.BytesOut -eq 6 }
        $s.BytesIn, $s.TotalConnections | Should -Be 3, 2
    }

    It 'shares $Server.State, in which it counts' {
        $s = Start-LineServer 0 -ReactorCount 2 { $null = $Server.State.Increment('lines'); $Server.State.last = $_; $Server.State.lines }
        $peers = 1..4 | ForEach-Object { Connect-Served $s }
        $peers | ForEach-Object { Send-Peer $_ ("x`n" * 100) -End }
        $peers | ForEach-Object { $null = Receive-Peer $_ -End }
        $s.State.lines, $s.State['last'] | Should -Be 400, x
        ($s.State | ConvertTo-Json -Compress | ConvertFrom-Json).lines | Should -Be 400
    }

    It 'keeps errors, and the log, of all' {
        $s = Start-LineServer 0 { throw "no $_" } -ReactorCount 2 -WarningAction SilentlyContinue
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $first = Connect-Served $s
        Invoke-Peer $s.Port "b`n" | Should -BeExactly ''
        $first.Dispose()
        $s.ErrorCount | Should -Be 2
        $s.Errors.Message | Sort-Object | Should -BeExactly 'no a', 'no b'
        @($s.Log | Where-Object Message -Like 'OnLine failed: no *') | Should -HaveCount 2
    }

    It 'sends the output of a deferred, and ends what its handlers have started with it' {
        $s = Start-LineServer 0 -ReactorCount 2 { Start-Deferred { "done $using:_" }; if ($_ -eq 'b') { $null = Start-ReactorTimer -Every 1h { } } }
        $peers = (Connect-Served $s), (Connect-Served $s)
        Send-Peer $peers[0] "a`n"
        Receive-Peer $peers[0] -Until "`n" | Should -BeExactly "done a`r`n"
        Send-Peer $peers[1] "b`n"
        Receive-Peer $peers[1] -Until "`n" | Should -BeExactly "done b`r`n"
        Get-ReactorTimer | ForEach-Object Reactor | Should -Not -Be $s.Reactor
        $peers[1].Dispose()
        Wait-Until { -not (Get-ReactorTimer) }
    }

    It 'holds to limits of all connections together' {
        $s = Start-LineServer 0 { $_ } -ReactorCount 2 -MaxConnections 3 -RefusedMessage 'full'
        $peers = 1..3 | ForEach-Object { Connect-Served $s }
        Receive-Peer (Connect-Peer $s.Port) -End | Should -BeExactly "full`r`n"
        $s.RefusedConnections | Should -Be 1
        $peers[0].Dispose()
        Wait-Until { $s.ConnectionCount -eq 2 }
        Invoke-Peer $s.Port "x`n" | Should -BeExactly "x`r`n"
    }

    It 'speaks TLS on each of them' {
        New-TestCertificate $TestDrive
        $s = Start-LineServer 0 { "$($Connection.Tls.Version) $_" } -ReactorCount 2 -Certificate $TestDrive/server.pem -CertificateKey $TestDrive/server.key
        $clients = 1..4 | ForEach-Object { Connect-LineClient localhost $s.Port -Tls -TrustedCertificate $TestDrive/ca.pem }
        $clients | ForEach-Object { Send-Line $_ x -Receive -Timeout 30 } | Should -BeLike 'Tls1* x'
    }

    It 'gets new handlers on all of them, also from one of them' {
        $s = Start-LineServer 0 { Set-LineServer $Server { "newest $_" } } -ReactorCount 2
        $peers = (Connect-Served $s), (Connect-Served $s)
        Set-LineServer $s { if ($_ -eq 'more') { Set-LineServer $Server { "newest $_" }; 'set' } else { "new $_" } }
        foreach ($peer in $peers) {
            Send-Peer $peer "a`n"
            Receive-Peer $peer -Until "`n" | Should -BeExactly "new a`r`n"
        }
        Send-Peer $peers[1] "more`n"
        Receive-Peer $peers[1] -Until "`n" | Should -BeExactly "set`r`n"
        foreach ($peer in $peers) {
            Wait-Until { Send-Peer $peer "b`n"; (Receive-Peer $peer -Until "`n") -eq "newest b`r`n" }
        }
    }

    It 'is stopped by a handler of any of them: number <_>' -ForEach 0, 1 {
        $s = Start-LineServer 0 { if ($_ -eq 'stop') { Stop-LineServer $Server; 'bye' } } -ReactorCount 2
        $peers = (Connect-Served $s), (Connect-Served $s)
        Send-Peer $peers[$_] "stop`n"
        Receive-Peer $peers[$_] -End | Should -BeExactly "bye`r`n"
        Receive-Peer $peers[1 - $_] -End | Should -BeExactly ''
        Wait-LineServer $s -Timeout 30 | Should -Be $s
        @(Get-Reactor | Where-Object { $_.Services -contains $s }) | Should -BeNullOrEmpty
    }

    It 'leaves no port and no thread, and calls OnStart and OnStop once' {
        $seen = New-Queue
        $before = @(Get-Reactor).Id
        $s = Start-LineServer 0 { $_ } -OnStart { ($using:seen).Enqueue('start') } -OnStop { ($using:seen).Enqueue('stop') } -ReactorCount 3
        $further = @(Get-Reactor | Where-Object { $_.Services -contains $s -and $_ -ne $s.Reactor })
        $further | Should -HaveCount 2
        $null = 1..3 | ForEach-Object { Connect-Served $s }
        Stop-LineServer $s -DrainTime 0
        $seen | Should -BeExactly start, stop
        Test-PortFree $s.Port | Should -BeTrue
        $further.IsStopped | Should -Be $true, $true
        @(Get-Reactor).Id | Should -Be @(@($before) + @($s.Reactor.Id) | Where-Object { $_ } | Select-Object -Unique)
        Wait-Until { -not (Get-Runspace | Where-Object { $_.Name -in $further.ForEach{ "TwistedPS reactor $($_.Id)" } -and $_.RunspaceStateInfo.State -eq 'Opened' }) }
    }

    It 'is interrupted on the one that a handler holds' {
        $held = New-Gate
        $null = $held
        $s = Start-LineServer 0 { ($using:held).Set(); [Threading.Thread]::Sleep(-1) } -ReactorCount 2
        $null = Connect-Served $s
        Send-Peer (Connect-Served $s) "x`n"
        $held.Wait(30000) | Should -BeTrue
        Stop-LineServer $s -DrainTime 0 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnLine of line server*was interrupted.*'
        $s.Status | Should -Be Stopped
    }

    It 'ends with any of its reactors' {
        $s = Start-LineServer 0 { $_ } -ReactorCount 2
        $peers = (Connect-Served $s), (Connect-Served $s)
        Get-Reactor | Where-Object { $_.Services -contains $s -and $_ -ne $s.Reactor } | Stop-Reactor
        $s.Status | Should -Be Stopped
        $peers | ForEach-Object { Receive-Peer $_ -End } | Should -BeExactly '', ''
    }
}

Describe 'What is said of several reactors' {
    AfterEach {
        Stop-Everything
    }

    It 'is a warning for each variable that a handler sets for one of them only: <Text>' -ForEach @(
        @{ Text = '$script:n++'; Name = '$script:n' }
        @{ Text = '$script:n = 1; $script:n += 2'; Name = '$script:n' }
        @{ Text = '$script:users[$_] = $Connection'; Name = '$script:users' }
        @{ Text = '$script:info.Last = $_'; Name = '$script:info' }
        @{ Text = '$null, $global:x = 1, 2'; Name = '$global:x' }
        @{ Text = '1 | ForEach-Object { [int] $script:n = $_ }'; Name = '$script:n' }
    ) {
        $handler = [scriptblock]::Create($Text)
        $null = Start-LineServer 0 $handler -ReactorCount 2 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "OnLine sets $Name, which each of the 2 reactors has for itself.*`$Server.State*"
        $null = Start-LineServer 0 $handler -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'is nothing of what is read, or is local, or there from the beginning' {
        $null = Start-LineServer 0 -ReactorCount 2 -InitializationScript { $script:names = @{ a = 1 }; function Get-It { $script:names[$args[0]] } } -OnLine {
            $n = $script:names[$_]
            $n++
            $Server.State.n = $n
            $Connection.State.n = Get-It $_
        } -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'is a warning also for a function that handlers have, and for a handler that is set later' {
        $s = Start-TcpServer 0 { Add-One } -InitializationScript { $script:n = 0; function Add-One { $script:n++ } } -ReactorCount 2 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'InitializationScript sets $script:n, *'
        Set-TcpServer $s { $script:m = 1 } -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnData sets $script:m, *'
    }

    It 'names what is missing in the session once' {
        function Get-OfSession { 'x' }
        $null = Start-LineServer 0 { Get-OfSession } -ReactorCount 3 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
    }

    It 'is an error where they can not run side by side: <Name>' -ForEach @(
        @{ Name = '-Wait'; Options = { @{ Wait = $true } } }
        @{ Name = 'a foreground reactor'; Options = { @{ Reactor = New-Reactor -Foreground } } }
        @{ Name = 'a fake clock'; Options = { @{ Reactor = New-Reactor -FakeClock } } }
    ) {
        $given = & $Options
        $failure = Get-Failure { Start-LineServer 0 { $_ } -ReactorCount 2 @given }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ReactorCountNeedsBackground, InvalidArgument, $true
        $given.Reactor | Where-Object { $_ } | Stop-Reactor
    }

    It 'is an error where the number is out of range: <_>' -ForEach 0, 65 {
        $number = $_
        (Get-Failure { Start-LineServer 0 { $_ } -ReactorCount $number }).Id | Should -Be ParameterArgumentValidationError
    }

    It 'is the error of a start, which leaves no reactor' {
        $taken = Start-LineServer 0 { $_ }
        $before = @(Get-Reactor).Count
        (Get-Failure { Start-LineServer $taken.Port { $_ } -ReactorCount 3 }).Id | Should -Be AddressInUse
        $failure = Get-Failure { Start-LineServer 0 { $_ } -ReactorCount 3 -InitializationScript { throw 'oops' } }
        $failure.Id | Should -Be HandlerError
        $failure.Message | Should -BeLike '*did not start*oops*'
        @(Get-Reactor) | Should -HaveCount $before
    }
}

Describe 'A session with a server on several reactors' {
    It 'ends, with its module or without: <Name>' -ForEach @(
        @{ Name = 'exit'; End = '' }
        @{ Name = 'Remove-Module'; End = 'Remove-Module TwistedPS' }
    ) {
        $file = Join-Path $TestDrive several.ps1
        Set-Content $file @"
            Import-Module '$((Get-Module TwistedPS).Path)'
            `$WarningPreference = 'SilentlyContinue'
            `$s = Start-LineServer 0 { `$_ } -ReactorCount 3
            `$peers = 1..3 | ForEach-Object { [System.Net.Sockets.TcpClient]::new('127.0.0.1', `$s.Port) }
            while (`$s.ConnectionCount -lt 3) { [Threading.Thread]::Yield() | Out-Null }
            $End
            `$s.Port
            exit 5
"@
        $shell = Start-ChildShell '-File', $file
        $port = Read-ChildLine $shell
        Wait-ChildShell $shell | Should -Be 5
        Test-PortFree $port | Should -BeTrue
    }
}
