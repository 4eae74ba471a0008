BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'RelayTo, <Kind>' -ForEach (Get-ReactorKind -Background) {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterEach { Stop-Everything }

    AfterAll { Stop-Reactor $reactor }

    It 'makes a port forwarder of one line' {
        $echo = Start-TcpServer 0 { $Connection.Write($_) } -Reactor $reactor
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Connect-TcpClient localhost $using:echo.Port)) }
        $bytes = [byte[]]::new(200000)
        [Random]::new(1).NextBytes($bytes)
        $text = [Text.Encoding]::Latin1.GetString($bytes)
        $peer = Connect-Peer $s.Port
        Send-Peer $peer $text
        $back = Receive-Peer $peer -Length $text.Length
        [string]::Equals($back, $text, 'Ordinal') | Should -BeTrue
        Send-Peer $peer 'last' -End
        Receive-Peer $peer -End | Should -BeExactly last
        Wait-Until { $s.ConnectionCount -eq 0 -and -not (Get-TcpClient) }
    }

    It 'passes on what a handler of lines has not seen, and calls OnDisconnect alone' {
        $seen = New-Queue
        $far = Start-TcpServer 0 { $Connection.Decode($_).ToUpper() } -Reactor $reactor
        $s = Start-LineServer 0 -Reactor $reactor -OnLine {
            ($using:seen).Enqueue($_)
            $Connection.RelayTo((Connect-TcpClient localhost $using:far.Port))
            "connected to $_"
        } -OnDisconnect { ($using:seen).Enqueue("$_") }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "far`nno line"
        Receive-Peer $peer -Length 25 | Should -BeExactly "connected to far`r`nNO LINE"
        $peer.Client.Shutdown('Send')
        Receive-Peer $peer -End | Should -BeExactly ''
        $peer.Dispose()
        Wait-Until { $seen.Count -eq 2 }
        $seen | Should -Be far, Done
    }

    It 'aborts the connection when nothing listens there' {
        $closed = Get-UnusedPort
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Connect-TcpClient localhost $using:closed)) }
        $peer = Connect-Peer $s.Port
        { Receive-Peer $peer -End } | Should -Throw '*reset*'
    }
}

Describe 'RelayTo' {
    AfterEach { Stop-Everything }

    It 'joins two clients from the prompt, whose data that was not received goes first' {
        $hello = Start-TcpServer 0 -OnConnect { 'hello' }
        $upper = Start-TcpServer 0 { $Connection.Decode($_).ToUpper() }
        $one = Connect-TcpClient localhost $hello.Port
        $other = Connect-TcpClient localhost $upper.Port
        Wait-Until { $one.BytesIn -eq 5 }
        $one.Connection.RelayTo($other)
        Wait-Until { $hello.BytesIn -eq 5 }
        $upper.BytesIn | Should -Be 5
    }

    It 'relays in memory and in the foreground' {
        $far = New-LineTestConnection { "far $_" }
        $near = New-LineTestConnection -Server $far.Server
        $second = New-LineTestConnection { $Connection.RelayTo(($using:near).Connection) } -Reactor $far.Reactor
        Send-Line $second 'relay'
        Send-Line $second 'hello' -Receive -Timeout 30 | Should -BeExactly 'far hello'
        Disconnect-LineClient $second
        Wait-LineClient $near -Timeout 30 | ForEach-Object { $_.Connection.CloseReason } | Should -Be Done
    }

    It 'is an error of the handler: <Name>' -ForEach @(
        @{ Name = 'to itself'; Handler = { $Connection.RelayTo($Connection) }; Words = '*to itself*' }
        @{ Name = 'to a client that is gone'; Handler = { $c = Connect-TcpClient localhost 1; $c.Dispose(); $Connection.RelayTo($c) }; Words = '*is not connected*' }
        @{ Name = 'twice'; Handler = { $c = Connect-TcpClient localhost 1; $Connection.RelayTo($c); $Connection.RelayTo($c) }; Words = '*relayed already*' }
    ) {
        $s = Start-TcpServer 0 $Handler
        Invoke-Peer $s.Port x -ErrorAction SilentlyContinue
        $s.Errors[0].Message | Should -BeLike $Words
    }
}
