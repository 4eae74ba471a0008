BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1
    $kinds = Get-ReactorKind -Background
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Handlers replaced on a <Kind> reactor' -ForEach $kinds {
    BeforeEach {
        $r = New-Reactor @ReactorOptions
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
    }

    It 'are those of a TCP server, whose connections and framing stay' {
        $s = Start-TcpServer 0 { $script:count++; "old $count" } -Framing Netstring -Reactor $r
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Netstring -Reactor $r
        Send-TcpData $c a
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly 'old 1'
        Set-TcpServer $s { $script:count++; "new $count $args" } -ArgumentList x -PassThru | Should -Be $s
        Send-TcpData $c a
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeLike 'new 2 *x'
        $s.TotalConnections | Should -Be 1
    }

    It 'are those of a UDP server, for peers that it knows already, too' {
        $s = Start-UdpServer 0 -AsText { $script:count++; "old $count $_" } -Reactor $r
        $c = Connect-UdpClient 127.0.0.1 $s.Port -Reactor $r
        Send-Datagram $c a
        Receive-Datagram $c -AsText -Timeout 30 | Should -BeExactly 'old 1 a'
        $s.Name | Set-UdpServer -OnDatagram { throw "new $($script:count) $_" } -OnError { "$_" }
        Send-Datagram $c b
        Receive-Datagram $c -AsText -Timeout 30 | Should -BeExactly 'new 1 b'
        Set-UdpServer $s { Start-Deferred { throw 'late' } } -OnError { "caught: $_" }
        Send-Datagram $c c
        Receive-Datagram $c -AsText -Timeout 30 | Should -BeExactly 'caught: late'
    }

    It 'are those of a web server, with methods that it did not have' {
        $s = Start-HttpServer 0 { $script:count++; "old $count" } -OnError { "oops: $_" } -Reactor $r
        (Invoke-RestMethod "http://127.0.0.1:$($s.Port)/").Trim() | Should -BeExactly 'old 1'
        Set-HttpServer $s { "new $($script:count)" } -Post { throw 'bad' }
        (Invoke-RestMethod "http://127.0.0.1:$($s.Port)/").Trim() | Should -BeExactly 'new 1'
        (Invoke-RestMethod "http://127.0.0.1:$($s.Port)/" -Method Post -Body x -SkipHttpErrorCheck).Trim() | Should -BeExactly 'oops: bad'
        "$((Invoke-WebRequest "http://127.0.0.1:$($s.Port)/" -Method Put -Body x -SkipHttpErrorCheck).Headers.Allow)" | Should -BeLike '*POST*'
    }
}

Describe 'Set-<Noun>' -ForEach @(
    @{ Noun = 'LineServer'; Start = { Start-LineServer 0 { 'x' } } }
    @{ Noun = 'TcpServer'; Start = { Start-TcpServer 0 { 'x' } } }
    @{ Noun = 'UdpServer'; Start = { Start-UdpServer 0 { 'x' } } }
    @{ Noun = 'HttpServer'; Start = { Start-HttpServer 0 { 'x' } } }
) {
    AfterEach {
        Get-HttpServer | Stop-HttpServer -DrainTime 0
        Stop-Everything
    }

    It 'replaces OnStop, and says what it can not do' {
        $seen = New-Queue
        $s = & $Start
        & "Set-$Noun" $s -OnStop { ($using:seen).Enqueue("$($Server.Name) stops") }
        $failure = Get-Failure { & "Set-$Noun" $s }
        $failure.Id, $failure.IsTerminating | Should -Be HandlerMissing, $true
        & "Set-$Noun" $s -OnStop { 'never' } -WhatIf
        & "Stop-$Noun" $s
        $seen | Should -BeExactly "$($s.Name) stops"
        $failure = Get-Failure { & "Set-$Noun" $s -OnStop { } }
        $failure.Id, $failure.IsTerminating | Should -Be ServerStopped, $false
    }
}

Describe 'A UDP server without a handler' {
    It 'gets none, so that nothing that waits is lost' {
        $s = Start-UdpServer 0
        $failure = Get-Failure { Set-UdpServer $s { $_ } }
        $failure.Id, $failure.IsTerminating | Should -Be ParameterWithoutEffect, $false
        $failure.Message | Should -BeLike '*Receive-Datagram.'
        Stop-UdpServer $s
    }
}
