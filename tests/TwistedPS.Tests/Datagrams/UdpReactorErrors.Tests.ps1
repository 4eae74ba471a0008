BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'What is said of several reactors of a UDP server' {
    AfterEach {
        Stop-Everything
    }

    It 'is a warning for a variable that a handler sets for one of them only' {
        $s = Start-UdpServer 0 { $script:n++ } -ReactorCount 2 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnDatagram sets $script:n, which each of the 2 reactors has for itself.*$Server.State*'
        Set-UdpServer $s { $script:m = 1 } -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnDatagram sets $script:m, *'
        $null = Start-UdpServer 0 { $script:n++ } -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'is an error where they can not run side by side: <Name>' -ForEach @(
        @{ Name = '-Wait'; Options = { @{ Wait = $true } } }
        @{ Name = 'a foreground reactor'; Options = { @{ Reactor = New-Reactor -Foreground } } }
        @{ Name = 'a fake clock'; Options = { @{ Reactor = New-Reactor -FakeClock } } }
    ) {
        $given = & $Options
        $failure = Get-Failure { Start-UdpServer 0 { $_ } -ReactorCount 2 @given }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ReactorCountNeedsBackground, InvalidArgument, $true
        $given.Reactor | Where-Object { $_ } | Stop-Reactor
    }

    It 'is an error where nothing is handled, or the number is out of range' {
        $failure = Get-Failure { Start-UdpServer 0 -ReactorCount 2 }
        $failure.Id | Should -Be ParameterWithoutEffect
        $failure.Message | Should -BeLike '*-ReactorCount*without -OnDatagram*'
        (Get-Failure { Start-UdpServer 0 { $_ } -ReactorCount 65 }).Id | Should -Be ParameterArgumentValidationError
        Start-UdpServer 0 -ReactorCount 1 | Should -Not -BeNullOrEmpty
    }

    It 'is the error of a start, which leaves no reactor' {
        $taken = Start-UdpServer 0 { $_ }
        $before = @(Get-Reactor).Count
        (Get-Failure { Start-UdpServer $taken.Port { $_ } -ReactorCount 3 }).Id | Should -Be AddressInUse
        (Get-Failure { Start-UdpServer 0 { $_ } -ReactorCount 3 -InitializationScript { throw 'oops' } }).Id | Should -Be HandlerError
        @(Get-Reactor) | Should -HaveCount $before
    }
}
