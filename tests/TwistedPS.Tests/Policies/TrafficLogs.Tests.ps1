BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

AfterAll { Stop-Everything }

Describe '-TrafficLog' {
    It 'has what came and went, before it is encrypted' {
        $path = "$TestDrive/tls.log"
        $certificate = New-ReactorCertificate localhost
        $s = Start-LineServer 0 { "<$_>" } -Name Safe -Certificate $certificate -TrafficLog $path
        $c = Connect-LineClient localhost $s.Port -TrustedCertificate $certificate
        Send-Line $c 'secret' -Receive -Timeout 30 | Should -BeExactly '<secret>'
        Disconnect-LineClient $c
        Stop-LineServer $s
        $lines = Get-Content $path
        $lines[0] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}[+-]\d{4} \[Safe,0,127\.0\.0\.1:\d+\] connected with 127\.0\.0\.1:\d+$'
        $lines[1] | Should -BeLike '* received 8 bytes at 0'
        $lines[2] | Should -BeExactly '00000000  73 65 63 72 65 74 0d 0a                           |secret..|'
        $lines[3] | Should -BeLike '* sent 10 bytes at 0'
        $lines[4] | Should -BeExactly '00000000  3c 73 65 63 72 65 74 3e  0d 0a                    |<secret>..|'
        $lines[-1] | Should -BeLike '* ended'
    }

    It 'is a file for each connection in a folder, or with {number} in its name: <Name>' -ForEach @(
        @{ Name = 'a folder'; Path = 'folder'; Files = '0.log', '1.log' }
        @{ Name = 'a name'; Path = 'name/c-{number}.txt'; Files = 'c-0.txt', 'c-1.txt' }
    ) {
        $folder = New-Item -ItemType Directory "TestDrive:/$($Path -replace '/.*')"
        Push-Location TestDrive:/
        try {
            $s = Start-LineServer 0 { $_ } -TrafficLog $Path
        }
        finally {
            Pop-Location
        }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
        Invoke-Peer $s.Port "b`n" | Should -BeExactly "b`r`n"
        Stop-LineServer $s
        (Get-ChildItem $folder | Sort-Object Name).Name | Should -Be $Files
        Get-Content "$folder/$($Files[1])" | Should -Contain '00000000  62 0a                                             |b.|'
        Split-Path $s.TrafficLog -Leaf | Should -BeLike '*{number}*'
    }

    It 'is of a client as well, which appends what it does when it connects again' {
        $s = Start-TcpServer 0 { , $_ }
        $c = Connect-TcpClient 127.0.0.1 $s.Port -TrafficLog "$TestDrive/client.log" -Name Asker
        foreach ($text in 'one', 'two') {
            Send-TcpData $c $text
            Receive-TcpData $c -Count 3 -AsString -Timeout 30 | Should -BeExactly $text
            Disconnect-TcpClient $c
            if ($text -eq 'one') {
                $null = Connect-TcpClient -Client $c
            }
        }
        $lines = Get-Content "$TestDrive/client.log"
        $lines | Where-Object { $_ -match 'Asker,1,.*\] sent 3 bytes at 0' } | Should -HaveCount 1
        $lines | Where-Object { $_ -match '\|(one|two)\|' } | Should -HaveCount 4
    }

    It 'is an error before anything starts where it can not be written' {
        foreach ($path in "$TestDrive/none/x.log", "$TestDrive/none/{number}.log") {
            $failure = Get-Failure { Start-LineServer 0 { } -TrafficLog $path -Name unstarted }
            $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be LogPathUnusable, OpenError, $true
        }
        Get-LineServer | Where-Object Name -EQ unstarted | Should -BeNullOrEmpty
    }
}
