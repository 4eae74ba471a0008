BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    # Sends datagrams, and outputs as many answers as text.
    function Get-Answer ($Server, [object[]] $Data, [int] $Count = $Data.Count) {
        $client = Connect-UdpClient localhost $Server.Port -Reactor $Server.Reactor
        Send-Datagram $client $Data
        Receive-Datagram $client -Count $Count -Timeout 30 -AsText
        Disconnect-UdpClient $client
    }
}

Describe 'A UDP server (<Kind>)' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterEach {
        Get-UdpServer | Stop-UdpServer -DrainTime 0
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'answers with what its handler outputs, a datagram for each object' {
        $server = Start-UdpServer 0 { 'one'; 2; , [byte[]](51, 51) } -Reactor $reactor
        Get-Answer $server 'x' 3 | Should -BeExactly 'one', '2', '33'
        $server.DatagramsIn, $server.DatagramsOut | Should -Be 1, 3
        $server.BytesIn, $server.BytesOut | Should -Be 1, 6
    }

    It 'gives bytes, or text with -AsText in its encoding' {
        $server = Start-UdpServer 0 { "$($_.GetType().Name) $($_.Count)" } -Reactor $reactor
        Get-Answer $server 'äöü' | Should -BeExactly 'Byte[] 6'
        $server = Start-UdpServer 0 { "$($_.GetType().Name) $_" } -AsText -Encoding latin1 -Reactor $reactor
        Get-Answer $server (, [byte[]](0x61, 0xE4)) | Should -BeLike 'String a*'
    }

    It 'sends bytes back as they are, whether inlined or not' {
        $data = [byte[]](0, 255, 13, 10, 0)
        foreach ($handler in { $_ }, { , $_ }, { Write-Output $_ -NoEnumerate }) {
            $server = Start-UdpServer 0 $handler -Reactor $reactor
            $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
            Send-Datagram $client (, $data)
            (Receive-Datagram $client -Timeout 30).Data | Should -Be $data
        }
    }

    It 'gives its handlers the sender, itself, and arguments by position' {
        $server = Start-UdpServer 0 {
            param($Sender, $Text, $Extra)
            function Nothing { }
            "$Text of $($Sender.Address):$($Sender.Port), $Peer, $Extra, $($Server.Name), $($Sender.Equals($Peer))"
        } -AsText -Name names -ArgumentList extra -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'it'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly "it of $($client.LocalAddress), $($client.LocalAddress), extra, names, True"
    }

    It 'is inlined where its handler allows, with another sender for each call' {
        $said, $server = Start-UdpServer 0 { if ($_ -eq 'no') { return }; "$($Peer.Port) $_" } -AsText -Reactor $reactor -Verbose 4>&1
        "$said" | Should -BeExactly 'OnDatagram: inlined'
        $one, $two = 1, 2 | ForEach-Object { Connect-UdpClient localhost $server.Port -Reactor $reactor }
        Invoke-Reactor -Reactor $reactor -ArgumentList $one, $two {
            param($one, $two)
            $one.Send('a'); $two.Send('no'); $two.Send('b'); $one.Send('c')
        }
        Receive-Datagram $one -Count 2 -Timeout 30 -AsText | Should -BeExactly "$($one.LocalAddress.Port) a", "$($one.LocalAddress.Port) c"
        Receive-Datagram $two -Timeout 30 -AsText | Should -BeExactly "$($two.LocalAddress.Port) b"
        Start-UdpServer 0 { Get-Date } -Reactor $reactor -Verbose 4>&1 | Select-Object -First 1 | Should -BeLike 'OnDatagram: not inlined*'
    }

    It 'makes the same datagrams of arrays of bytes, whether inlined or not: <Handler>' -ForEach @(
        @{ Handler = { $_ }; Answers = , 'ab' }
        @{ Handler = { $_; $_ }; Answers = , 'abab' }
        @{ Handler = { , $_; , $_ }; Answers = 'ab', 'ab' }
        @{ Handler = { $_; 'text'; $_ }; Answers = 'ab', 'text', 'ab' }
        @{ Handler = { 'text'; $_; $_[0] }; Answers = 'text', 'aba' }
        @{ Handler = { [byte[]]@(); 'end' }; Answers = , 'end' }
        @{ Handler = { , [byte[]]@(); 'end' }; Answers = '', 'end' }
        @{ Handler = { $_[1]; $_[0] }; Answers = , 'ba' }
        @{ Handler = { $_, $_ }; Answers = 'ab', 'ab' }
    ) {
        $said, $server = Start-UdpServer 0 $Handler -Reactor $reactor -Verbose 4>&1
        "$said" | Should -BeExactly 'OnDatagram: inlined'
        $twin = Use-Twin { Start-UdpServer 0 $Handler -Reactor $reactor }
        foreach ($one in $server, $twin) {
            Get-Answer $one 'ab' $Answers.Count | Should -BeExactly $Answers
            $one.DatagramsOut | Should -Be $Answers.Count
        }
    }

    It 'sends in the order in which its handler says so' {
        $server = Start-UdpServer 0 { 'first'; $Peer.Send('second'); 'third'; Send-Datagram $Peer 'fourth'; 'fifth' } -Reactor $reactor
        Get-Answer $server 'x' 5 | Should -BeExactly 'first', 'second', 'third', 'fourth', 'fifth'
        $server = Start-UdpServer 0 { 'first'; $Peer.Send('second'); 'third' } -Reactor $reactor
        Get-Answer $server 'x' 3 | Should -BeExactly 'first', 'second', 'third'
    }

    It 'answers later, and ends what its handlers have started when it stops' {
        $server = Start-UdpServer 0 {
            $word = $_
            Start-Deferred { "deferred $using:word" }
            $null = Start-ReactorTimer -After 1ms { "timer $using:word" }
            $null = Start-ReactorTimer -Every 1h { }
        } -AsText -Reactor $reactor
        Get-Answer $server 'a' 2 | Sort-Object | Should -BeExactly 'deferred a', 'timer a'
        $reactor.Services | Where-Object { $_ -is [TwistedPS.ReactorTimer] } | Should -HaveCount 1
        Stop-UdpServer $server
        Wait-Handled $reactor { -not ($reactor.Services | Where-Object { $_ -is [TwistedPS.ReactorTimer] }) }
    }

    It 'goes on after an error of its handler, which has the sender and is in the log' {
        $server = Start-UdpServer 0 { if ($_ -eq 'bad') { throw 'it' }; $_ } -AsText -Reactor $reactor
        Get-Answer $server 'a', 'bad', 'b' 2 3>$null 2>$null | Should -BeExactly 'a', 'b'
        $server.Status | Should -Be Running
        $server.Errors | Should -HaveCount 1
        $server.Errors[0].Handler, $server.Errors[0].Message | Should -BeExactly OnDatagram, it
        $server.Errors[0].Connection | Should -BeOfType ([TwistedPS.DatagramPeer])
        ($server.Log | Where-Object Level -EQ Error).Source | Should -Match ',127\.0\.0\.1$'
    }

    It 'notes what its handler logs under the sender, and the rest of its streams in the log' {
        $server = Start-UdpServer 0 { Write-ReactorLog "noted $_"; Write-Warning 'careful' } -AsText -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'it' 3>$null
        Wait-Handled $reactor { $server.Log.Message -contains 'careful' } 3>$null
        ($server.Log | Where-Object Message -EQ 'noted it').Source | Should -BeExactly "$($server.Name),$($client.LocalAddress.Port),127.0.0.1"
    }

    It 'is not read while too much of what its handlers have started waits to run' {
        $gate = New-Gate
        $server = Start-UdpServer 0 {
            param($From, $Data, $Until)
            $null = Start-Deferred { param($gate) $null = $gate.Wait(60000) } -ArgumentList $Until
        } -ArgumentList $gate -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        1..130 | Send-Datagram $client

        # 100 wait, and up to 10 have begun meanwhile.
        Wait-Handled $reactor { $server.DatagramsIn -ge 100 }
        1..5 | ForEach-Object { Invoke-Reactor -Reactor $reactor { } }
        $server.DatagramsIn | Should -BeLessOrEqual 110
        $gate.Set()
        Wait-Handled $reactor { $server.DatagramsIn -eq 130 }
    }

    It 'lets -OnError decide what the sender gets' {
        $server = Start-UdpServer 0 { throw 'it' } -OnError { param($Who, $What) "sorry $($Who.Port): $_, $What" } -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'x'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly "sorry $($client.LocalAddress.Port): it, it"
    }

    It 'makes an error of an answer that is too long, and sends none of it' {
        $server = Start-UdpServer 0 { 'x' * 65508 } -OnError { $_.FullyQualifiedErrorId } -Reactor $reactor
        Get-Answer $server 'x' | Should -BeExactly MessageTooLong
        $server.DatagramsOut | Should -Be 1
    }

    It 'calls OnStart and OnStop once, whose output goes to the log' {
        $server = Start-UdpServer 0 { "$($script:count)" } -InitializationScript { $script:count = 41 } -OnStart { $script:count++; 'begun' } -OnStop { "ended at $_" } -Reactor $reactor
        Get-Answer $server 'x' | Should -BeExactly '42'
        Stop-UdpServer $server
        $server.Log.Message | Should -Contain 'OnStart: begun'
        $server.Log.Message | Should -Contain "OnStop: ended at $server"
        $server.Status | Should -Be Stopped
    }

    It 'is looked into by Invoke-Reactor -Server' {
        $server = Start-UdpServer 0 { $script:seen = $_ } -AsText -Name inside -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'this'
        Wait-Handled $reactor { $server.DatagramsIn -eq 1 }
        Invoke-Reactor -Server $server { "$($script:seen) $($Server.Name)" } | Should -BeExactly 'this inside'
        Invoke-Reactor -Server inside { $script:seen } | Should -BeExactly this
    }

    It 'waits in a queue without a handler, and answers from there' {
        $server = Start-UdpServer 0 -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'a', 'b'
        $first, $second = Receive-Datagram $server -Count 2 -Timeout 30
        "$first$second" | Should -BeExactly ab
        $first.Peer.Port | Should -Be $client.LocalAddress.Port
        Send-Datagram $first.Peer 'answer'
        Send-Datagram $server 'by address' -To $client.LocalAddress
        Send-Datagram $server 'by text' -To "localhost:$($client.LocalAddress.Port)"
        Receive-Datagram $client -Count 3 -Timeout 30 -AsText | Should -BeExactly 'answer', 'by address', 'by text'
    }
}

Describe 'A UDP server' {
    AfterEach {
        Get-Event -SourceIdentifier datagrams -ErrorAction Ignore | Remove-Event
        Get-UdpServer | Stop-UdpServer -DrainTime 0
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    }

    It 'is listed, found by name and number, and stopped' {
        $server = Start-UdpServer 0 { } -Name listed
        Get-UdpServer listed | Should -Be $server
        Get-UdpServer -Id $server.Id | Should -Be $server
        (Get-Reactor).Services | Should -Contain $server
        Stop-UdpServer listed
        Get-UdpServer | Should -BeNullOrEmpty
    }

    It 'says who has its port' {
        $server = Start-UdpServer 0 { }
        $failure = Get-Failure { Start-UdpServer $server.Port { } }
        $failure.Id, $failure.Target, $failure.IsTerminating | Should -Be AddressInUse, "127.0.0.1:$($server.Port)", $true
    }

    It 'refuses what makes no sense: <Name>' -ForEach @(
        @{ Name = 'a group that is none'; Id = 'InvalidAddress'; Do = { Start-UdpServer 0 { } -MulticastGroup 10.0.0.1 } }
        @{ Name = 'an interface that is not there'; Id = 'InvalidAddress'; Do = { Start-UdpServer 0 { } -MulticastGroup 239.1.1.1 -MulticastInterface nosuch0 } }
        @{ Name = 'an address of another machine'; Id = 'AddressNotAvailable'; Do = { Start-UdpServer 0 { } -Address 192.0.2.1 } }
        @{ Name = 'a mode that is not octal'; Id = 'FileModeInvalid'; Do = { Start-UdpServer -Path /tmp/x { } -FileMode 888 } }
        @{ Name = 'a filter'; Id = 'HandlerInvalid'; Do = { Start-UdpServer 0 { process { } } } }
    ) {
        $failure = Get-Failure $Do
        $failure.Id, $failure.IsTerminating | Should -Be $Id, $true
        Get-UdpServer | Should -BeNullOrEmpty
    }

    It 'raises events' {
        $server = Start-UdpServer 0 { }
        $null = Register-ObjectEvent $server DatagramReceived -SourceIdentifier datagrams
        $client = Connect-UdpClient localhost $server.Port
        Send-Datagram $client 'event'
        (Wait-Event datagrams -Timeout 30).SourceEventArgs.Datagram.Text | Should -BeExactly event
        Unregister-Event datagrams
    }

    It 'serves with -Wait until it is stopped, in the session itself' {
        $port = Get-UnusedPort
        $started, $ended = (New-Gate), (New-Gate)
        $served = Start-Pipeline {
            param($port, $started, $ended)
            $where = 'here'
            Start-UdpServer $port { "$where $_" } -AsText -Wait -OnStart { $started.Set() } -OnStop { $ended.Set() }
        } $port, $started, $ended
        $started.Wait(30000) | Should -BeTrue
        $client = Connect-UdpClient localhost $port
        Send-Datagram $client 'we are'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly 'here we are'
        $null = Stop-Pipeline $served
        $ended.IsSet | Should -BeTrue
        Close-Peer
    }

    It 'has a clock of its own, which stands still for no datagram' {
        $reactor = New-Reactor -Foreground -FakeClock
        $server = Start-UdpServer 0 { $script:at = Get-Date; 'now' } -Reactor $reactor
        $client = Connect-UdpClient localhost $server.Port -Reactor $reactor
        Send-Datagram $client 'x'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly now
        Wait-Reactor $reactor -Advance 1h
        $server.Uptime | Should -Be ([timespan]'01:00')
        Stop-Reactor $reactor
    }
}
