BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/ViewText.psm1 -Force

    # With a clock that stands still, ages are the same whenever they are asked for.
    $r = New-Reactor -Foreground -FakeClock
    $line = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'it' }; $_ } -Name Echo -Reactor $r -ErrorAction Ignore
    $tcp = Start-TcpServer 0 { $_ } -Name Relay -Reactor $r
    $udp = Start-UdpServer 0 { $_ } -Name Syslog -Reactor $r
    $web = Start-HttpServer 0 { 'x' } -Name Web -Reactor $r
    $client = Connect-LineClient 127.0.0.1 $line.Port -Name Caller -Reactor $r
    $null = Send-Line $client 'hello' -Receive -Timeout 30
    $bytes = Connect-TcpClient 127.0.0.1 $tcp.Port -Name Bytes -Reactor $r
    Send-TcpData $bytes ([byte[]]::new(1536))
    Wait-Reactor $r -Until { $tcp.BytesOut -eq 1536 } -Timeout 30
    $sender = Connect-UdpClient 127.0.0.1 $udp.Port -Name Sender -Reactor $r
    Send-Datagram $sender 'abc'
    $null = Receive-Datagram $sender -Timeout 30
    $timer = Start-ReactorTimer -Every 90 { } -Name Tick -Reactor $r
    $once = Start-ReactorTimer -After 5m { } -Name Once -Reactor $r
    $topic = Register-ReactorTopic orders.* { } -Name Orders -Queue Q -Reactor $r
    $process = Start-ReactorProcess sleep '1000' -Name Sleeper -Reactor $r
    Wait-Reactor $r -Advance 1
    Wait-Reactor $r -Advance 199
    $kinds = $line, $tcp, $udp, $web, $client, $bytes, $sender, $timer, $once, $topic, $process
}

AfterAll {
    $process | Stop-ReactorProcess -Force
    Stop-Reactor $r
}

Describe 'The table of <Kind>' -ForEach @(
    @{
        Kind = 'a line server'; Get = { $line }
        Head = '  Id Name          Status    Address              Peers Errors LinesIn LinesOut'
        Row  = 'Echo          Running   127.0.0.1:{0,-10}     1      0       1        1'
    }
    @{
        Kind = 'a TCP server'; Get = { $tcp }
        Head = '  Id Name          Status    Address              Peers Errors BytesIn BytesOut'
        Row  = 'Relay         Running   127.0.0.1:{0,-10}     1      0  1.5 KB   1.5 KB'
    }
    @{
        Kind = 'a UDP server'; Get = { $udp }
        Head = '  Id Name          Status    Address               Errors     In    Out Dropped'
        Row  = 'Syslog        Running   127.0.0.1:{0,-11}      0      1      1       0'
    }
    @{
        Kind = 'a web server'; Get = { $web }
        Head = '  Id Name          Status    Address               Busy Errors Requests Refused'
        Row  = 'Web           Running   127.0.0.1:{0,-10}     0      0        0       0'
    }
    @{
        Kind = 'a line client'; Get = { $client }
        Head = '  Id Name          Status       Address                 Errors LinesIn LinesOut'
        Row  = 'Caller        Connected    127.0.0.1:{0,-13}      0       1        1'
    }
    @{
        Kind = 'a TCP client'; Get = { $bytes }
        Head = '  Id Name          Status       Address                 Errors BytesIn BytesOut'
        Row  = 'Bytes         Connected    127.0.0.1:{0,-13}      0  1.5 KB   1.5 KB'
    }
    @{
        Kind = 'a UDP client'; Get = { $sender }
        Head = '  Id Name          Status    Address               Errors     In    Out Dropped'
        Row  = 'Sender        Running   127.0.0.1:{0,-11}      0      1      1       0'
    }
    @{
        Kind = 'a timer'; Get = { $timer }
        Head = '  Id Name            Status    Schedule                   Errors  Calls Skipped'
        Row  = 'Tick            Running   every 1m 30s, in 1m 10s         0      2       0'
    }
    @{
        Kind = 'a timer for once'; Get = { $once }
        Head = '  Id Name            Status    Schedule                   Errors  Calls Skipped'
        Row  = 'Once            Running   once, in 1m 40s                 0      0       0'
    }
    @{
        Kind = 'a topic'; Get = { $topic }
        Head = '  Id Name            Status    Subject                  Errors Messages Waiting'
        Row  = 'Orders          Running   orders.*, queue Q             0        0       0'
    }
    @{
        Kind = 'a process'; Get = { $process }
        Head = '  Id Name             Status       Pid Exit Errors LinesOut Command'
        Row  = 'Sleeper          Running  {1,7}           0        0 sleep 1000'
    }
) {
    It 'has what matters in 80 columns' {
        $object = & $Get
        $table = Get-ViewText $object -Width 80
        $table[0] | Should -BeExactly $Head
        $table[2] | Should -BeExactly ("{2,4} $Row" -f $object.Port, $object.ProcessId, $object.Id)
    }

    It 'is the same in wider windows, with no column squeezed' {
        $narrow = Get-ViewText (& $Get) -Width 80
        foreach ($width in 81..131) {
            Get-ViewText (& $Get) -Width $width | Should -BeExactly $narrow -Because "the window has $width columns"
        }
    }

    It 'fits narrower windows' {
        foreach ($width in 40, 60, 79) {
            (Get-ViewText (& $Get) -Width $width).Where{ $_.Length -gt $width } | Should -BeNullOrEmpty
        }
    }

    It 'has as a list each of its facts on a line' {
        $list = Get-ViewText (& $Get) -Width 80 -AsList
        foreach ($label in 'Id', 'Name', 'Status', 'Errors', 'StartTime', 'Age', 'Reactor') {
            $list -match "^$label +: " | Should -HaveCount 1
        }
        $list -match '^Age +: 3m 20s$' | Should -HaveCount 1
        $list -match "^Reactor +: reactor $($r.Id) \(ready, 11 alive\)" | Should -HaveCount 1
        $list -match '^MetricsPort' | Should -BeNullOrEmpty
    }
}

Describe 'The list of what has a page of metrics: <Kind>' -ForEach @(
    @{ Kind = 'a line server'; Start = { Start-LineServer 0 { $_ } -MetricsPort 0 } }
    @{ Kind = 'a TCP server'; Start = { Start-TcpServer 0 { $_ } -MetricsPort 0 } }
    @{ Kind = 'a UDP server'; Start = { Start-UdpServer 0 { $_ } -MetricsPort 0 } }
    @{ Kind = 'a web server'; Start = { Start-HttpServer 0 { 'x' } -MetricsPort 0 } }
    @{ Kind = 'a reactor'; Start = { New-Reactor -MetricsPort 0 } }
) {
    It 'has its port' {
        $it = & $Start
        (Get-ViewText $it -Width 80 -AsList) -match "^MetricsPort +: $($it.MetricsPort)$" | Should -HaveCount 1
        $it.Dispose()
    }
}

Describe 'What can have no page of metrics' {
    It 'has no port of one' {
        $client, $sender, $timer, $topic, $process | Where-Object { $_.PSObject.Properties['MetricsPort'] } | Should -BeNullOrEmpty
    }
}
