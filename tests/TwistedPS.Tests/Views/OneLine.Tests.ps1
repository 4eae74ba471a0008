BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1 -Force
    $r = New-Reactor
    $s = Start-LineServer 0 { $null = $Server.Groups['all'].Add($Connection); if ($_ -eq 'bad') { throw "two`nlines" }; $_ } -OnError { 'sorry' } -Name Echo -Reactor $r
    $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r -Name Caller
    $null = Send-Line $c 'bad' -Receive -Timeout 30
    $k = $s.Connections[0]
    $u = Start-UdpServer 0 { $_ } -Reactor $r -Name Syslog
    $uc = Connect-UdpClient 127.0.0.1 $u.Port -Reactor $r -Name Sender
    Send-Datagram $uc "two`nlines"
    $datagram = Receive-Datagram $uc -Timeout 30
    $t = Start-TcpServer 0 { $_ } -Reactor $r -Name Relay
    $w = Start-HttpServer 0 { $Server.State.Request = $_; $Server.State.Response = $Response; 'x' } -Reactor $r -Name Web
    $null = Invoke-RestMethod "http://127.0.0.1:$($w.Port)/a?b"
    $w.State.Response.ContentType = "text/plain`n"
    $d = New-Deferred
    $null = Register-ObjectEvent $s LineReceived -SourceIdentifier oneLine
    $null = Send-Line $c 'a' -Receive -Timeout 30
    $lineEvent = (Wait-Event oneLine -Timeout 30).SourceEventArgs
    Unregister-Event oneLine
}

AfterAll {
    Remove-Event oneLine -ErrorAction Ignore
    Stop-Reactor $r
}

Describe 'The text of an object' {
    It 'says on one line what it is: <Name>' -ForEach @(
        @{ Name = 'a line server'; Get = { $s }; Expected = '^line server Echo \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a line client'; Get = { $c }; Expected = '^line client Caller \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a TCP server'; Get = { $t }; Expected = '^TCP server Relay \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a UDP server'; Get = { $u }; Expected = '^UDP server Syslog \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a UDP client'; Get = { $uc }; Expected = '^UDP client Sender \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a web server'; Get = { $w }; Expected = '^HTTP server Web \(127\.0\.0\.1:\d+\)$' }
        @{ Name = 'a timer'; Get = { Start-ReactorTimer -Every 90 { } -Name Tick -Reactor $r }; Expected = '^timer Tick \(every 00:01:30\)$' }
        @{ Name = 'a name in two lines'; Get = { Start-ReactorTimer -Every 90 { } -Name "a`nb" -Reactor $r }; Expected = '^timer a\\nb \(' }
        @{ Name = 'a topic'; Get = { Register-ReactorTopic orders.* { } -Queue Q -Reactor $r }; Expected = '^topic orders\.\* \(orders\.\*, queue Q\)$' }
        @{ Name = 'a cluster'; Get = { Get-ReactorCluster }; Expected = '^node \S+-\d+-[0-9A-F]{4}, in no cluster$' }
        @{ Name = 'a process'; Get = { Start-ReactorProcess ([Environment]::ProcessPath) '-NoSuchParameter' -Reactor $r -Name Child }; Expected = '^process Child \(.+, \d+\)$' }
        @{ Name = 'a connection'; Get = { $k }; Expected = '^Echo,0,127\.0\.0\.1:\d+$' }
        @{ Name = 'a reactor'; Get = { $r }; Expected = '^reactor \d+ \(running, \d+ alive\)$' }
        @{ Name = 'a reactor that nobody runs'; Get = { New-Reactor -Foreground }; Expected = '^reactor \d+ \(ready, 0 alive\)$' }
        @{ Name = 'a group'; Get = { , $s.Groups['all'] }; Expected = '^all$' }
        @{ Name = 'the groups'; Get = { , $s.Groups }; Expected = '^groups of line server Echo \(127\.0\.0\.1:\d+\): 1$' }
        @{ Name = 'an error'; Get = { $s.Errors[0] }; Expected = '^OnLine: two lines$' }
        @{ Name = 'a log entry'; Get = { $s.Log[0] }; Expected = '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[Echo\] Started on 127\.0\.0\.1:\d+$' }
        @{ Name = 'a datagram'; Get = { $datagram }; Expected = '^two\\nlines$' }
        @{ Name = 'a sender'; Get = { $datagram.Peer }; Expected = '^127\.0\.0\.1:\d+$' }
        @{ Name = 'a request'; Get = { $w.State.Request }; Expected = '^GET /a$' }
        @{ Name = 'an answer'; Get = { $w.State.Response }; Expected = '^200 text/plain\\n$' }
        @{ Name = 'a deferred'; Get = { $d }; Expected = '^deferred \d+ \(Waiting, .+:\d+\)$' }
        @{ Name = 'an event'; Get = { $lineEvent }; Expected = '^Echo,0,127\.0\.0\.1:\d+: a$' }
        @{ Name = 'an address'; Get = { $s.LocalAddress }; Expected = '^127\.0\.0\.1:\d+$' }
        @{ Name = 'a clock'; Get = { $clock = [TwistedPS.ManualClock]::new(); $clock.Advance([timespan]::FromSeconds(1.5)); $clock }; Expected = '^2000-01-01 00:00:01\.500 \+00:00, advanced by 00:00:01\.5000000$' }
        @{ Name = 'a credential'; Get = { [TwistedPS.PeerCredential]::new(1, 2, 3) }; Expected = '^process 1, user 2, group 3$' }
        @{ Name = 'a signal'; Get = { [TwistedPS.ProcessSignal]::Hangup }; Expected = '^SIGHUP$' }
        @{ Name = 'a delimiter'; Get = { [TwistedPS.LineDelimiter]::CRLF }; Expected = '^CRLF$' }
        @{ Name = 'a framing'; Get = { [TwistedPS.DataFraming]::Netstring }; Expected = '^Netstring$' }
        @{ Name = 'a resolver'; Get = { $r.Resolver }; Expected = '^System$' }
    ) {
        $object = & $Get
        $object.ToString() | Should -Match $Expected
    }

    It 'is one of its own for every kind' {
        $notGivenOut = [Exception], [Attribute], [System.Management.Automation.Cmdlet], [System.Management.Automation.IArgumentCompleter],
        [System.Management.Automation.IModuleAssemblyCleanup], [System.Management.Automation.IModuleAssemblyInitializer]
        [TwistedPS.Reactor].Assembly, (Get-Command Start-LineServer).ImplementingType.Assembly | ForEach-Object GetExportedTypes | Where-Object {
            $type = $_
            $type.IsClass -and -not $type.IsAbstract -and -not $type.IsGenericType -and -not $notGivenOut.Where{ $_.IsAssignableFrom($type) } -and
            $type.GetMethod('ToString', [type[]] @()).DeclaringType -eq [object]
        } | Should -BeNullOrEmpty
    }
}
