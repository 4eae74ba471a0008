BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $example = "$PSScriptRoot/../../../examples/cars"

    function Start-Cars ([string[]] $Car, [string] $Unfinished) {
        $path = Join-Path $TestDrive "$(New-Guid).txt"
        Set-Content $path $Car
        Add-Content $path $Unfinished -NoNewline
        Start-ExampleServer "$example/server.ps1" @{ Path = $path; Interval = '0:0:0.05' } |
            Add-Member -NotePropertyName CarPath -NotePropertyValue $path -PassThru
    }

    # Closes what it has opened, since it may have to ask very often.
    function Wait-Car ([int] $Port, [string] $Reply) {
        Wait-Until {
            $peer = Connect-Peer $Port
            (Receive-Peer $peer -End) -ceq $Reply
            $peer.Dispose()
        }
    }
}

Describe 'The car server' {
    AfterEach {
        Close-Peer
        Stop-AllExample
    }

    It 'sends one car as it is, and two joined by a dot' -Tag T1 {
        $server = Start-Cars '97264836:peugeot:red'
        Invoke-Peer $server.Port | Should -BeExactly '97264836:peugeot:red'
        Add-Content $server.CarPath '97264840:citroen:blue'
        Wait-Car $server.Port '97264836:peugeot:red.97264840:citroen:blue'
    }

    It 'sends nothing when there are no cars' -Tag T2 {
        $server = Start-Cars @()
        Invoke-Peer $server.Port | Should -BeExactly ''
    }

    It 'has its cars in the temporary folder unless it is told' {
        $server = Start-ExampleServer "$example/server.ps1"
        $server.Said | Should -BeExactly "Watching $([IO.Path]::GetTempPath())cars.txt."
    }

    It 'sends the same to a client that sends junk' -Tag T3 {
        $server = Start-Cars '97264836:peugeot:red'
        $junk = "GET / HTTP/1.1`r`n`0`u{ff}" + 'x' * 100000
        foreach ($time in 1..20) {
            $peer = Connect-Peer $server.Port
            Send-Peer $peer $junk
            Receive-Peer $peer -End | Should -BeExactly '97264836:peugeot:red'
            $peer.Dispose()
        }
    }

    It 'sends 100,000 cars' -Tag T4 {
        $server = Start-Cars @(1..100000 | ForEach-Object { "${_}:peugeot:red" })
        $reply = Invoke-Peer $server.Port
        $reply.Split('.').Count | Should -Be 100000
        $reply | Should -BeLike '1:peugeot:red.*.100000:peugeot:red'
        @(Get-RemoteCars "127.0.0.1:$($server.Port)" -Timeout 60).Time[-1] | Should -Be 100000
    }

    It 'does not add what would be split or misread, and says so' -Tag T5 {
        $bad = @(
            '2:al.fa:red', '2:alfa:re.d', '2.0:alfa:red', '2:alfa:dark:red', '2::red', '2:alfa:', '2:alfa', ':alfa:red'
            'two:alfa:red'
        )
        $server = Start-Cars (@('1:fiat:red') + $bad + '3:audi:black')
        Invoke-Peer $server.Port | Should -BeExactly '1:fiat:red.3:audi:black'
        foreach ($line in $bad) {
            $server.Said | Should -Contain "WARNING: Not a car: $line"
        }
    }

    It 'sends whole snapshots while cars are added' -Tag T6 {
        $all = 1..2000 | ForEach-Object { "${_}:peugeot:red" }
        $whole = $all -join '.'
        $server = Start-Cars $all[0]
        $adding = Start-Pipeline {
            param($Path, $Lines)
            foreach ($line in $Lines) {
                # In two steps, so that the server meets half a line.
                [IO.File]::AppendAllText($Path, $line.Substring(0, 3))
                [IO.File]::AppendAllText($Path, $line.Substring(3) + "`n")
            }
        } $server.CarPath, $all[1..1999]
        do {
            $last = Test-Pipeline $adding -Timeout 0
            $clients = 1..50 | ForEach-Object { Connect-Peer $server.Port }
            foreach ($client in $clients) {
                $reply = Receive-Peer $client -End
                $reply.EndsWith(':red') -and $whole.StartsWith($reply, 'Ordinal') |
                    Should -BeTrue -Because "it ends in $($reply.Split('.')[-1])"
            }
            $clients.Dispose()
        } until ($last)
        $adding.Shell.EndInvoke($adding.Running)
        Wait-Car $server.Port $whole
    }

    It 'adds a line once its end has come' -Tag T6 {
        $server = Start-Cars '1:fiat:red' -Unfinished '2:au'
        Invoke-Peer $server.Port | Should -BeExactly '1:fiat:red'
        Add-Content $server.CarPath 'di:black'
        Wait-Car $server.Port '1:fiat:red.2:audi:black'
    }

    It 'ends its watcher when it stops' -Tag T7 {
        $path = Join-Path $TestDrive 'stop.txt'
        $output = [Collections.Concurrent.BlockingCollection[string]]::new()
        $serving = Start-Pipeline {
            param($Script, $Path, $Output)
            & $Script -Port 0 -Path $Path -Interval 0:0:0.05 6>&1 | ForEach-Object { $Output.Add("$_") }
        } (Get-Item "$example/server.ps1").FullName, $path, $output
        $port = $null
        while ($output.Take() -notmatch ':(?<Port>\d+);') { }
        $port = [int] $Matches.Port
        Set-Content $path '1:fiat:red'
        Wait-Car $port '1:fiat:red'
        Stop-Pipeline $serving | Should -BeLessThan 4
        $after = [powershell]::Create().AddScript('Get-ReactorTimer; Get-TcpServer; Get-Reactor')
        $after.Runspace = $serving.Shell.Runspace
        $after.Invoke() | Should -BeNullOrEmpty
        $after.Dispose()
        Test-PortFree $port | Should -BeTrue
    }

    It 'writes a log' {
        $log = Join-Path $TestDrive server.log
        $path = Join-Path $TestDrive logged.txt
        Set-Content $path '1:fiat:red'
        $server = Start-ExampleServer "$example/server.ps1" @{ Path = $path; LogPath = $log } -Process
        Invoke-Peer $server.Port
        Stop-Example $server
        $lines = Get-Content $log
        $lines | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[Cars'
        $lines -replace '^.*?\[' | Should -Contain 'Cars,0,127.0.0.1] Client connection from 127.0.0.1'
        $lines -replace '^.*?\[' | Should -Contain 'Cars] Stopped'
    }
}

Describe 'The client' {
    AfterEach {
        Get-TcpServer | Stop-TcpServer -DrainTime 0
    }

    It 'gathers the cars of several servers, and reports one that is not there' {
        $server = Start-TcpServer 0 -OnConnect { '1:fiat:red'; $Connection.Close() }
        $log = Join-Path $TestDrive client.log
        $address = "127.0.0.1:$($server.Port)"
        $cars = & $example/client.ps1 $address, "127.0.0.1:$(Get-UnusedPort)", $address -LogPath $log -ErrorAction SilentlyContinue -ErrorVariable errors
        $cars | ForEach-Object { "$_" } | Should -BeExactly '1:fiat:red', '1:fiat:red'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionRefused,*'
        (Get-Content $log)[-1] | Should -BeLike '*[[]RemoteCars] Done: 2 cars'
    }
}
