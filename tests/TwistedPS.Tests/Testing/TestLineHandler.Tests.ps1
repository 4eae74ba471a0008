BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Test-LineHandler' {
    BeforeAll {
        function Get-Price ([string] $Name) { throw "no price of $Name" }
    }

    It 'passes for each size of segments, and each point of a half-close and a reset' {
        $results = Test-LineHandler { $_.ToUpper() } -Line 'hi', 'you'
        $results | Where-Object -Not Passed | Should -BeNullOrEmpty
        $results | Group-Object Variation -NoElement | ForEach-Object { "$($_.Name) $($_.Count)" } |
            Should -Be 'WholeMessages 1', 'Segments 9', 'HalfClose 10', 'Reset 10'
        ($results | Where-Object Variation -EQ Segments).SegmentSize | Should -Be (1..9)
        ($results | Where-Object Variation -EQ Reset).After | Should -Be (0..9)
        "$($results[1])", "$($results[2])", "$($results[-1])" |
            Should -BeExactly 'segments of 1 byte: passed', 'segments of 2 bytes: passed', 'reset after 9 bytes: passed'
    }

    It 'passes for a greeting, state, a close and what comes after it' {
        $handlers = @{
            OnConnect = { $Connection.State.Lines = 0; 'Welcome' }
            OnLine    = { "$((++$Connection.State.Lines)) $_"; if ($_ -eq 'bye') { $Connection.Close() } }
        }
        Test-LineHandler @handlers -Line 'a', 'bye', 'b' -Reply 'Welcome', '1 a', '2 bye' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'lets handlers call mocks' {
        Mock Get-Price { '42' }
        Test-LineHandler { Get-Price $_ } -Line 'tea' -Reply '42' -Quiet | Should -BeTrue
        Should -Invoke Get-Price -ParameterFilter { $Name -ne 'tea' } -Exactly 0
    }

    It 'finds a handler that keeps to segments what belongs to lines' {
        # Bytes among lines that have come in pieces are taken for all of them.
        $results = Test-LineHandler { $Connection.ReadRaw() } -OnData { "$($_.Count) bytes"; $Connection.ReadLines() } -Data "put`r`n", 'item'
        $failed = @($results | Where-Object -Not Passed)
        $failed[0].Variation, $failed[0].SegmentSize, $failed[0].Position | Should -Be Segments, 1, 0
        $failed[0].Expected, $failed[0].Actual | Should -BeExactly "'4 bytes\r\n'", "'1 bytes\r\n'"
        "$($failed[0])" | Should -BeExactly "segments of 1 byte: the reply differs at byte 0: expected '4 bytes\r\n', but came '1 bytes\r\n'"
    }

    It 'finds a handler that answers by what has come in a turn' {
        $failed = Test-LineHandler { $Connection.State.Lines++; if ($_ -eq 'end') { "$($Connection.BytesIn) bytes so far" } } -Line 'a', 'end', 'b', 'end' |
            Where-Object -Not Passed | Select-Object -First 1
        $failed.Difference | Should -BeLike "the reply differs at byte 0: expected '8 bytes so far\r\n16 bytes so far\r\n', but came *"
    }

    It 'finds what fails only when a connection is cut: <Name>' -ForEach @(
        @{ Name = 'a disconnect handler'; OnDisconnect = { $Connection.State.Name.Length; [void] $Connection.State.Name.Trim() } }
    ) {
        $failed = Test-LineHandler { $Connection.State.Name = $_ } -OnDisconnect $OnDisconnect -Line 'name' | Where-Object -Not Passed
        $failed[0].Variation, $failed[0].After | Should -Be HalfClose, 0
        $failed[0].Difference | Should -BeLike 'expected no error, but OnDisconnect has failed: You cannot call a method on a null-valued expression. (*TestLineHandler.Tests.ps1:*)'
        ($failed | Where-Object Variation -EQ Reset).After | Should -Be (0..5)
    }

    It 'finds a connection that stays open' {
        $results = Test-LineHandler { $null = New-Deferred | Add-DeferredCallback { 'never' } } -Line 'a'
        "$($results[0])" | Should -BeExactly 'whole messages: expected a close, but a connection that stays open'
        ($results | Where-Object Variation -EQ HalfClose).Passed | Should -Be $true, $true, $true, $false
    }

    It 'fails at once where a handler fails, unless there is OnError' {
        $results = Test-LineHandler { throw 'broken' } -Line 'a'
        $results[0].Passed, $results[0].Variation | Should -Be $false, WholeMessages
        $results[0].Difference | Should -BeLike 'expected no error, but OnLine has failed: broken (*)'
        Test-LineHandler { throw 'broken' } -OnError { "sorry: $_" } -Line 'a' -Reply 'sorry: broken' -Quiet | Should -BeTrue
    }

    It 'compares with the reply that is given' {
        $results = Test-LineHandler { $_ } -Line 'a', 'b' -Reply 'a', 'c'
        $results | Where-Object -Not Passed | Should -HaveCount 1
        "$($results[0])" | Should -BeExactly "whole messages: the reply differs at byte 3: expected 'c\r\n', but came 'b\r\n'"
    }

    It 'answers by fake time' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Test-LineHandler { $null = Start-ReactorTimer -After 10m { 'late' } } -Line 'a', 'b' -Reply 'late', 'late' -Quiet | Should -BeTrue
        $clock.Elapsed.TotalMinutes | Should -BeLessThan 5
    }

    It 'waits for what runs beside the reactor' {
        Test-LineHandler { Start-Deferred { 6 * 7 } } -Line 'several' -Reply '42' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'may speak after the end with <Name>' -ForEach @(
        @{ Name = '-OnEnd'; More = @{ OnEnd = { 'so long'; $Connection.EndSending() } } }
        @{ Name = '-DeliverPartialLine'; More = @{ DeliverPartialLine = $true } }
    ) {
        Test-LineHandler { $_ } @More -Line 'one', 'two' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'takes the format of lines, and the rest of what a server takes' {
        Test-LineHandler { param($Peer, $Line, $More) "$Line $More" } -ArgumentList 'é' -Delimiter '||' -Encoding latin1 -Line 'a', 'b' -Reply 'a é', 'b é' -Quiet |
            Should -BeTrue
        Test-LineHandler { 'line' } -OnLineTooLong { 'long' } -MaxLineLength 3 -Line 'a', 'abcd' -Reply 'line', 'long' -Quiet | Should -BeTrue
    }

    It 'starts and stops a server for each variation' {
        $seen = [Collections.Generic.List[string]]::new()
        $results = Test-LineHandler { $_ } -OnStart { $seen.Add('start') } -OnStop { $seen.Add('stop') } -Line 'a'
        $seen | Should -HaveCount (2 * $results.Count)
        $seen[0, 1, 2] | Should -BeExactly start, stop, start
        Get-LineServer | Should -BeNullOrEmpty
        (Get-Failure { Test-LineHandler { } -OnStart { throw 'no file' } -Line 'a' }).Id | Should -Be HandlerError
    }

    It 'shows neither the errors of handlers nor what they write, and ends with the first failure when quiet' {
        $script:calls = 0
        $output = Test-LineHandler { $script:calls++; Write-Host 'noise'; Write-Warning 'noise'; throw 'broken' } -Line 'a' -Quiet *>&1
        $output | Should -BeExactly $false
        $script:calls | Should -Be 1
    }

    It 'leaves some out where the conversation is long, and none with -Exhaustive' {
        $line = 'x' * 197
        $results = Test-LineHandler { $_ } -Line $line
        ($results | Where-Object Variation -EQ Segments).SegmentSize | Should -Be (@(1..64) + 96, 144, 199)
        $resets = $results | Where-Object Variation -EQ Reset
        $resets | Should -HaveCount 128
        $resets.After | Should -Contain 0
        $resets.After[-2, -1] | Should -Be 198, 199
        Test-LineHandler { $_ } -Line ('x' * 130) -Exhaustive | Group-Object Variation -NoElement | ForEach-Object Count | Should -Be 1, 132, 133, 133
    }

    It 'runs on a reactor in the foreground alone' {
        $r = New-Reactor -Foreground -FakeClock
        Test-LineHandler { $_ } -Line 'a' -Reactor $r -Quiet | Should -BeTrue
        Stop-Reactor $r
        $r = New-Reactor
        (Get-Failure { Test-LineHandler { $_ } -Line 'a' -Reactor $r }).Id | Should -Be NotForeground
        Stop-Reactor $r
    }

    It 'needs a handler' {
        (Get-Failure { Test-LineHandler -Line 'a' }).Id | Should -Be HandlerMissing
    }
}
