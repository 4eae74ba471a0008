BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A bad parameter' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is refused before anything starts: <Name>' -ForEach @(
        @{ Name = 'port 70000'; Call = { Start-LineServer 70000 { $_ } }; Id = 'InvalidAddress'; Category = 'InvalidArgument' }
        @{ Name = 'port -1'; Call = { Start-LineServer -Port -1 { $_ } }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'a port that is no number'; Call = { Start-LineServer -Port http { $_ } }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'port 70000 to connect to'; Call = { Connect-LineClient localhost 70000 }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'port 0 to connect to'; Call = { Connect-LineClient localhost 0 }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'a host of nothing'; Call = { Connect-LineClient '' 1234 }; Id = 'ParameterArgumentValidationErrorEmptyStringNotAllowed', 'ParameterArgumentValidationError'; Category = 'InvalidData' }
        @{ Name = 'a delimiter of nothing'; Call = { Start-LineServer 0 { $_ } -Delimiter '' }; Id = 'CannotConvertArgument', 'CannotConvertArgumentNoMessage'; Category = 'InvalidArgument' }
        @{ Name = 'a handler that is text'; Call = { Start-LineServer 0 'text' }; Id = 'CannotConvertArgumentNoMessage'; Category = 'InvalidArgument' }
        @{ Name = 'a handler for connections that is text'; Call = { Start-LineServer 0 { $_ } -OnConnect 'text' }; Id = 'CannotConvertArgumentNoMessage'; Category = 'InvalidArgument' }
        @{ Name = 'an unknown encoding'; Call = { Start-LineServer 0 { $_ } -Encoding klingon }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'a longest line of 0'; Call = { Start-LineServer 0 { $_ } -MaxLineLength 0 }; Id = 'ParameterArgumentValidationError'; Category = 'InvalidData' }
        @{ Name = 'a limit of 0 connections'; Call = { Start-LineServer 0 { $_ } -MaxConnections 0 }; Id = 'ParameterArgumentValidationError'; Category = 'InvalidData' }
        @{ Name = 'a limit of unsent bytes of 0'; Call = { Start-LineServer 0 { $_ } -SendBufferLimit 0 }; Id = 'ParameterArgumentValidationError'; Category = 'InvalidData' }
        @{ Name = 'a negative idle timeout'; Call = { Start-LineServer 0 { $_ } -IdleTimeout -1 }; Id = 'ParameterArgumentTransformationError'; Category = 'InvalidData' }
        @{ Name = 'a backlog of 0'; Call = { Start-LineServer 0 { $_ } -Backlog 0 }; Id = 'ParameterArgumentValidationError'; Category = 'InvalidData' }
        @{ Name = 'an unknown poller'; Call = { New-Reactor -Poller Best }; Id = 'CannotConvertArgumentNoMessage'; Category = 'InvalidArgument' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -BeIn $Id
        $failure.Category | Should -Be $Category
        $failure.IsTerminating | Should -BeTrue
        Get-LineServer | Should -BeNullOrEmpty
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'names the text of a time that is none: <Timeout>' -ForEach @(
        @{ Timeout = 'soon' }
        @{ Timeout = '5 parsecs' }
        @{ Timeout = '' }
        @{ Timeout = '-1' }
        @{ Timeout = -0.5 }
        @{ Timeout = 'NaN' }
        @{ Timeout = [double]::PositiveInfinity }
        @{ Timeout = 1e20 }
    ) {
        $s = Start-LineServer 0 { $_ }
        $failure = Get-Failure { Wait-LineServer $s -Timeout $Timeout }
        $failure.Id | Should -Be ParameterArgumentTransformationError
        $failure.Category | Should -Be InvalidData
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*not a time*500ms*'
    }

    It 'says what a delimiter of nothing is' {
        (Get-Failure { Start-LineServer 0 { $_ } -Delimiter '' }).Message | Should -BeLike '*Delimiter*empty*'
    }
}

Describe 'A time' {
    # PowerShell itself reads 2d as a number, the decimal 2, and 2s as one, too.
    It 'has the unit that is written behind it: <Call>' -ForEach @(
        @{ Call = { Start-ReactorTimer { } -Every 2d }; Time = '2.00:00' }
        @{ Call = { Start-ReactorTimer { } -Every '2d' }; Time = '2.00:00' }
        @{ Call = { Start-ReactorTimer { } -Every 1.5D }; Time = '1.12:00' }
        @{ Call = { Start-ReactorTimer { } -Every 2s }; Time = '00:00:02' }
        @{ Call = { Start-ReactorTimer { } -Every 2h }; Time = '02:00' }
        @{ Call = { Start-ReactorTimer { } -Every ([decimal]2) }; Time = '00:00:02' }
    ) {
        $timer = & $Call
        $timer | Stop-ReactorTimer
        $timer.Interval | Should -Be ([timespan]$Time)
    }
}

Describe 'An unknown name or number' {
    It 'is an error of its own, and the rest is found: <Name>' -ForEach @(
        @{ Name = 'Get-LineServer'; Call = { Get-LineServer nobody, known }; Id = 'LineServerNotFound' }
        @{ Name = 'Get-LineServer -Id'; Call = { Get-LineServer -Id 987654, (Get-LineServer).Id }; Id = 'LineServerNotFound' }
        @{ Name = 'Get-LineClient'; Call = { Get-LineClient nobody, known }; Id = 'LineClientNotFound' }
        @{ Name = 'Get-LineClient -Id'; Call = { Get-LineClient -Id 987654, (Get-LineClient).Id }; Id = 'LineClientNotFound' }
        @{ Name = 'Get-Reactor'; Call = { Get-Reactor 987654, (Get-LineServer).Reactor.Id }; Id = 'ReactorNotFound' }
        @{ Name = 'Get-ReactorConnection'; Call = { Get-ReactorConnection 987654, (Get-LineServer).Connections[0].Id }; Id = 'ReactorConnectionNotFound' }
    ) {
        try {
            $s = Start-LineServer 0 { $_ } -Name known
            $null = Connect-LineClient 127.0.0.1 $s.Port -Name known
            Wait-Until { $s.ConnectionCount -eq 1 }
            $failure = Get-Failure $Call
            $failure.Id | Should -Be $Id
            $failure.Category | Should -Be ObjectNotFound
            $failure.IsTerminating | Should -BeFalse
            $failure.Target | Should -Not -BeNullOrEmpty
            & $Call 2>$null | Should -HaveCount 1
        }
        finally {
            Get-LineServer | Stop-LineServer -DrainTime 0
            Get-LineClient | Disconnect-LineClient
        }
    }

    It 'is no error as a wildcard' {
        Get-Failure { Stop-LineServer nob* } | ForEach-Object Id | Should -BeNullOrEmpty
        Get-Failure { Get-LineServer nob* } | ForEach-Object Id | Should -BeNullOrEmpty
    }
}

Describe 'Work beside the reactor' {
    It 'fails with an error that ends a statement, as a handler does' {
        $work = Start-Deferred { [IO.File]::OpenRead('/not/there'); 'went on' }
        $failure = Get-Failure { Receive-Deferred $work -Wait -Timeout 60 }
        $failure.Message | Should -BeLike "*'/not/there'*"
        $work.Status | Should -Be Failed
    }

    It 'goes on after an error that is only written' {
        Start-Deferred { Write-Error no; 'went on' } | Receive-Deferred -Wait -Timeout 60 | Should -BeExactly 'went on'
    }
}
