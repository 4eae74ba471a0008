BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/ViewText.psm1 -Force
    $r = New-Reactor
    $evil = "e`e]0;owned`a`nx"
    $line = Start-LineServer 0 { throw "bad $_" } -OnError { } -Name Echo -Reactor $r
    $client = Connect-LineClient 127.0.0.1 $line.Port -Name Caller -Reactor $r
    Send-Line $client $evil.Replace("`n", '')
    Wait-Until { $line.ErrorCount -eq 1 }
    $tcp = Start-TcpServer 0 { $_ } -Name Relay -Reactor $r
    $bytes = Connect-TcpClient 127.0.0.1 $tcp.Port -Name Bytes -Reactor $r
    Wait-Until { $tcp.ConnectionCount -eq 1 }
    $udp = Start-UdpServer 0 { $_ } -Name Syslog -Reactor $r
    $sender = Connect-UdpClient 127.0.0.1 $udp.Port -Name Sender -Reactor $r
    Send-Datagram $sender $evil
    $datagram = Receive-Datagram $sender -Timeout 30
    $web = Start-HttpServer 0 { 'x' } -Name Web -Reactor $r
    $timer = Start-ReactorTimer -Every 90 { } -Name Tick -Reactor $r
    $process = Start-ReactorProcess sleep '1000' -Name Sleeper -Reactor $r
    $deferred = New-Deferred -Reactor $r
    Complete-Deferred $deferred $evil
    $all = $line, $client, $tcp, $bytes, $udp, $sender, $web, $timer, $process
    # What stands in the column of the addresses.
    $places = @{
        $line = "line 127.0.0.1:$($line.Port)"; $client = "to 127.0.0.1:$($line.Port)"
        $tcp = "tcp 127.0.0.1:$($tcp.Port)"; $bytes = 'tcp to 127.0.0.1:'
        $udp = "udp 127.0.0.1:$($udp.Port)"; $sender = 'udp to 127.0.0.1:'
        $web = "http 127.0.0.1:$($web.Port)"; $timer = 'every 1m 30s'; $process = 'sleep 1000'
    }
}

AfterAll {
    Stop-Reactor $r
}

Describe 'Services of several kinds in one pipeline' {
    It 'are a table, whichever comes first' {
        foreach ($first in $all) {
            $rest = $all.Where{ $_ -ne $first }
            $table = Get-ViewText (@($first) + $rest)
            $table | Should -HaveCount ($all.Count + 2)
            foreach ($number in 0..($rest.Count - 1)) {
                $row = $table[$number + 3]
                $row | Should -Match ('^ *{0} {1} ' -f $rest[$number].Id, $rest[$number].Name)
                $row.Contains($places[$rest[$number]].Substring(0, 10)) | Should -BeTrue -Because "$row is of $($rest[$number])"
            }
        }
    }

    It 'are told apart by what is before their addresses' {
        $table = Get-ViewText $all
        $table[2] | Should -Match "Echo +Running +127\.0\.0\.1:$($line.Port) +1 +1 +1 +0$"
        $table[3] | Should -Match "Caller +Connected to 127\.0\.0\.1:$($line.Port) +0 +0 +1$"
        $table[4] | Should -Match "Relay +Running +tcp 127\.0\.0\.1:$($tcp.Port) +1 +0$"
        $table[8] | Should -Match "Web +Running +http 127\.0\.0\.1:$($web.Port) +0$"
        $table[9] | Should -Match 'Tick +Running +every 1m 30s, in \S+… +0$'
        $table[10] | Should -Match 'Sleeper +Running +sleep 1000 +0 +0$'
    }

    It 'are what a reactor has' {
        Get-ViewText $r.Services | Should -HaveCount ($all.Count + 2)
    }

    It 'are among connections, too' {
        $table = Get-ViewText ($line, $line.Connections[0], $tcp.Connections[0])
        $table[3] | Should -Match 'Echo +Open +from 127\.0\.0\.1:\d+ +1 +0$'
        $table[4] | Should -Match 'Relay +Open +from 127\.0\.0\.1:\d+$'
    }

    It 'are one list' {
        $list = Get-ViewText $all -AsList
        $list -match '^Id +: ' | Should -HaveCount $all.Count
        $list -match '^(Address|Schedule|Command) +: ' | Should -HaveCount $all.Count
    }
}

Describe 'Connections of several kinds' {
    It 'are a table, whichever comes first' {
        $both = Get-ReactorConnection -Server $line, $tcp
        foreach ($order in @(0, 1), @(1, 0)) {
            $table = Get-ViewText $both[$order] -Width 80
            $table | Should -HaveCount 4
            $table -match '(Echo|Relay) +Open +127\.0\.0\.1:\d+' | Should -HaveCount 2
        }
    }
}

Describe 'Whatever else is among services' {
    It 'is one line, in which nothing acts on a terminal: <Name>' -ForEach @(
        @{ Name = 'an error'; Get = { $line.Errors[0] }; Expected = 'OnLine: bad e\\e\]0;owned\\x07x$' }
        @{ Name = 'an entry of a log'; Get = { $line.Log[0] }; Expected = '\d [+-]\d{4}|\[Echo\] Started on 127\.0\.0\.1:\d+$' }
        @{ Name = 'a datagram'; Get = { $datagram }; Expected = 'e\\e\]0;owned\\x07\\nx$' }
        @{ Name = 'a sender'; Get = { $datagram.Peer }; Expected = '127\.0\.0\.1:\d+$' }
        @{ Name = 'a deferred'; Get = { $deferred }; Expected = 'deferred \d+ \(Succeeded' }
        @{ Name = 'a reactor'; Get = { $r }; Expected = 'reactor \d+ \(running, 9 alive\)$' }
    ) {
        $screen = $line, (& $Get) | Out-String -Width 200
        $screen | Should -Not -Match '[\x00-\x08\x0B\x0C\x0E-\x1A\x1C-\x1F]|\e(?!\[[\d;]*m)'
        $lines = Get-ViewText ($line, (& $Get)) -Width 200
        $lines | Should -HaveCount 4
        $lines[3] | Should -Match "^Summary : .*$Expected"
    }
}
