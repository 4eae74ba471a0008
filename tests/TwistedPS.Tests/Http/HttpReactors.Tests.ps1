BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $script:Web = [System.Net.Http.HttpClient]::new()
    $script:Web.Timeout = '00:00:30'

    # Its result is the text of the answer.
    function Send-Request ([object] $Server, [string] $Path = '/') {
        $script:Web.GetStringAsync("http://127.0.0.1:$($Server.Port)$Path")
    }
}

AfterAll {
    $script:Web.Dispose()
}

Describe 'An HTTP server on several reactors' {
    BeforeEach {
        $gate = New-Gate
        $hold = @{ InitializationScript = { function Wait-Gate ($gate) { $null = $Server.State.Increment('held'); $null = $gate.Wait(30000) } } }
        $null = $gate, $hold
    }

    AfterEach {
        $gate.Set()
        Stop-Everything
    }

    It 'hands requests to the one with the fewest, with $script: variables for each reactor' {
        $s = Start-HttpServer 0 {
            $null = $Server.State.Increment('held')
            $null = ($using:gate).Wait(30000)
            "$script:mine|$([Threading.Thread]::CurrentThread.Name)"
        } -InitializationScript { $script:mine = [Threading.Thread]::CurrentThread.Name } -ReactorCount 3
        $answers = foreach ($number in 1..3) { Send-Request $s }
        Wait-Until { $s.State.held -eq 3 }
        $gate.Set()
        $said = $answers.ForEach{ $_.Result.Trim() }
        $said | Sort-Object -Unique | Should -HaveCount 3
        foreach ($line in $said) {
            $mine, $thread = $line -split '\|'
            $mine | Should -BeExactly $thread
        }
        $s.ReactorCount, $s.Requests | Should -Be 3, 3
        @(Get-Reactor | Where-Object { $_.Services -contains $s }) | Should -HaveCount 3
        @(Get-HttpServer) | Should -HaveCount 1
    }

    It 'serves on while a handler holds one of them' {
        $s = Start-HttpServer 0 { if ($_.Path -eq '/hold') { Wait-Gate $using:gate }; $_.Path } @hold -ReactorCount 2
        $held = Send-Request $s /hold
        Wait-Until { $s.State.held -eq 1 }
        foreach ($path in '/a', '/b') {
            (Send-Request $s $path).Result | Should -BeExactly "$path`n"
        }
        $held.IsCompleted | Should -BeFalse
        $gate.Set()
        $held.Result | Should -BeExactly "/hold`n"
    }

    It 'runs no two handlers of one reactor at once, counts all requests, and shares $Server.State' {
        $s = Start-HttpServer 0 {
            $script:inside++
            $null = $Server.State.Increment('asked')
            $worst = $script:inside
            foreach ($i in 1..100) { $null = "$i" }
            $script:inside--
            $worst
        } -ReactorCount 2 -WarningAction SilentlyContinue
        $answers = foreach ($number in 1..100) { Send-Request $s }
        $answers.ForEach{ $_.Result.Trim() } | Sort-Object -Unique | Should -BeExactly '1'
        $s.State.asked, $s.Requests | Should -Be 100, 100
    }

    It 'keeps errors, and the log, of all' {
        $s = Start-HttpServer 0 { Wait-Gate $using:gate; throw "no $($_.Path)" } -OnError { $Response.StatusCode = 200; "sorry: $_" } @hold -ReactorCount 2
        $answers = (Send-Request $s /a), (Send-Request $s /b)
        Wait-Until { $s.State.held -eq 2 }
        $gate.Set()
        $answers.ForEach{ $_.Result.Trim() } | Sort-Object | Should -BeExactly 'sorry: no /a', 'sorry: no /b'
        $s.ErrorCount | Should -Be 2
        $s.Errors.Message | Sort-Object | Should -BeExactly 'no /a', 'no /b'
        @($s.Log | Where-Object Message -Like 'Get failed: no *') | Should -HaveCount 2
    }

    It 'sends the output of a deferred from any of them' {
        $s = Start-HttpServer 0 { if ($_.Path -eq '/hold') { Wait-Gate $using:gate } else { Start-Deferred { "done $using:_" }; Write-ReactorLog "asked for $_" } } @hold -ReactorCount 2
        $null = Send-Request $s /hold
        Wait-Until { $s.State.held -eq 1 }
        (Send-Request $s /a).Result | Should -BeLike 'done GET /a*'
        @($s.Log | Where-Object Message -Like 'asked for *') | Should -HaveCount 1
    }

    It 'gets new handlers and methods on all of them, also from one of them' {
        $s = Start-HttpServer 0 { Wait-Gate $using:gate } @hold -ReactorCount 2
        Set-HttpServer $s { Wait-Gate $using:gate; "new $($_.Path)" } -Post { Set-HttpServer $Server { "newest $($_.Path)" }; 'set' }
        $answers = (Send-Request $s /a), (Send-Request $s /b)
        Wait-Until { $s.State.held -eq 2 }
        $gate.Set()
        $answers.ForEach{ $_.Result } | Sort-Object | Should -BeExactly "new /a`n", "new /b`n"
        Invoke-RestMethod "http://127.0.0.1:$($s.Port)/" -Method Post | Should -BeExactly "set`n"
        Wait-Until { -not ((1..4 | ForEach-Object { Send-Request $s /c }).ForEach{ $_.Result } -ne "newest /c`n") }
    }

    It 'ends what was started with -Detached on a further one, and leaves what is on the first' {
        $s = Start-HttpServer 0 @hold -ReactorCount 2 {
            $null = Start-ReactorTimer -Every 1h -Detached { }
            $null = Start-ReactorTimer -Every 1h -Detached -Reactor $Server.Reactor { }
            Wait-Gate $using:gate
        }
        $answers = (Send-Request $s), (Send-Request $s)
        Wait-Until { $s.State.held -eq 2 }
        $gate.Set()
        $answers.ForEach{ $null = $_.Result }
        @(Get-ReactorTimer) | Should -HaveCount 4
        Stop-HttpServer $s -DrainTime 0
        @(Get-ReactorTimer) | Should -HaveCount 3
        Get-ReactorTimer | ForEach-Object Reactor | Should -Be @($s.Reactor, $s.Reactor, $s.Reactor)
    }

    It 'is stopped by a handler of any of them, after the answers of all' {
        $seen = New-Queue
        $s = Start-HttpServer 0 {
            if ($_.Path -eq '/stop') { Stop-HttpServer $Server; 'bye' } else { Wait-Gate $using:gate; 'at last' }
        } @hold -OnStart { ($using:seen).Enqueue('start') } -OnStop { ($using:seen).Enqueue('stop') } -ReactorCount 2
        $further = @(Get-Reactor | Where-Object { $_.Services -contains $s -and $_ -ne $s.Reactor })
        $held = Send-Request $s /hold
        Wait-Until { $s.State.held -eq 1 }
        (Send-Request $s /stop).Result | Should -BeExactly "bye`n"
        $gate.Set()
        $held.Result | Should -BeExactly "at last`n"
        Wait-HttpServer $s -Timeout 30 | Should -Be $s
        $seen | Should -BeExactly start, stop
        Test-PortFree $s.Port | Should -BeTrue
        $further.IsStopped | Should -BeExactly $true
        Wait-Until { -not (Get-Runspace | Where-Object { $_.Name -eq "TwistedPS reactor $($further.Id)" -and $_.RunspaceStateInfo.State -eq 'Opened' }) }
    }

    It 'is interrupted on the one that a handler holds' {
        $s = Start-HttpServer 0 { $null = $Server.State.Increment('held'); if ($_.Path -eq '/hold') { $null = ($using:gate).Wait(30000) } else { [Threading.Thread]::Sleep(-1) } } -ReactorCount 2
        $null = Send-Request $s /hold
        Wait-Until { $s.State.held -eq 1 }
        $null = Send-Request $s /forever
        Wait-Until { $s.State.held -eq 2 }
        $gate.Set()
        Stop-HttpServer $s -DrainTime 0 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'Get of HTTP server*was interrupted.*'
        $s.Status | Should -Be Stopped
    }
}

Describe 'What is said of several reactors of an HTTP server' {
    AfterEach {
        Stop-Everything
    }

    It 'is a warning for a variable that a handler sets for one of them only' {
        $s = Start-HttpServer 0 { $script:n++ } -ReactorCount 2 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'Get sets $script:n, which each of the 2 reactors has for itself.*'
        Set-HttpServer $s -Post { $script:m = 1 } -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'Post sets $script:m, *'
    }

    It 'is an error where they can not run side by side: <Name>' -ForEach @(
        @{ Name = '-Wait'; Options = { @{ Wait = $true } } }
        @{ Name = 'a foreground reactor'; Options = { @{ Reactor = New-Reactor -Foreground } } }
        @{ Name = 'a fake clock'; Options = { @{ Reactor = New-Reactor -FakeClock } } }
    ) {
        $given = & $Options
        $failure = Get-Failure { Start-HttpServer 0 { 'x' } -ReactorCount 2 @given }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ReactorCountNeedsBackground, InvalidArgument, $true
        $given.Reactor | Where-Object { $_ } | Stop-Reactor
    }

    It 'is an error with WebSockets alone, which use the first' {
        (Get-Failure { Start-HttpServer 0 -OnWebSocket { $_ } -ReactorCount 2 }).Id | Should -Be ParameterWithoutEffect
    }

    It 'is the error of a start, which leaves no reactor' {
        $taken = Start-HttpServer 0 { 'x' }
        $before = @(Get-Reactor).Count
        (Get-Failure { Start-HttpServer $taken.Port { 'x' } -ReactorCount 3 }).Id | Should -Be AddressInUse
        (Get-Failure { Start-HttpServer 0 { 'x' } -ReactorCount 3 -InitializationScript { throw 'oops' } }).Id | Should -Be HandlerError
        @(Get-Reactor) | Should -HaveCount $before
    }
}
