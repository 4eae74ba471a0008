BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $figures = [TwistedPS.Formatting.Figures]
    $culture = [cultureinfo]::CurrentCulture
    [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
}

AfterAll {
    [cultureinfo]::CurrentCulture = $culture
}

Describe 'A size' {
    It 'of <Bytes> bytes is <Text>' -ForEach @(
        @{ Bytes = 0; Text = '0 B' }
        @{ Bytes = 999; Text = '999 B' }
        @{ Bytes = 1023; Text = '1023 B' }
        @{ Bytes = 1KB; Text = '1.0 KB' }
        @{ Bytes = 1.5KB; Text = '1.5 KB' }
        @{ Bytes = 100KB - 1; Text = '99.9 KB' }
        @{ Bytes = 100KB; Text = '100 KB' }
        @{ Bytes = 1MB - 1; Text = '1023 KB' }
        @{ Bytes = 1MB; Text = '1.0 MB' }
        @{ Bytes = 1.25MB; Text = '1.2 MB' }
        @{ Bytes = 1GB - 1; Text = '1023 MB' }
        @{ Bytes = 1GB; Text = '1.0 GB' }
        @{ Bytes = [long]::MaxValue; Text = '7.9 EB' }
    ) {
        $figures::Size($Bytes) | Should -BeExactly $Text
    }

    It 'has seven characters at most, and is never rounded up to the next unit' {
        foreach ($power in 0..62) {
            foreach ($bytes in @(-1, 0, 1).ForEach{ [long][bigint]::Pow(2, $power) + $_ }.Where{ $_ -ge 0 }) {
                $figures::Size($bytes) | Should -Match '^(\d{1,4} B|\d{1,2}\.\d [KMGTPE]B|\d{3,4} [KMGTPE]B)$' -Because "it is of $bytes"
                $figures::Size($bytes).Length | Should -BeLessOrEqual 7
                $figures::Size($bytes) | Should -Not -Match '1024'
            }
        }
    }

    It 'is written as in the culture of the session' {
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $figures::Size(1.5KB) | Should -BeExactly '1,5 KB'
        }
        finally {
            [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
        }
    }

    It 'is none without a number' {
        $figures::Size($null) | Should -BeNullOrEmpty
        $figures::Count($null) | Should -BeNullOrEmpty
        $figures::Age($null) | Should -BeNullOrEmpty
        $figures::Interval($null) | Should -BeNullOrEmpty
    }
}

Describe 'A count' {
    It 'of <Number> is <Text>' -ForEach @(
        @{ Number = 0; Text = '0' }
        @{ Number = 999999; Text = '999999' }
        @{ Number = 1000000; Text = '1.0 M' }
        @{ Number = 99999999; Text = '99.9 M' }
        @{ Number = 100000000; Text = '100 M' }
        @{ Number = 999999999; Text = '999 M' }
        @{ Number = 1000000000; Text = '1.0 G' }
        @{ Number = [long]::MaxValue; Text = '9.2 E' }
    ) {
        $figures::Count($Number) | Should -BeExactly $Text
    }
}

Describe 'An age' {
    It 'of <Time> is <Text>' -ForEach @(
        @{ Time = '-00:00:01'; Text = '0s' }
        @{ Time = '00:00:00.999'; Text = '0s' }
        @{ Time = '00:00:59.999'; Text = '59s' }
        @{ Time = '00:01:00'; Text = '1m 0s' }
        @{ Time = '00:03:20'; Text = '3m 20s' }
        @{ Time = '00:59:59.999'; Text = '59m 59s' }
        @{ Time = '01:00:00'; Text = '1h 0m' }
        @{ Time = '23:59:59'; Text = '23h 59m' }
        @{ Time = '1.00:00:00'; Text = '1d 0h' }
        @{ Time = '400.23:00:00'; Text = '400d 23h' }
    ) {
        $figures::Age([timespan] $Time) | Should -BeExactly $Text
    }
}

Describe 'An interval' {
    It 'of <Time> is <Text>' -ForEach @(
        @{ Time = '00:00:00.0005'; Text = '0.5ms' }
        @{ Time = '00:00:00.25'; Text = '250ms' }
        @{ Time = '00:00:00.999'; Text = '999ms' }
        @{ Time = '00:00:01'; Text = '1s' }
        @{ Time = '00:00:01.5'; Text = '1.5s' }
        @{ Time = '00:05:00'; Text = '5m' }
        @{ Time = '00:01:05'; Text = '1m 5s' }
        @{ Time = '01:30:00'; Text = '1h 30m' }
        @{ Time = '1.00:00:00.5'; Text = '1d 0.5s' }
    ) {
        $figures::Interval([timespan] $Time) | Should -BeExactly $Text
    }
}

Describe 'A value of somebody else' {
    It 'is a line without control characters: <Expected>' -ForEach @(
        @{ Value = "a`e[2J`n"; Expected = 'a\e[2J\n' }
        @{ Value = @("a`e", 1, $null, 'b', 'c'); Expected = '{a\e, 1, , b…}' }
        @{ Value = @{ "k`n" = "v`e" }; Expected = '{k\n=v\e}' }
        @{ Value = @(, @("x`n")); Expected = '{{x\n}}' }
        @{ Value = [pscustomobject]@{ a = "b`n" }; Expected = '@{a=b\n}' }
        @{ Value = [uri] "http://x/`u{202E}"; Expected = 'http://x/\u202E' }
    ) {
        [TwistedPS.Formatting.Visible]::Text($Value) | Should -BeExactly $Expected
    }

    It 'that is in itself has an end' {
        $list = [System.Collections.ArrayList]::new()
        $null = $list.Add($list)
        [TwistedPS.Formatting.Visible]::Text($list) | Should -BeExactly '{{{{…}}}}'
    }

    It 'stays what it is if it is a number or a time' {
        [TwistedPS.Formatting.Visible]::Text(1.5) | Should -BeOfType ([double])
        [TwistedPS.Formatting.Visible]::Text([datetime]::Now) | Should -BeOfType ([datetime])
    }
}
