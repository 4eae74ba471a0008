BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $ncat, $bash = 'ncat', 'bash' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $server = Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/statsd.ps1" @{ AdminPort = 0 }
    $port = $server.Port
    $adminPort = [int] ($server.Said -replace '^.*:(\d+)\.$', '$1')
    $client = Connect-UdpClient 127.0.0.1 $port

    function Get-Table ([string] $Command) {
        (Invoke-Peer $adminPort "$Command`n") -replace '\nEND\n$', '' -split '\n'
    }

    # Datagrams are handled in their order, so the last tells of all before it.
    function Send-Metric ([string[]] $Datagrams) {
        $number = Get-Random
        Send-Datagram $client ($Datagrams + "last:$number|g")
        Wait-Until { (Get-Table gauges) -contains "last: $number" }
    }
}

AfterAll {
    Disconnect-UdpClient $client
    Stop-AllExample
}

Describe 'The StatsD server' {
    AfterEach { Close-Peer }

    It 'counts, also what is sampled' {
        Send-Metric 'a:1|c', "a:2|c`nA:5|c", 'a:1|c|@0.1', 'a:-3|c'
        Get-Table counters | Should -BeExactly 'a: 10', 'A: 5'
    }

    It 'sets gauges, and changes them' {
        Send-Metric 'level:5.5|g', 'level:+2|g', 'level:-10|g'
        Get-Table gauges | Should -Contain 'level: -2.5'
    }

    It 'sums up timings, and collects sets' {
        Send-Metric 'load:320|ms', 'load:80.5|ms', 'who:me|s', 'who:Me|s', 'who:me|s'
        Get-Table timers | Should -BeExactly 'load.count: 2', 'load.sum: 400.5'
        Get-Table sets | Should -BeExactly 'who: me, Me'
    }

    It 'counts bad lines' {
        Send-Metric 'a', 'bad:|c', 'bad:x|c', 'bad:1|q', 'bad:1|c|@0', 'bad:1|c|@2', ':1|c', "`0`u{FF}", ('bad:' + '1' * 5000)
        Get-Table stats | Should -Contain 'bad_lines_seen: 9'
        Get-Table counters | Should -Not -Match bad
    }

    It 'answers an unknown command with an error, and quits' {
        Invoke-Peer $adminPort "what`nquit`n" | Should -BeExactly "ERROR`n"
    }

    It 'hears ncat and bash, and tells ncat' -Skip:(-not $ncat -or -not $bash) {
        $null = Invoke-Program ncat ('-u', '--send-only', '127.0.0.1', $port) 'tool.ncat:1|c'
        $null = Invoke-Program bash ('-c', "echo -n 'tool.bash:2|c' > /dev/udp/127.0.0.1/$port")
        Wait-Until { (Invoke-Program ncat ('127.0.0.1', $adminPort) "counters`n") -like "*tool.bash: 2`ntool.ncat: 1`nEND`n" }
    }
}
