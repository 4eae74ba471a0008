BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

AfterAll { Stop-Everything }

Describe 'A time limit, on the <Poller> poller' -ForEach @{ Poller = 'Auto' }, @{ Poller = 'Pool' } {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock -Poller $Poller
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'of -ConnectionTimeLimit closes a connection of a server however busy it is' {
        $s = Start-LineServer 0 { $_ } -ConnectionTimeLimit 10m -OnDisconnect { $Server.State.Reason = "$_" } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        foreach ($minute in 1..9) {
            Send-Line $c "$minute" -Receive -Timeout 30 | Should -BeExactly "$minute"
            Wait-Reactor $r -Advance 1m
        }
        $s.Connections[0].TimeLimit | Should -Be ([timespan]'00:10:00')
        Wait-Reactor $r -Advance 1m
        Wait-Reactor $r -Until { $s.State.Reason } -Timeout 30
        $s.State.Reason | Should -BeExactly TimeLimit
        (Wait-LineClient $c -Timeout 30).Connection.CloseReason | Should -Be Done
    }

    It 'of -ConnectionTimeLimit closes that of a client' {
        $s = Start-TcpServer 0 { , $_ } -Reactor $r
        $c = Connect-TcpClient 127.0.0.1 $s.Port -ConnectionTimeLimit 90 -Reactor $r
        Wait-Reactor $r -Advance 89
        $c.Status | Should -Be Connected
        Wait-Reactor $r -Advance 1
        Wait-Reactor $r -Until { $c.Status -eq 'Disconnected' } -Timeout 30
        $c.Connection.CloseReason | Should -Be TimeLimit
    }

    It 'is changed by a handler: a number of seconds, a text, a TimeSpan, or none' {
        $s = Start-LineServer 0 {
            $name, $value = -split $_
            $Connection.$name = switch ($value) { 'none' { $null } 'span' { [timespan]'00:00:30' } { $_ -match '^\d+$' } { [int]$value } default { $value } }
            "$($Connection.IdleTimeout) $($Connection.TimeLimit)"
        } -IdleTimeout 10 -ConnectionTimeLimit 20 -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        foreach ($step in ('IdleTimeout 5', '00:00:05 00:00:20'), ('IdleTimeout 90s', '00:01:30 00:00:20'), ('TimeLimit 2m', '00:01:30 00:02:00'),
            ('IdleTimeout span', '00:00:30 00:02:00'), ('TimeLimit 0', '00:00:30 '), ('IdleTimeout none', ' ')) {
            Send-Line $c $step[0] -Receive -Timeout 30 | Should -BeExactly $step[1]
        }
        Wait-Reactor $r -Advance 1h
        $s.ConnectionCount | Should -Be 1
        $s.Connections[0].IdleTimeout = '2m'
        Wait-Reactor $r -Advance 119
        $s.ConnectionCount | Should -Be 1
        Wait-Reactor $r -Advance 1
        $s.ConnectionCount | Should -Be 0
    }
}

Describe 'A time limit of a connection' {
    It 'is an error where it is none: <Value>' -ForEach @{ Value = -1 }, @{ Value = 'soon' } {
        $s = Start-LineServer 0 { }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        { $c.Connection.IdleTimeout = $Value } | Should -Throw "*'$Value' is not a time.*"
        { $c.Connection.TimeLimit = $Value } | Should -Throw "*'$Value' is not a time.*"
    }
}
