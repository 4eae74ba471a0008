BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A line client' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name echo
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'connects, sends, receives and disconnects' {
        $c = Connect-LineClient localhost $s.Port
        $c.Status | Should -Be Connected
        Send-Line $c 'hello'
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        Disconnect-LineClient $c
        $c.Status | Should -Be Disconnected
        $c.Connection.CloseReason | Should -Be Done
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'connects to <Address>' -ForEach @(
        @{ Address = '127.0.0.1' }
        @{ Address = 'localhost' }
    ) {
        $c = Connect-LineClient $Address $s.Port
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
    }

    It 'connects again, with what it has received and its number' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'kept'
        Wait-Until { $c.WaitingLines -eq 1 }
        Disconnect-LineClient $c
        $again = $c | Connect-LineClient
        $again | Should -Be $c
        $c.Status | Should -Be Connected
        Send-Line $c 'new'
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('kept', 'new')
    }

    It 'leaves one connection when it connects again while connected' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $null = $c | Connect-LineClient
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
        Wait-Until { $s.TotalConnections -eq 2 -and $s.ConnectionCount -eq 1 }
    }

    It 'keeps lines that came before the peer closed' {
        $bye = Start-LineServer 0 { $_; 'Bye'; $Connection.Close() }
        $c = Connect-LineClient 127.0.0.1 $bye.Port
        Send-Line $c 'last'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        Receive-Line $c -Count 2 | Should -BeExactly @('last', 'Bye')
    }

    It 'is listed while it is connected' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine
        $other = Connect-LineClient 127.0.0.1 $s.Port
        (Get-LineClient).Id | Should -Be @($c.Id, $other.Id)
        (Get-LineClient mine).Id | Should -Be $c.Id
        (Get-LineClient m*).Id | Should -Be $c.Id
        (Get-LineClient -Id $other.Id).Name | Should -BeExactly "LineClient$($other.Id)"
        Disconnect-LineClient $c
        (Get-LineClient).Id | Should -Be $other.Id
    }

    It 'is found <Name>' -ForEach @(
        @{ Name = 'by name'; Call = { Send-Line mine 'a'; Receive-Line mine -Timeout 30; Disconnect-LineClient mine } }
        @{ Name = 'by id'; Call = { $id = (Get-LineClient).Id; Send-Line $id 'a'; Receive-Line $id -Timeout 30; Disconnect-LineClient $id } }
        @{ Name = 'in the pipeline'; Call = { Send-Line (Get-LineClient) 'a'; Get-LineClient | Receive-Line -Timeout 30; Get-LineClient | Disconnect-LineClient } }
    ) {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine
        & $Call | Should -BeExactly a
        $c.Status | Should -Be Disconnected
    }

    It 'disconnects many at once' {
        $clients = 1..5 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        Disconnect-LineClient $clients
        $clients.Status | Select-Object -Unique | Should -Be Disconnected
        Disconnect-LineClient $clients
    }

    It 'takes the delimiter and the encoding of its own' {
        $own = Start-LineServer 0 { $_; $_.Length } -Delimiter '||' -Encoding latin1
        $c = Connect-LineClient 127.0.0.1 $own.Port -Delimiter '||' -Encoding latin1
        Send-Line $c "caf$([char]0xe9)" -Receive -Count 2 -Timeout 30 | Should -BeExactly @("caf$([char]0xe9)", '4')
    }

    It 'waits for its end with Wait-LineClient' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $failure = Get-Failure { Wait-LineClient $c -Timeout 200ms }
        $failure.Id | Should -Be WaitTimeout
        $failure.IsTerminating | Should -BeFalse
        $s.Connections[0].Close()
        Wait-LineClient $c -Timeout 30 | Should -Be $c
    }

    It 'raises events that Register-ObjectEvent takes' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $null = Register-ObjectEvent $s LineReceived -SourceIdentifier onServer
        $null = Register-ObjectEvent $c LineReceived -SourceIdentifier onClient
        $null = Register-ObjectEvent $s Disconnected -SourceIdentifier onEnd
        try {
            Send-Line $c 'seen'
            $event = Wait-Event onServer -Timeout 30
            $event.SourceEventArgs.Line | Should -BeExactly seen
            $event.SourceEventArgs.Connection.Owner | Should -Be $s
            (Wait-Event onClient -Timeout 30).SourceEventArgs.Line | Should -BeExactly seen
            Disconnect-LineClient $c
            (Wait-Event onEnd -Timeout 30).SourceEventArgs.Connection.CloseReason | Should -Be Done
        }
        finally {
            Unregister-Event onServer
            Unregister-Event onClient
            Unregister-Event onEnd
            Get-Event | Remove-Event
        }
    }

    It 'gives up connecting with <Name>' -ForEach @(
        @{ Name = 'Disconnect-LineClient'; End = { param($c) Disconnect-LineClient $c } }
        @{ Name = 'Dispose'; End = { param($c) $c.Dispose() } }
    ) {
        $deaf = New-DeafListener
        $maker = Start-LineServer 0 { $null = Connect-LineClient 127.0.0.1 ($using:deaf).Port -Name $using:Name; 'begun' }
        $peer = Connect-Peer $maker.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "begun`r`n"
        Wait-Until { Get-LineClient "$Name*" }
        $c = Get-LineClient $Name
        $c.Status | Should -Be Connecting
        & $End $c
        Wait-Until { $c.Status -eq 'Disconnected' } -Timeout 10
        Get-LineClient $Name* | Should -BeNullOrEmpty
    }

    It 'disconnects with Dispose' {
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $c.Dispose()
        Wait-LineClient $c -Timeout 30 | Should -Be $c
    }
}

Describe 'A line client with handlers' {
    BeforeEach {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { if ($_ -eq 'bye') { $Connection.Close() } else { "<$_>" } }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'has OnConnecting, OnConnect, every line, and OnDisconnect called in order' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name mine { ($using:seen).Enqueue("line $_ $($Client.Name)") } `
            -OnConnecting { ($using:seen).Enqueue("connecting $($_.Port -eq $Client.Port)") } -OnConnect { ($using:seen).Enqueue("connect $($Connection -eq $_)") } `
            -OnDisconnect { ($using:seen).Enqueue("disconnect $_") }
        Send-Line $c 'a', 'b', 'bye'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('connecting True', 'connect True', 'line <a> mine', 'line <b> mine', 'disconnect Done')
    }

    It 'sends what they output' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { ($using:seen).Enqueue($_); if ($_.Length -lt 10) { $_ } else { 'bye' } } -OnConnect { 'a' }
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('<a>', '<<a>>', '<<<a>>>', '<<<<a>>>>', '<<<<<a>>>>>')
    }

    It 'has OnConnectFailed called with the error' {
        $port = Get-UnusedPort
        $failure = Get-Failure {
            Connect-LineClient 127.0.0.1 $port { $_ } -OnConnecting { ($using:seen).Enqueue('connecting') } -OnConnectFailed { ($using:seen).Enqueue("failed $($_.GetType().Name)") } `
                -OnConnect { ($using:seen).Enqueue('connect') } -OnDisconnect { ($using:seen).Enqueue('disconnect') }
        }
        $failure.Id | Should -Be ConnectionRefused
        $seen | Should -BeExactly @('connecting', 'failed ErrorRecord')
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'keeps the error of a handler and closes the connection' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { throw "no $_" } -OnDisconnect { ($using:seen).Enqueue($_) }
        Send-Line $c 'a'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly HandlerError
        $c.Errors[0].Message | Should -BeExactly 'no <a>'
    }

    It 'shares $script: among its handlers and has a state' {
        $c = Connect-LineClient 127.0.0.1 $s.Port { $script:count++; ($using:seen).Enqueue("$script:count $($Client.State.Word)") } -OnConnect { $script:count = 10; $Client.State.Word = 'w' }
        Send-Line $c 'a', 'b', 'bye'
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $seen | Should -BeExactly @('11 w', '12 w')
    }

    It 'may be made in a handler, on the same reactor' {
        $target = $s
        $relay = Start-LineServer 0 {
            $peer = $Connection
            $script:peers = @{}
            $up = Connect-LineClient 127.0.0.1 ($using:target).Port { $Client.State.Peer.Send($_) } -OnConnect { $Client.State.First }
            $up.State.Peer = $peer
            $up.State.First = $_
        }
        $c = Connect-LineClient 127.0.0.1 $relay.Port
        $null = $target
        Send-Line $c 'through' -Receive -Timeout 30 | Should -BeExactly '<through>'
        $relay.Errors | Should -BeNullOrEmpty
    }
}

Describe 'Disconnect-LineClient' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'does nothing with -WhatIf' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Disconnect-LineClient $c -WhatIf
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly a
    }

    It 'takes a completed name that has wildcards in it as it is' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name 'odd[1]'
        $completion = (TabExpansion2 'Disconnect-LineClient odd').CompletionMatches[0].CompletionText
        Invoke-Expression "Disconnect-LineClient $completion"
        $c.Status | Should -Be Disconnected
    }
}
