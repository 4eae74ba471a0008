BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/CarServer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Get-RemoteCars for objects with ComputerName and Port' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
    }

    It 'asks the servers of a CSV file' {
        $a = Start-CarServer '1:fiat:red'
        $b = Start-CarServer '2:audi:blue'
        $file = Join-Path $TestDrive servers.csv
        Set-Content $file 'ComputerName,Port,Remark', "127.0.0.1,$($a.Port),first", "127.0.0.1,$($b.Port),second"
        $cars = Import-Csv $file | Get-RemoteCars -Timeout 30 | Sort-Object Time
        $cars | ForEach-Object { "$_ $($_.Port)" } | Should -BeExactly "1:fiat:red $($a.Port)", "2:audi:blue $($b.Port)"
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a port that is a number'; Make = { [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $server.Port } } }
        @{ Name = 'an empty field of a port for the port of the servers'; Make = { [pscustomobject]@{ ComputerName = "127.0.0.1:$($server.Port)"; Port = '' } } }
        @{ Name = 'no port at all'; Make = { [pscustomobject]@{ ComputerName = "127.0.0.1:$($server.Port)" } } }
        @{ Name = 'a car that was found before'; Make = { Get-RemoteCars "127.0.0.1:$($server.Port)" } }
        @{ Name = 'the address as text'; Make = { "127.0.0.1:$($server.Port)" } }
    ) {
        $server = Start-CarServer '1:fiat:red'
        & $Make | Get-RemoteCars -Timeout 30 | ForEach-Object { "$_" } | Should -BeExactly '1:fiat:red'
    }

    It 'does not use the port of one server for the next' {
        $server = Start-CarServer '1:fiat:red'
        $failures = @()
        [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $server.Port }, [pscustomobject]@{ ComputerName = 'no-such-host.invalid' } |
            Get-RemoteCars -Timeout 30 -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object { "$_" } | Should -BeExactly '1:fiat:red'
        $failures.TargetObject | Should -BeExactly no-such-host.invalid:8000
    }

    It 'names a port that is none, and asks the others' {
        $server = Start-CarServer '1:fiat:red'
        $failures = @()
        [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = 'http' }, [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $server.Port } |
            Get-RemoteCars -Timeout 30 -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object { "$_" } | Should -BeExactly '1:fiat:red'
        "$($failures[0])" | Should -BeLike "*'Port'*'http' is not a port (http is 80)*"
    }
}

Describe 'The progress of Get-RemoteCars' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
    }

    It 'has a percentage where all servers are an argument' {
        $server = Start-CarServer '1:fiat:red'
        $asking = Start-Pipeline { Get-RemoteCars $args -Timeout 30 } (@(Get-Address $server) * 4)
        Test-Pipeline $asking | Should -BeTrue
        $progress = @($asking.Shell.Streams.Progress | Where-Object PercentComplete -GE 0)
        $progress.PercentComplete | Should -Be 25, 50, 75, 100
        $progress.Activity[1] | Should -BeExactly 'Getting cars: 2 of 4 servers have answered'
        $progress[-1].RecordType | Should -Be Completed
    }

    It 'has none while more servers may come, and is completed all the same' {
        $server = Start-CarServer '1:fiat:red'
        $silent = Start-SilentServer
        $asking = Start-Pipeline {
            param($Quick, $Silent)
            & {
                $Quick, $Silent
                while ($seen.Count -eq 0) { '' }
            } | Get-RemoteCars -Timeout 60 -ErrorAction Ignore | ForEach-Object -Begin { $seen = [System.Collections.Generic.List[object]]::new() } { $seen.Add($_) }
        } (Get-Address $server), (Get-Address $silent)
        Wait-Until { $silent.ConnectionCount -eq 1 }
        Wait-Until { $asking.Shell.Streams.Progress.Activity -like 'Getting cars: * servers have answered, of * so far' }
        Complete-Car $silent '2:audi:blue'
        Test-Pipeline $asking | Should -BeTrue
        $open = @($asking.Shell.Streams.Progress | Where-Object Activity -Like '* so far')
        $open.PercentComplete | Select-Object -Unique | Should -Be -1
        $last = $asking.Shell.Streams.Progress[-1]
        $last.RecordType | Should -Be Completed
    }
}
