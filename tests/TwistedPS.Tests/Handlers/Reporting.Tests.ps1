BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Stop-Reporting {
        Stop-Everything
        Get-Reactor | Where-Object Id -NE $default.Id | Stop-Reactor -WarningAction SilentlyContinue
    }

    $default = (Start-ReactorTimer -After 0 { }).Reactor
}

Describe 'A caller who prefers to stop' {
    BeforeEach {
        $started = [System.Collections.Concurrent.BlockingCollection[object]]::new()
    }

    AfterEach {
        Stop-Reporting
    }

    It 'serves on after a handler that <Name>, with <Way>' -ForEach $(
        foreach ($way in @(
                @{ Way = '$ErrorActionPreference and -Wait'; Serve = '$ErrorActionPreference = "Stop"; Start-LineServer 0 $handler -OnStart $said -Wait' }
                @{ Way = '-ErrorAction and -Wait'; Serve = 'Start-LineServer 0 $handler -OnStart $said -Wait -ErrorAction Stop -WarningAction Stop -InformationAction Stop' }
                @{ Way = '$PSDefaultParameterValues and -Wait'; Serve = '$PSDefaultParameterValues["*:ErrorAction"] = "Stop"; Start-LineServer 0 $handler -OnStart $said -Wait' }
                @{ Way = 'every preference and Wait-Reactor'; Serve = '$ErrorActionPreference = $WarningPreference = $InformationPreference = "Stop"; $r = New-Reactor -Foreground; $null = Start-LineServer 0 $handler -OnStart $said -Reactor $r; Wait-Reactor $r' }
                @{ Way = '-ErrorAction and Wait-LineServer'; Serve = 'Start-LineServer 0 $handler -OnStart $said -Reactor (New-Reactor -Foreground) | Wait-LineServer -ErrorAction Stop -WarningAction Stop' }
            )) {
            foreach ($fault in @(
                    @{ Name = 'throws'; Fault = 'throw "bad"' }
                    @{ Name = 'can not convert'; Fault = '[int] $_' }
                    @{ Name = 'writes an error'; Fault = 'Write-Error "bad"' }
                    @{ Name = 'writes a warning'; Fault = 'Write-Warning "bad"' }
                    @{ Name = 'writes to the host'; Fault = 'Write-Host "bad"' }
                )) {
                $way + $fault
            }
        }
    ) {
        $null = Start-Pipeline ([scriptblock]::Create(@"
            param(`$started)
            `$handler = { if (`$_ -eq 'fault') { $Fault }; `$_ }
            `$said = { `$started.Add(`$Server) }
            $Serve
"@)) $started
        $s = $started.Take()
        $other = Connect-Peer $s.Port
        $null = Invoke-Peer $s.Port "fault`n"
        Send-Peer $other "a`n"
        Receive-Peer $other -Until "`n" | Should -BeExactly "a`r`n"
        $s.Status | Should -Be Running
    }

    It 'gets the reply of one client when the handler of another, or a timer, fails' {
        $ErrorActionPreference = $WarningPreference = 'Stop'
        $r = New-Reactor -Foreground
        $s = Start-LineServer 0 { [int] $_ * 2 } -Reactor $r
        $good, $bad = 1, 2 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port -Reactor $r }
        Send-Line $bad 'many'
        Wait-Reactor $r -Until { $s.ErrorCount -eq 1 } -Timeout 30
        Send-Line $good 4 -Receive -Timeout 30 | Should -BeExactly 8
        $t = Start-ReactorTimer -After 0 { throw 'tick' } -Reactor $r
        Send-Line $good 5 -Receive -Timeout 30 | Should -BeExactly 10
        Wait-Reactor $r -Until { $t.Status -eq 'Failed' } -Timeout 30
    }

    It 'is warned of what happened in the background, and not stopped by it' {
        $s = Start-LineServer 0 { throw 'bad' }
        $null = Invoke-Peer $s.Port "a`n"
        Wait-Until { $s.ErrorCount -eq 1 }
        (Get-LineServer -Id $s.Id -WarningAction Stop).Id | Should -Be $s.Id
    }

    It 'is stopped by an error of the cmdlet itself' {
        $s = Start-LineServer 0 { } -Reactor (New-Reactor -Foreground)
        { Wait-LineServer $s -Timeout 0 -ErrorAction Stop } | Should -Throw '*Still waiting*'
    }
}

Describe 'An error of a handler' {
    AfterEach {
        Stop-Reporting
    }

    It 'says its place in a file: <Name>' -ForEach @(
        @{ Name = 'throw'; Statement = 'throw "bad"'; Message = 'bad'; Column = 5 }
        @{ Name = 'a conversion'; Statement = '$x = [int] $_'; Message = 'Cannot convert*'; Column = 5 }
        @{ Name = 'a cmdlet that stops'; Statement = 'Get-Item /no/such -ErrorAction Stop'; Message = 'Cannot find path*/no/such*because it does not exist.'; Column = 5 }
        @{ Name = 'an error that is written and stops'; Statement = 'Write-Error "bad" -ErrorAction Stop'; Message = 'bad' }
        @{ Name = 'a preference to stop'; Statement = '$ErrorActionPreference = "Stop"; Get-Item /no/such'; Message = 'Cannot find path*'; Column = 38 }
        @{ Name = 'a method'; Statement = '[int]::Parse("x")'; Message = '*The input string*'; Column = 5 }
    ) {
        $file = Join-Path $TestDrive 'a handler.ps1'
        # PowerShell knows the line alone of what is written.
        $where = "${file}:2" + ($Column ? ":$Column" : '')
        Set-Content $file "{`n    $Statement`n}"
        foreach ($reactor in (New-Reactor), (New-Reactor -Foreground)) {
            foreach ($twin in $false, $true) {
                $handler = & $file
                $s = if ($twin) { Use-Twin { Start-LineServer 0 $handler -Reactor $reactor } } else { Start-LineServer 0 $handler -Reactor $reactor }
                Send-Peer (Connect-Peer $s.Port) "a`n"
                if ($reactor.IsRunning) {
                    Wait-Until { $s.ErrorCount -eq 1 }
                }
                else {
                    Wait-Reactor $reactor -Until { $s.ErrorCount -eq 1 } -Timeout 30 -ErrorAction SilentlyContinue
                }
                $s.Errors[0].Message | Should -BeLike $Message
                $s.Errors[0].Where | Should -BeExactly $where
                $s.Log.Message -like "OnLine failed: $Message ($where)" | Should -HaveCount 1
            }
        }
        $s.Errors | Format-Table | Out-String -Width 150 | Should -Match 'Where +Message(.|\n)+ a handler\.ps1:2:?\d* '
    }

    It 'says its line and column where there is no file' {
        $s = Start-LineServer 0 ([scriptblock]::Create("`n  throw 'bad'"))
        Send-Peer (Connect-Peer $s.Port) "a`n"
        Wait-Until { $s.ErrorCount -eq 1 }
        $s.Errors[0].Where | Should -BeExactly 'line 2, column 3'
    }

    It 'says its place when a start fails' {
        $failure = Get-Failure { Start-LineServer 0 { } -OnStart { throw 'bad' } }
        $failure.Message | Should -BeLike 'The line server * did not start: bad (*Reporting.Tests.ps1:*)'
    }

    It 'of a <Name> is shown by the next cmdlet, with its place' -ForEach @(
        @{ Name = 'line server'; Handler = 'OnLine of line server *'; Fail = { $s = Start-LineServer 0 { throw 'bad' }; Send-Peer (Connect-Peer $s.Port) "a`n"; $s } }
        @{ Name = 'server that stops'; Handler = 'OnDisconnect of line server *'; Fail = { $s = Start-LineServer 0 { } -OnDisconnect { throw 'bad' }; (Connect-Peer $s.Port).Close(); $s } }
        @{ Name = 'server with an OnError'; Handler = 'OnError of line server *'; Fail = { $s = Start-LineServer 0 { throw 'first' } -OnError { throw 'bad' }; Send-Peer (Connect-Peer $s.Port) "a`n"; $s } }
        @{ Name = 'TCP server'; Handler = 'OnData of TCP server *'; Fail = { $s = Start-TcpServer 0 { throw 'bad' }; Send-Peer (Connect-Peer $s.Port) "a`n"; $s } }
        @{ Name = 'client'; Handler = 'OnLine of line client *'; Fail = { $s = Start-LineServer 0 { } -OnConnect { 'hello' }; Connect-LineClient 127.0.0.1 $s.Port -OnLine { throw 'bad' } } }
        @{ Name = 'process'; Handler = 'OnOutput of process *'; Fail = { Start-ReactorProcess echo hello -OnOutput { throw 'bad' } } }
        @{ Name = 'timer'; Handler = 'OnTick of timer *'; Fail = { Start-ReactorTimer -After 0 { throw 'bad' } } }
        @{ Name = 'deferred that a handler left'; Handler = 'Deferred * of line server *'; Fail = { $s = Start-LineServer 0 { Start-Deferred { throw 'bad' } }; Send-Peer (Connect-Peer $s.Port) "a`n"; $s } }
    ) {
        # The cmdlet that starts it may be the next one already.
        $early, $service = (. $Fail 3>&1).Where({ $_ -is [System.Management.Automation.WarningRecord] }, 'Split')
        $service = $service[0]
        Wait-Until { $service.ErrorCount -gt 0 -and $service.Errors[0].Message -eq 'bad' }
        # The warning follows the record.
        $null = Invoke-Reactor { } -WarningAction SilentlyContinue -WarningVariable first
        $null = Get-Reactor -WarningAction SilentlyContinue -WarningVariable second
        "$early$first$second" | Should -BeLike "$Handler has failed*: bad (*Reporting.Tests.ps1:*)*"
    }

    It 'is shown once for each place in the handlers, however many there are' {
        $s = Start-LineServer 0 { if ($_ -eq 'other') { throw 'other' }; throw "bad $_" }
        foreach ($line in 1..50 + 'other') {
            $null = Invoke-Peer $s.Port "$line`n"
        }
        Wait-Until { $s.ErrorCount -eq 51 }
        $null = Invoke-Reactor { } -WarningAction SilentlyContinue -WarningVariable first
        $null = Get-Reactor -WarningAction SilentlyContinue -WarningVariable second
        $shown = @($first) + $second
        $shown | Should -HaveCount 2
        "$($shown[0])" | Should -BeLike '* bad 1 (*'
        "$($shown[1])" | Should -BeLike '* other (*'
    }

    It 'is shown once for all deferreds that handlers have output: <Name>' -ForEach @(
        @{ Name = 'of a topic that asks in vain'; Start = { Register-ReactorTopic it { Send-ReactorRequest nobody $_ } -Reactor $r }; Call = { Send-ReactorRequest it 'a' -Timeout 30 -ErrorAction SilentlyContinue } }
        @{ Name = 'of a topic whose work fails'; Start = { Register-ReactorTopic it { Start-Deferred { throw 'bad' } } -Reactor $r }; Call = { Publish-ReactorMessage it 'a' } }
        @{ Name = 'of a server whose work fails'; Start = { Start-LineServer 0 { Start-Deferred { throw 'bad' } } -Reactor $r }; Call = { Invoke-Peer $service.Port "a`n" } }
    ) {
        $r = New-Reactor
        $service = & $Start
        $shown = @(foreach ($number in 1..5) {
                $null = & $Call
                Wait-Until { $service.ErrorCount -eq $number }
                # The warning follows the record.
                Invoke-Reactor { } -Reactor $r 3>&1
                Get-Reactor 3>&1
            }).Where{ $_ -is [System.Management.Automation.WarningRecord] }
        $shown | Should -HaveCount 1
        "$shown" | Should -BeLike 'Deferred * of * has failed: *. Its further errors of this kind go to the log only.'
        Stop-Reactor $r
    }

    It 'is among the last ten that are shown when many things have failed' {
        $null = Get-Reactor -WarningAction SilentlyContinue
        $timers = 1..100 | ForEach-Object { Start-ReactorTimer -After 0 { throw "bad $number" } -Name "t$_" -WarningAction SilentlyContinue -WarningVariable +shown }
        Wait-Until { -not ($timers.Status -ne 'Failed') }
        $before = @($shown).Count
        $null = Invoke-Reactor { } -WarningAction SilentlyContinue -WarningVariable +shown
        $null = Get-Reactor -WarningAction SilentlyContinue -WarningVariable +shown
        @($shown).Count - $before | Should -BeLessOrEqual 22
        "$($shown[-1])" | Should -BeLike 'OnTick of timer t100 *'
    }
}
