BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/CarServer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Get-RemoteCars' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'outputs the cars of two servers' -Tag T8 {
        $a = Start-CarServer '1:peugeot:red.2:fiat:blue'
        $b = Start-CarServer '3:audi:black'
        $cars = Get-RemoteCars (Get-Address $a), (Get-Address $b) | Sort-Object Time
        $cars | ForEach-Object { "$_ $($_.ComputerName) $($_.Port)" } | Should -BeExactly @(
            "1:peugeot:red 127.0.0.1 $($a.Port)"
            "2:fiat:blue 127.0.0.1 $($a.Port)"
            "3:audi:black 127.0.0.1 $($b.Port)"
        )
        $cars[0] | Should -BeOfType TwistedPS.RemoteCar
        $cars[0].Time | Should -BeOfType long
    }

    It 'asks all at once' -Tag T8 {
        $server = Start-TcpServer 0 -OnConnect {
            if ($Connection.Number -eq 1) {
                foreach ($each in $Server.Connections) {
                    $each.Send([Text.Encoding]::ASCII.GetBytes('1:fiat:red'))
                    $each.Close()
                }
            }
        }
        Get-RemoteCars (Get-Address $server), (Get-Address $server) -Timeout 60 | Should -HaveCount 2
    }

    It 'outputs the cars of a server while others have still to answer' -Tag T8 {
        $quick = Start-CarServer '1:fiat:red'
        $slow = Start-SilentServer
        Get-RemoteCars (Get-Address $slow), (Get-Address $quick) -Timeout 60 | ForEach-Object {
            if ($_.Time -eq 1) {
                Complete-Car $slow '2:audi:black'
            }
            "$_"
        } | Should -BeExactly '1:fiat:red', '2:audi:black'
    }

    It 'outputs cars while addresses still come' -Tag T8, T15 {
        $server = Start-CarServer '1:fiat:red'
        $seen = [Collections.Generic.List[object]]::new()
        $seenMeanwhile = [Collections.Generic.List[int]]::new()
        $limit = [datetime]::UtcNow.AddSeconds(60)
        & {
            Get-Address $server
            while (-not $seen.Count -and [datetime]::UtcNow -lt $limit) {
                ''
            }
            $seenMeanwhile.Add($seen.Count)
        } | Get-RemoteCars -ErrorAction SilentlyContinue | ForEach-Object { $seen.Add($_) }
        $seenMeanwhile | Should -Be 1
    }

    It 'asks no more servers at once than -ThrottleLimit' {
        $good = Start-CarServer '1:fiat:red'
        $silent = Start-SilentServer
        $addresses = (Get-Address $good), (Get-Address $silent), (Get-Address $silent)
        $asking = Get-RemoteCars $addresses -ThrottleLimit 1 -Timeout 1 -ErrorAction SilentlyContinue -ErrorVariable errors |
            ForEach-Object { @(Get-LineClient).Count }
        $asking | Should -Be 0
        $errors | Should -HaveCount 2
    }

    It 'takes an empty reply for no cars' -Tag T10 {
        $server = Start-TcpServer 0 -OnConnect { $Connection.Close() }
        Get-RemoteCars (Get-Address $server) -ErrorVariable errors | Should -BeNullOrEmpty
        $errors | Should -BeNullOrEmpty
    }

    It 'asks a server twice that is given twice' -Tag T13 {
        $server = Start-CarServer '1:fiat:red'
        Get-RemoteCars (Get-Address $server), (Get-Address $server) | Should -HaveCount 2
        $server.TotalConnections | Should -Be 2
    }

    It 'puts a record together that comes byte by byte' -Tag T13 {
        $server = Start-SilentServer
        $asking = Start-Pipeline { param($Address) Get-RemoteCars $Address -Timeout 60 } (Get-Address $server)
        Wait-Until { $server.ConnectionCount -eq 1 }
        foreach ($byte in [Text.Encoding]::UTF8.GetBytes('1:citroën:red.22:audi:black')) {
            Send-TcpData -Server $server ([byte[]] $byte)
        }
        $server.Connections.Close()
        Test-Pipeline $asking | Should -BeTrue
        $asking.Shell.EndInvoke($asking.Running) | ForEach-Object { "$_" } |
            Should -BeExactly '1:citroën:red', '22:audi:black'
    }

    It 'takes <Record> for a car' -ForEach @(
        @{ Record = '0:a:b'; Time = 0; Brand = 'a'; Color = 'b' }
        @{ Record = '-1:a:b'; Time = -1; Brand = 'a'; Color = 'b' }
        @{ Record = '9223372036854775807:a:b'; Time = [long]::MaxValue; Brand = 'a'; Color = 'b' }
        @{ Record = '1:citroën:bleu foncé'; Time = 1; Brand = 'citroën'; Color = 'bleu foncé' }
    ) {
        $car = Get-RemoteCars (Get-Address (Start-CarServer $Record))
        $car.Time, $car.Brand, $car.Color, "$car" | Should -BeExactly $Time, $Brand, $Color, $Record
    }

    It 'works again and again, and from a pipeline' -Tag T15 {
        $server = Start-CarServer '1:fiat:red'
        foreach ($time in 1..5) {
            (Get-Address $server), (Get-Address $server) | Get-RemoteCars | Should -HaveCount 2
        }
        @(Get-Reactor) | Should -HaveCount 1
    }

    It 'asks nobody when it is given nobody' {
        @() | Get-RemoteCars | Should -BeNullOrEmpty
        Get-RemoteCars @() | Should -BeNullOrEmpty
    }

    It 'takes the port from -Port for a server without one' {
        $server = Start-CarServer '1:fiat:red'
        Get-RemoteCars 127.0.0.1 -Port $server.Port | Should -HaveCount 1
    }

    It 'takes an IPv6 address with and without brackets' {
        $server = Start-TcpServer 0 -Address ::1 -OnConnect { '1:fiat:red'; $Connection.Close() }
        $cars = Get-RemoteCars ::1, '[::1]', "[::1]:$($server.Port)" -Port $server.Port
        $cars.ComputerName | Should -BeExactly '::1', '::1', '::1'
    }

    It 'ends at Ctrl+C, and leaves no connection open' {
        $server = Start-SilentServer
        $deaf = New-DeafListener
        $asking = Start-Pipeline { Get-RemoteCars $args -Timeout 1h } (Get-Address $server), "127.0.0.1:$($deaf.Port)"
        Wait-Until { $server.ConnectionCount -eq 1 }
        Stop-Pipeline $asking | Should -BeLessThan 4
        Wait-Until { $server.ConnectionCount -eq 0 }
        $again = [powershell]::Create($asking.Shell.Runspace).AddScript('Get-LineClient')
        Wait-Until { -not $again.Invoke() }
    }

    It 'gives up those that still have to answer when nobody wants more' {
        $quick = Start-CarServer '1:fiat:red'
        $slow = Start-SilentServer
        Get-RemoteCars (Get-Address $slow), (Get-Address $quick) -Timeout 1h | Select-Object -First 1 | Should -HaveCount 1
        Wait-Until { -not (Get-LineClient) }
    }

    It 'can be called in Start-Deferred' {
        $server = Start-CarServer '1:fiat:red'
        $address = Get-Address $server
        Start-Deferred { Get-RemoteCars $using:address } | Receive-Deferred -Wait -Timeout 60 |
            ForEach-Object { "$_" } | Should -BeExactly '1:fiat:red'
    }

    It 'says how many servers have answered' {
        $server = Start-CarServer '1:fiat:red'
        $asking = Start-Pipeline { Get-RemoteCars $args } (Get-Address $server), "127.0.0.1:$(Get-UnusedPort)", (Get-Address $server)
        Test-Pipeline $asking | Should -BeTrue
        $progress = $asking.Shell.Streams.Progress
        $progress.Activity | Should -Contain 'Getting cars: 1 of 3 servers have answered'
        $progress.Activity | Should -Contain 'Getting cars: 3 of 3 servers have answered'
        $progress[-1].RecordType | Should -Be Completed
    }

    It 'writes a log' {
        $path = Join-Path $TestDrive cars.log
        $server = Start-CarServer '1:fiat:red.2:fiat:blue'
        $refusing = "127.0.0.1:$(Get-UnusedPort)"
        Get-RemoteCars (Get-Address $server) -LogPath $path
        Get-RemoteCars $refusing -LogPath $path -ErrorAction SilentlyContinue
        $lines = Get-Content $path
        $lines | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[RemoteCars\] '
        $events = $lines -replace '^.*?\] '
        $events[0..3] | Should -BeExactly @(
            "Client init: $(Get-Address $server)"
            "Connection made: $(Get-Address $server)"
            "Got cars: 2 from $(Get-Address $server)"
            'Done: 2 cars'
        )
        $events[4] | Should -BeExactly "Client init: $refusing"
        $events[5] | Should -BeLike "Failed: ${refusing}: *"
        $events[6] | Should -BeExactly 'Done: 0 cars'
        $events | Should -HaveCount 7
    }

    It 'has a table view' {
        $server = Start-CarServer '97264836:peugeot:red'
        $text = Get-RemoteCars (Get-Address $server) | Out-String -Width 100
        $text | Should -Match 'Time\s+Brand\s+Color\s+ComputerName\s+Port'
        $text | Should -Match "97264836\s+peugeot\s+red\s+127\.0\.0\.1\s+$($server.Port)"
    }
}
