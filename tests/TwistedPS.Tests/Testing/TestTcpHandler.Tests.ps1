BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Test-TcpHandler' {
    It 'finds a handler that takes each read for a message' {
        $failed = Test-TcpHandler { "got $([Text.Encoding]::ASCII.GetString($_))!" } 'hello', 'bye' | Where-Object -Not Passed
        $failed[0].Variation, $failed[0].SegmentSize, $failed[0].Position | Should -Be Segments, 1, 5
        $failed[0].Expected | Should -BeExactly "'got hello!got bye!'"
        $failed[0].Actual | Should -BeExactly "'got h!got e!got l!got l!got o!got b!got y!got e!'"
        ($failed | Where-Object Variation -EQ Segments).SegmentSize | Should -Be 1, 2, 3, 4, 6, 7, 8
    }

    It 'finds a character that is cut' {
        $failed = Test-TcpHandler { [Text.Encoding]::UTF8.GetString($_) } 'né' | Where-Object -Not Passed
        ($failed | Where-Object Variation -EQ Segments).SegmentSize | Should -Be 1, 2
        Test-TcpHandler { $Connection.Decode($_) } 'né' -Quiet | Should -BeTrue
    }

    It 'passes for a handler that puts messages together by itself' {
        $handler = {
            $state = $Connection.State
            $state.Rest += $Connection.Decode($_)
            while ($state.Rest -match '^([^;]*);') {
                $state.Rest = $state.Rest.Substring($Matches[0].Length)
                "<$($Matches[1])>"
            }
        }
        Test-TcpHandler $handler 'one;', 'two;' -Reply '<one><two>' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'passes for framed messages: <Framing>' -ForEach @(
        @{ Framing = 'Netstring' }
        @{ Framing = 'Length16' }
        @{ Framing = 'Until:CRLF' }
        @{ Framing = 'Varint' }
        @{ Framing = @{ Length = 2; Offset = 4; Includes = 'Header'; Strip = 6 } }
    ) {
        Test-TcpHandler -Framing $Framing { "$($_.Count)" } 'one', 'three', ([byte[]] (1, 2)) -Reply '3', '5', '2' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'passes for objects as JSON' {
        Test-TcpHandler -Framing Json { @{ Sum = $_.A + $_.B } } @{ A = 1; B = 2 }, @{ A = 3; B = 4 } -Reply @{ Sum = 3 }, @{ Sum = 7 } -Quiet | Should -BeTrue
    }

    It 'sends what is no message' {
        $results = Test-TcpHandler -Framing Netstring { $_ } '3:one,', '3;' -Unframed -Reply 'one'
        $results | Where-Object -Not Passed | Should -BeNullOrEmpty
    }

    It 'finds an end that depends on the segments' {
        $failed = Test-TcpHandler { if ($_.Count -gt 2) { $Connection.Abort() } } 'abc' | Where-Object -Not Passed | Select-Object -First 1
        "$failed" | Should -BeExactly 'segments of 1 byte: expected a close with Aborted, but a close with Done'
    }

    It 'finds an error that depends on the segments' {
        $failed = Test-TcpHandler { if ($_.Count -lt 3) { throw 'too short' } } 'abc' | Where-Object -Not Passed
        $failed[0].Difference | Should -BeLike 'expected no error, but OnData has failed: too short (*)'
        $failed.Count | Should -Be 6
    }

    It 'needs a handler' {
        (Get-Failure { Test-TcpHandler -Data 'a' }).Id | Should -Be HandlerMissing
    }
}
