BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe '$using: in the script of Start-Deferred' {
    It 'has other values each time that the same script with $using: runs' {
        $values = foreach ($n in 1, 2) {
            Start-Deferred { $using:n } | Receive-Soon
        }
        $values | Should -Be 1, 2
    }

    It 'has the values of its call in <Name>, each time that the same script runs' -ForEach @(
        @{ Name = 'the default value of a parameter'; Script = { param($Value = $using:n) $Value } }
        @{ Name = 'a function'; Script = { function Get-It { "$using:n" }; Get-It } }
        @{ Name = 'a scriptblock that is called'; Script = { & { $using:n } } }
        @{ Name = 'a scriptblock of a command'; Script = { 1 | ForEach-Object { $using:n } } }
        @{ Name = 'a process block'; Script = { process { $using:n } } }
        @{ Name = 'two places'; Script = { $using:n * $using:N / $using:n } }
        @{ Name = 'another scope, and $using:'; Script = { $env:TWISTEDPS_TEST = $null; "$using:env:TWISTEDPS_TEST$using:script:n" } }
    ) {
        $script:n = 0
        foreach ($n in 1, 2) {
            $script:n = $n
            Start-Deferred $Script | Receive-Soon | Should -Be $n
        }
    }

    It 'has its own values beside others of the same script' {
        $together = [Threading.Barrier]::new(4)
        $all = 1..40 | ForEach-Object {
            $n = $_
            Start-Deferred { $mine = $using:n; $met = ($using:together).SignalAndWait(30000); "$mine $using:n$($met ? '' : ' alone')" } -ThrottleLimit 4
        }
        ($all | Receive-Soon) -join ',' | Should -Be ((1..40 | ForEach-Object { "$_ $_" }) -join ',')
    }

    It 'leaves no value of $using: to the next work' {
        $n = 'a secret'
        Start-Deferred { $using:n } -ThrottleLimit 1 | Receive-Soon | Should -Be $n
        Start-Deferred { (Get-Variable | Where-Object Value -Like '*secret').Name } -ThrottleLimit 10 | Receive-Soon | Should -BeNullOrEmpty
    }
}
