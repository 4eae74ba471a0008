BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Set-LineServer' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'replaces a handler and keeps the connections' {
        $s = Start-LineServer 0 { "old $_" } -OnConnect { 'hello' }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "a`r`n" | Should -BeExactly "hello`r`nold a`r`n"
        Set-LineServer $s { "new $_" }
        Send-Peer $peer "b`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "new b`r`n"
        Invoke-Peer $s.Port "c`n" | Should -BeExactly "hello`r`nnew c`r`n"
    }

    It 'keeps what the old handlers have remembered' {
        $s = Start-LineServer 0 { $script:count++; $Server.State.Last = $_; $Connection.State.Last = $_ }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.State.Last -eq 'a' }
        Set-LineServer $s { "$script:count $($Server.State.Last) $($Connection.State.Last)" }
        Send-Peer $peer "b`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "1 a a`r`n"
    }

    It 'takes $using: variables and arguments' {
        $s = Start-LineServer 0 { $_ }
        $word = 'now'
        Set-LineServer $s { param($Connection, $Line, $More) "$using:word $Line $More" } -ArgumentList 'more'
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "now a more`r`n"
    }

    It 'outputs the server with -PassThru only' {
        $s = Start-LineServer 0 { $_ }
        Set-LineServer $s { $_ } | Should -BeNullOrEmpty
        (Set-LineServer $s { $_ } -PassThru).Id | Should -Be $s.Id
    }
}

Describe 'Stop-LineServer' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'frees the port and forgets the server' {
        $s = Start-LineServer 0 { $_ }
        Stop-LineServer $s
        $s.Status | Should -Be Stopped
        Get-LineServer | Should -BeNullOrEmpty
        Test-PortFree $s.Port | Should -BeTrue
    }

    It 'ends connections in good order' {
        $s = Start-LineServer 0 { $_ } -OnConnect { 'y' * 10000 }
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $s.Dispose()
        (Receive-Peer $peer -End).Length | Should -Be 10002
        $peer.Close()
        Wait-LineServer $s -Timeout 30 | Should -Be $s
    }

    It 'drops a client that does not close once -DrainTime is up' {
        $s = Start-LineServer 0 { $_ }
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Stop-LineServer $s -DrainTime 0.2
        $s.Status | Should -Be Stopped
        $s.ConnectionCount | Should -Be 0
        Receive-Peer $peer -End | Should -BeExactly ''
    }

    It 'drops a client that does not read <Name>' -ForEach @(
        @{ Name = 'once -DrainTime is up'; DrainTime = 0.2 }
        @{ Name = 'at once with -DrainTime 0'; DrainTime = 0 }
    ) {
        $s = Start-LineServer 0 { 'y' * 10000 }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ("`n" * 2000)
        Wait-Until { $s.Connections[0].UnsentBytes -gt 1MB }
        $stopping = Start-Pipeline { param($Server, $DrainTime) Stop-LineServer $Server -DrainTime $DrainTime } $s, $DrainTime
        Test-Pipeline $stopping -Timeout 10 | Should -BeTrue
        $s.Status | Should -Be Stopped
    }

    It 'stops servers <Name>' -ForEach @(
        @{ Name = 'from the pipeline'; Stop = { Get-LineServer | Stop-LineServer } }
        @{ Name = 'by name'; Stop = { Stop-LineServer one, two } }
        @{ Name = 'by id'; Stop = { Stop-LineServer (Get-LineServer).Id } }
        @{ Name = 'by wildcard'; Stop = { Stop-LineServer * } }
    ) {
        $one = Start-LineServer 0 { $_ } -Name one
        $two = Start-LineServer 0 { $_ } -Name two
        & $Stop
        $one.Status, $two.Status | Should -Be @('Stopped', 'Stopped')
    }

    It 'stops a server that has stopped without a word' {
        $s = Start-LineServer 0 { $_ }
        Stop-LineServer $s
        Stop-LineServer $s -ErrorAction Stop
        $s.Dispose()
        $s.Status | Should -Be Stopped
    }

    It 'does nothing with -WhatIf' {
        $s = Start-LineServer 0 { $_ }
        Stop-LineServer $s -WhatIf
        $s.Status | Should -Be Running
    }

    It 'is told from a handler' {
        $s = Start-LineServer 0 { 'Bye all'; Stop-LineServer $Server }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "Bye all`r`n"
        Wait-LineServer $s -Timeout 30 | Should -Be $s
        $s.Errors | Should -BeNullOrEmpty
    }
}

Describe 'Wait-LineServer' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'gives up after -Timeout' {
        $s = Start-LineServer 0 { $_ }
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $failure = Get-Failure { Wait-LineServer $s -Timeout 300ms }
        $failure.Id | Should -Be WaitTimeout
        $failure.IsTerminating | Should -BeFalse
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 0.25
        $s.Status | Should -Be Running
    }

    It 'outputs the server when it has stopped' {
        $s = Start-LineServer 0 { $Server.Dispose() }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        (Wait-LineServer $s -Timeout 30).Status | Should -Be Stopped
        (Wait-LineServer $s).Status | Should -Be Stopped
    }
}

Describe 'Get-LineServer' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'lists what is alive, by name, wildcard and id' {
        $one = Start-LineServer 0 { $_ } -Name one
        $two = Start-LineServer 0 { $_ } -Name two
        (Get-LineServer).Name | Should -Be @('one', 'two')
        (Get-LineServer t*).Id | Should -Be $two.Id
        (Get-LineServer -Id $one.Id).Name | Should -Be one
        (Get-LineServer ONE).Id | Should -Be $one.Id
        Get-LineServer z* | Should -BeNullOrEmpty
    }

    It 'counts lines, bytes and connections' {
        $s = Start-LineServer 0 { $_ }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "ab`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "ab`r`n"
        Wait-Until { $s.BytesOut -eq 4 }
        $s.LinesIn, $s.LinesOut, $s.BytesIn, $s.BytesOut, $s.ConnectionCount | Should -Be @(1, 1, 3, 4, 1)
        $peer.Close()
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.LinesIn, $s.LinesOut, $s.BytesIn, $s.BytesOut, $s.TotalConnections | Should -Be @(1, 1, 3, 4, 1)
        $s.Uptime | Should -BeGreaterThan ([timespan]::Zero)
    }
}

Describe 'Get-ReactorConnection and Disconnect-ReactorConnection' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -OnConnect { 'welcome' } -Name guests
        $clients = 1..3 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        $null = $clients | Receive-Line -Timeout 30
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'lists connections of all servers, of one, and by id' {
        $other = Start-LineServer 0 { $_ }
        $null = Connect-LineClient 127.0.0.1 $other.Port
        Wait-Until { $other.ConnectionCount -eq 1 }
        Get-ReactorConnection | Should -HaveCount 4
        Get-ReactorConnection -Server guests | Should -HaveCount 3
        $s | Get-ReactorConnection | Should -HaveCount 3
        Get-ReactorConnection -Address 127.* | Should -HaveCount 4
        Get-ReactorConnection -Address 10.* | Should -BeNullOrEmpty
        $id = $s.Connections[1].Id
        (Get-ReactorConnection $id).Number | Should -Be 1
    }

    It 'shows what a connection has done' {
        Send-Line $clients[0] 'abc' -Receive -Timeout 30 | Should -BeExactly abc
        $connection = $s.Connections[0]
        $connection.LinesIn, $connection.LinesOut, $connection.BytesIn | Should -Be @(1, 2, 5)
        $connection.Address | Should -BeExactly 127.0.0.1
        $connection.Status | Should -Be Open
        $connection.Owner | Should -Be $s
    }

    It 'throws out <Name>' -ForEach @(
        @{ Name = 'one by id'; Call = { Disconnect-ReactorConnection $s.Connections[1].Id }; Left = 2 }
        @{ Name = 'one object'; Call = { Disconnect-ReactorConnection $s.Connections[1] }; Left = 2 }
        @{ Name = 'all from the pipeline'; Call = { Get-ReactorConnection | Disconnect-ReactorConnection }; Left = 0 }
        @{ Name = 'some of the pipeline'; Call = { Get-ReactorConnection | Where-Object Number -GE 1 | Disconnect-ReactorConnection }; Left = 1 }
        @{ Name = 'nobody with -WhatIf'; Call = { Get-ReactorConnection | Disconnect-ReactorConnection -WhatIf }; Left = 3 }
    ) {
        & $Call
        Wait-Until { $s.ConnectionCount -eq $Left }
        Wait-Until { (Get-LineClient | Measure-Object).Count -eq $Left }
        if ($Left -lt 3) {
            $clients[1].Connection.CloseReason | Should -Be Done
        }
    }

    It 'drops a connection with -Force' {
        Disconnect-ReactorConnection $s.Connections[0] -Force
        Wait-LineClient $clients[0] -Timeout 30 | Should -Be $clients[0]
        $clients[0].Connection.CloseReason | Should -Be Lost
        $s.ConnectionCount | Should -Be 2
    }
}
