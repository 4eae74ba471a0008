BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A handler that fails' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'closes its connection with HandlerError after <Name>, and no other' -ForEach @(
        @{ Name = 'throw'; Handler = { throw "broken $_" }; Message = 'broken 1' }
        @{ Name = 'Write-Error -ErrorAction Stop'; Handler = { Write-Error "broken $_" -ErrorAction Stop }; Message = 'broken 1' }
        @{ Name = 'an exception of .NET'; Handler = { [int]::Parse("broken $_") }; Message = '*broken 1*' }
        @{ Name = 'a division by zero'; Handler = { $zero = 0; 1 / $zero }; Message = '*divide by zero*' }
        @{ Name = 'an unknown command'; Handler = { Invoke-NoSuchCommand }; Message = '*Invoke-NoSuchCommand*' }
        @{ Name = 'a terminating error of a cmdlet'; Handler = { Get-Item (Join-Path $PWD 'no-such-item') -ErrorAction Stop }; Message = '*no-such-item*' }
        @{ Name = 'an error of a called function'; Handler = { function Deep { throw "deep $_" }; Deep }; Message = 'deep 1' }
    ) {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $break = $Handler
        $s = Start-LineServer 0 { if ($_ -eq 'fine') { 'fine' } else { . $using:break } } -OnDisconnect { ($using:reasons).Enqueue($_) }
        $other = Connect-Peer $s.Port
        $null = $break
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly ''
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly HandlerError
        $s.ErrorCount | Should -Be 1
        $s.Errors[0].Handler | Should -BeExactly OnLine
        $s.Errors[0].Connection.Number | Should -Be 1
        $s.Errors[0].Message | Should -BeLike $Message
        $s.Log | Where-Object { $_.Level -eq 'Error' -and $_.Message -like "*$Message (*HandlerErrors.Tests.ps1:*)" } | Should -HaveCount 1
        Send-Peer $other "fine`n"
        Receive-Peer $other -Until "`n" | Should -BeExactly "fine`r`n"
    }

    It 'ends at a <Name> without a try' -ForEach @(
        @{ Name = '.NET exception'; Handler = { [int]::Parse('x'); 'went on' } }
        @{ Name = 'division by zero'; Handler = { $zero = 0; 1 / $zero; 'went on' } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $s.ErrorCount | Should -Be 1
    }

    It 'keeps its errors newest first, and no more than 100' {
        $s = Start-LineServer 0 { throw "error $_" } -OnError { }
        Invoke-Peer $s.Port (-join (1..120 | ForEach-Object { "$_`n" })) | Should -BeExactly ''
        $s.ErrorCount | Should -Be 120
        $s.Errors | Should -HaveCount 100
        $s.Errors[0].Message | Should -BeExactly 'error 120'
        $s.Errors[99].Message | Should -BeExactly 'error 21'
    }

    It 'may catch its own errors' {
        $s = Start-LineServer 0 { try { [int]::Parse($_) } catch { 'no number' } }
        Invoke-Peer $s.Port "1`nx`n2`n" | Should -BeExactly "1`r`nno number`r`n2`r`n"
        $s.ErrorCount | Should -Be 0
    }

    It 'leaves the decision to OnError, which has the error in $_' {
        $s = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'oops' }; $_ } -OnError { "error: $_"; $_.GetType().Name }
        Invoke-Peer $s.Port "a`nbad`nb`n" | Should -BeExactly "a`r`nerror: oops`r`nErrorRecord`r`nb`r`n"
        $s.Errors[0].Message | Should -BeExactly oops
    }

    It 'is closed by OnError where that says so' {
        $s = Start-LineServer 0 { throw 'oops' } -OnError { 'Sorry'; $Connection.Close() }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "Sorry`r`n"
        $s.LinesIn | Should -Be 1
    }

    It 'closes its connection where OnError fails as well' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { throw 'first' } -OnError { throw 'second' } -OnDisconnect { ($using:reasons).Enqueue($_) }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly ''
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly HandlerError
        $s.Errors.Message | Should -BeExactly @('second', 'first')
    }

    It 'names the file and the line of the error' {
        $file = Join-Path $TestDrive failing.ps1
        Set-Content $file @'
param($Unused)

Start-LineServer 0 -OnLine {
    if ($_ -eq 'dot net') {
        $null = [int]::Parse($_)
    }

    throw 'here'
}
'@
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        Invoke-Peer $s.Port "dot net`n" | Should -BeExactly ''
        $info = $s.Errors.Exception.ErrorRecord.InvocationInfo
        $info.ScriptName | Should -Be @($file, $file)
        $info.ScriptLineNumber | Should -Be @(5, 8)
        $info.OffsetInLine | Should -Be @(9, 5)
        $info[1].PositionMessage | Should -BeLike "*failing.ps1:8*throw 'here'*"
    }

    It 'names the line of a function of -InitializationScript' {
        $file = Join-Path $TestDrive initialized.ps1
        Set-Content $file @'
Start-LineServer 0 { Deep } -InitializationScript {
    function Deep {
        throw 'deep'
    }
}
'@
        $s = & $file
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $s.Errors[0].Exception.ErrorRecord.InvocationInfo.ScriptLineNumber | Should -Be 3
    }

    It 'does not stop the server from starting where its OnStart is fine, and does where it is not' {
        $ports = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $failure = Get-Failure {
            Start-LineServer 0 { $_ } -OnStart { ($using:ports).Enqueue($Server.Port); throw 'no disk' }
        }
        $failure.Id | Should -Be HandlerError
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*no disk*'
        Get-LineServer | Should -BeNullOrEmpty
        $ports | Should -HaveCount 1
        $port = 0
        $null = $ports.TryPeek([ref]$port)
        Test-PortFree $port | Should -BeTrue
    }

    It 'does not start a server whose initialization script fails' {
        $failure = Get-Failure { Start-LineServer 0 { $_ } -InitializationScript { throw 'no such thing' } }
        $failure.Id | Should -Be HandlerError
        $failure.Message | Should -BeLike '*no such thing*'
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'is not the only one that may fail: a subscriber of <Event> that throws harms nobody' -ForEach @(
        @{ Event = 'Connected'; Subscribe = { $s.add_Connected({ throw 'in an event' }) } }
        @{ Event = 'LineReceived'; Subscribe = { $s.add_LineReceived({ throw 'in an event' }) } }
        @{ Event = 'Disconnected'; Subscribe = { $s.add_Disconnected({ throw 'in an event' }) } }
    ) {
        $s = Start-LineServer 0 { "<$_>" } -Reactor (New-Reactor)
        $neighbour = Start-LineServer 0 { $_ } -Reactor $s.Reactor
        . $Subscribe
        1..3 | ForEach-Object {
            $peer = Connect-Peer $s.Port
            $peer.ReceiveTimeout = 5000
            Send-Peer $peer "a`nb`n" -End
            $null = try { Receive-Peer $peer -End } catch { $_ }
        }
        $s.Reactor.IsStopped | Should -BeFalse
        Invoke-Peer $neighbour.Port "a`n" | Should -BeExactly "a`r`n"
        $s.Errors.Message | Should -BeLike '*in an event*'
        $null = Get-LineServer -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
        Stop-Reactor $s.Reactor
    }

    It 'does not keep a server from stopping where its OnStop fails' {
        $s = Start-LineServer 0 { $_ } -OnStop { throw 'not now' }
        Stop-LineServer $s
        $s.Status | Should -Be Stopped
        $s.Errors[0].Message | Should -BeExactly 'not now'
        $s.Errors[0].Handler | Should -BeExactly OnStop
        Test-PortFree $s.Port | Should -BeTrue
    }

    It 'refuses <Name> on its own reactor with WouldDeadlock' -ForEach @(
        @{ Name = 'Receive-Line'; Handler = { Receive-Line $using:client } }
        @{ Name = 'Send-Line -Receive'; Handler = { Send-Line $using:client x -Receive } }
        @{ Name = 'Wait-LineServer'; Handler = { Wait-LineServer $Server } }
        @{ Name = 'Wait-LineClient'; Handler = { Wait-LineClient $using:client } }
        @{ Name = 'Start-LineServer -Wait'; Handler = { Start-LineServer 0 { $_ } -Wait -Reactor $Server.Reactor } }
        @{ Name = 'Wait-Reactor'; Handler = { Wait-Reactor $Server.Reactor } }
    ) {
        $target = Start-LineServer 0 { $_ }
        $client = Connect-LineClient 127.0.0.1 $target.Port
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        $null = $client
        $s.Errors | Should -HaveCount 1
        $s.Errors[0].Exception.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'WouldDeadlock,*'
        $s.Errors[0].Exception.ErrorRecord.CategoryInfo.Category | Should -Be DeadlockDetected
    }
}

Describe 'Flow control in a handler' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'ends only that call with <Name>' -ForEach @(
        @{ Name = 'break'; Handler = { if ($_ -eq 'stop') { break }; "got $_" } }
        @{ Name = 'continue'; Handler = { if ($_ -eq 'stop') { continue }; "got $_" } }
        @{ Name = 'exit'; Handler = { if ($_ -eq 'stop') { exit }; "got $_" } }
        @{ Name = 'exit 3'; Handler = { if ($_ -eq 'stop') { exit 3 }; "got $_" } }
        @{ Name = 'return'; Handler = { if ($_ -eq 'stop') { return }; "got $_" } }
        @{ Name = 'break to a label'; Handler = { if ($_ -eq 'stop') { break nowhere }; "got $_" } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nstop`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
        Invoke-Peer $s.Port "c`n" | Should -BeExactly "got c`r`n"
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'sends what was output before <Name>' -ForEach @(
        @{ Name = 'return'; Handler = { "got $_"; return; 'never' } }
        @{ Name = 'break'; Handler = { "got $_"; break; 'never' } }
        @{ Name = 'exit'; Handler = { "got $_"; exit; 'never' } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
    }

    It 'leaves $_ as it is after <Name>, in a handler that may leave early' -ForEach @(
        @{ Name = 'a switch'; Handler = { switch (1) { 1 { } }; if ($_ -eq 'stop') { break }; "got $_" } }
        @{ Name = 'a catch'; Handler = { $caught = try { throw 'x' } catch { "$_" }; if ($_ -eq 'stop') { exit }; "got $_" } }
        @{ Name = 'a pipeline'; Handler = { $null = 1 | ForEach-Object { $_ }; if ($_ -eq 'stop') { continue }; "got $_" } }
        @{ Name = 'a switch, with parameters'; Handler = { param($c, $line) switch (1) { 1 { } }; if ($_ -eq 'stop') { break }; "got $line" } }
    ) {
        $s = Start-LineServer 0 $Handler
        Invoke-Peer $s.Port "a`nstop`nb`n" | Should -BeExactly "got a`r`ngot b`r`n"
        $client = New-LineTestConnection $Handler
        Send-Line $client 'a', 'stop', 'b'
        Receive-Line $client -Count 2 | Should -BeExactly 'got a', 'got b'
        $client.WaitingLines | Should -Be 0
    }

    It 'leaves loops of the handler as they are' {
        $s = Start-LineServer 0 { foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }; 'end' }
        Invoke-Peer $s.Port "`n" | Should -BeExactly "1`r`n3`r`nend`r`n"
    }
}
