BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1 -Force
    $script = "$PSScriptRoot/../../../examples/syslog/server.ps1"
}

Describe 'The syslog collector' {
    AfterEach {
        Get-UdpClient | Disconnect-UdpClient
    }

    AfterAll { Stop-AllExample }

    It 'writes what it is sent, a line for each message, and goes on after what is no message' {
        $server = Start-ExampleServer $script @{ Path = "$TestDrive/all.log" }
        $client = Connect-UdpClient 127.0.0.1 $server.Port
        Send-Datagram $client '<12>one', 'no message', '<192>no priority', "<15>two`nlines", ([byte[]](0x3C, 0x31, 0x3E, 0xFF)), '<8>last'
        Wait-Until { @(Get-Content $TestDrive/all.log).Count -eq 4 }
        Get-Content $TestDrive/all.log | ForEach-Object { $_ -replace '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d 127\.0\.0\.1:\d+ ' } |
            Should -BeExactly 'warning: one', 'debug: two lines', "alert: $([char]0xFFFD)", 'emergency: last'
        Stop-Example $server
    }

    It 'leaves out what is less severe than asked' {
        $server = Start-ExampleServer $script @{ Path = "$TestDrive/some.log"; MaxSeverity = 3 }
        $client = Connect-UdpClient 127.0.0.1 $server.Port
        Send-Datagram $client '<12>warning', '<11>error', '<15>debug', '<8>emergency'
        Wait-Until { @(Get-Content $TestDrive/some.log).Count -eq 2 }
        Get-Content $TestDrive/some.log | Should -MatchExactly '(error: error|emergency: emergency)$'
    }
}
