BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'The members of a group' {
    BeforeEach {
        $s = Start-LineServer 0 {
            $null = $Server.Groups[$_].Add($Connection)
            foreach ($member in $Server.Groups[$_]) { "$($member.Number) of $($Server.Groups[$_].Count)" }
        }
        $a, $b = 0..1 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        Send-Line $a x -Receive -Timeout 30 | Should -BeExactly '0 of 1'
        Send-Line $b x -Receive -Count 2 -Timeout 30 | Should -BeExactly '0 of 2', '1 of 2'
    }

    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient -DrainTime 0
    }

    It 'are enumerated by <Name>' -ForEach @(
        @{ Name = 'foreach'; Enumerate = { foreach ($member in $s.Groups['x']) { $member.Number } } }
        @{ Name = 'a pipeline'; Enumerate = { $s.Groups['x'] | ForEach-Object Number } }
        @{ Name = 'their members'' names'; Enumerate = { $s.Groups['x'].Number } }
        @{ Name = 'an array'; Enumerate = { @($s.Groups['x']).Number } }
        @{ Name = 'the groups of a server'; Enumerate = { foreach ($group in $s.Groups) { $group.Members.Number } } }
        @{ Name = 'JSON'; Enumerate = { ($s.Groups['x'] | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json).Number } }
    ) {
        & $Enumerate | Should -Be 0, 1
    }

    It 'are as they were when the enumeration began' {
        foreach ($member in $s.Groups['x']) {
            $null = $s.Groups['x'].Remove($member)
        }
        $s.Groups['x'].Count | Should -Be 0
        $s.Groups | Should -BeNullOrEmpty
    }

    It 'are sent to, and disconnected, one by one' {
        $s.Groups['x'] | ForEach-Object { Send-Line $_ "to $($_.Number)" }
        $a, $b | Receive-Line -Timeout 30 | Should -BeExactly 'to 0', 'to 1'
        Disconnect-ReactorConnection $s.Groups['x']
        $a, $b | Wait-LineClient -Timeout 30 | Should -HaveCount 2
    }
}
