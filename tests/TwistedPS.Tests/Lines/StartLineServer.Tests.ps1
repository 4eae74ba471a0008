BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Start-LineServer' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'takes -Delimiter <Delimiter> for both ways' -ForEach @(
        @{ Delimiter = 'LF'; Text = "a`nb`r`n"; Expected = "1`n2`n" }
        @{ Delimiter = 'lf'; Text = "a`n"; Expected = "1`n" }
        @{ Delimiter = 'CRLF'; Text = "a`nb`r`n"; Expected = "3`r`n" }
        @{ Delimiter = '||'; Text = 'a|b||cd||'; Expected = '3||2||' }
        @{ Delimiter = 'Auto'; Text = "a`nbc`r`n"; Expected = "1`r`n2`r`n" }
    ) {
        $s = Start-LineServer 0 { $_.Length } -Delimiter $Delimiter
        Invoke-Peer $s.Port $Text | Should -BeExactly $Expected
    }

    It 'finds a delimiter that is split across packets' {
        $s = Start-LineServer 0 { "<$_>" } -Delimiter '||'
        $peer = Connect-Peer $s.Port
        Send-Peer $peer 'a|'
        Wait-Until { $s.BytesIn -eq 2 }
        Send-Peer $peer '|'
        Receive-Peer $peer -Until '||' | Should -BeExactly '<a>||'
    }

    It 'reads and writes -Encoding <Encoding>' -ForEach @(
        @{ Encoding = 'latin1'; Text = "$([char]0xe9)`n"; Expected = "$([char]0xe9)e9`r`n" }
        @{ Encoding = 'utf8'; Text = "$([char]0xc3)$([char]0xa9)`n"; Expected = "$([char]0xc3)$([char]0xa9)e9`r`n" }
        @{ Encoding = 28591; Text = "$([char]0xe9)`n"; Expected = "$([char]0xe9)e9`r`n" }
    ) {
        $s = Start-LineServer 0 { '{0}{1:x}' -f $_, [int][char]$_ } -Encoding $Encoding
        Invoke-Peer $s.Port $Text | Should -BeExactly $Expected
    }

    It 'writes no byte order mark' {
        $s = Start-LineServer 0 { $_ } -OnConnect { 'hi' }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "hi`r`na`r`n"
    }

    It 'takes -MaxLineLength for the longest line' {
        $s = Start-LineServer 0 { $_.Length } -MaxLineLength 10
        Invoke-Peer $s.Port "$('x' * 10)`n" | Should -BeExactly "10`r`n"
        Invoke-Peer $s.Port "$('x' * 11)`n" | Should -BeExactly ''
        $s.LinesTooLong | Should -Be 1
    }

    It 'answers the lines before one that is too long' {
        $s = Start-LineServer 0 { "<$_>" } -MaxLineLength 10
        Invoke-Peer $s.Port "a`nb`n$('x' * 11)`n" | Should -BeExactly "<a>`r`n<b>`r`n"
    }

    It 'closes an idle connection after -IdleTimeout and keeps a busy one' {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $_ } -IdleTimeout 2 -OnDisconnect { $reasons = $using:reasons; $reasons.Enqueue($_) }
        $idle = Connect-Peer $s.Port
        $busy = Connect-Peer $s.Port
        while ($reasons.IsEmpty) {
            Send-Peer $busy "a`n"
            Receive-Peer $busy -Until "`n" | Should -BeExactly "a`r`n"
        }
        Receive-Peer $idle -End | Should -BeExactly ''
        $reasons | Should -BeExactly TimedOut
        $s.ConnectionCount | Should -Be 1
    }

    It 'has silent connections probed after -KeepAlive' -Skip:(-not $IsLinux) {
        # Of a socket of a local and a remote port, "02" says that it waits to probe, and the rest for how long, in hundredths.
        $timer = {
            param($local, $remote)
            $row = Get-Content /proc/net/tcp | Where-Object { $_ -match (':{0:X4} \w+:{1:X4} 01 ' -f $local, $remote) }
            $kind, $left = (-split $row)[5] -split ':'
            $kind -eq '02' ? [int] ([int] "0x$left" / 100) : 'none'
        }
        $s = Start-LineServer 0 { $_ }
        $hasty = Start-TcpServer 0 { , $_ } -KeepAlive 30s
        $off = Connect-LineClient 127.0.0.1 $s.Port -KeepAlive 0
        $rare = Connect-TcpClient 127.0.0.1 $hasty.Port -KeepAlive 2h
        Wait-Until { $s.ConnectionCount -and $hasty.ConnectionCount }
        $ports = { $args.Connection.LocalEndPoint.Port }
        & $timer $s.Port (& $ports $off) | Should -BeIn (31..60)
        & $timer (& $ports $off) $s.Port | Should -Be none
        & $timer $hasty.Port (& $ports $rare) | Should -BeIn (0..30)
        & $timer (& $ports $rare) $hasty.Port | Should -BeGreaterThan 3600
    }

    It 'gives the client over -MaxConnections no byte and an end' {
        $s = Start-LineServer 0 { "<$_>" } -OnConnect { 'welcome' } -MaxConnections 1
        $first = Connect-Peer $s.Port
        Receive-Peer $first -Until "`n" | Should -BeExactly "welcome`r`n"
        $second = Connect-Peer $s.Port
        Send-Peer $second "a`n"
        Receive-Peer $second -End | Should -BeExactly ''
        $s.RefusedConnections | Should -Be 1
        $s.LinesIn | Should -Be 0
        $second.Close()
        Wait-Until { $s.Log[-1].Message -like 'Lost client connection.*' }
        $refused = $s.Log | Where-Object Source -Like '*,1,127.0.0.1'
        $refused.Message | Should -BeExactly @(
            'Client connection from 127.0.0.1', 'Too many connections. bye !', 'Lost client connection. Reason: Refused')
        $refused.Level | Should -Be Information, Warning, Information
    }

    It 'gives the place of a client that leaves to the next, and that of a refused one to nobody' {
        $s = Start-LineServer 0 { "<$_>" } -MaxConnections 1
        $first = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        Invoke-Peer $s.Port "b`n" | Should -BeExactly ''
        $first.Close()
        Wait-Until { $s.ConnectionCount -eq 0 }
        Invoke-Peer $s.Port "c`n" | Should -BeExactly "<c>`r`n"
    }

    It 'limits the connections of one address with -MaxConnectionsPerAddress' -Skip:(-not [System.Net.Sockets.Socket]::OSSupportsIPv6) {
        $s = Start-LineServer 0 { "<$_>" } -Address * -MaxConnectionsPerAddress 1
        $null = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        Invoke-Peer $s.Port "a`n" -Address ::1 | Should -BeExactly "<a>`r`n"
        $s.RefusedConnections | Should -Be 1
    }

    It 'holds no more than -SendBufferLimit for a client that does not read, and loses nothing' {
        $s = Start-LineServer 0 { $_ } -SendBufferLimit 65536
        $peer = Connect-Peer $s.Port
        $line = "$('z' * 999)`n"
        $data = [System.Text.Encoding]::Latin1.GetBytes($line * 30000)
        $sending = $peer.GetStream().WriteAsync($data, 0, $data.Length)
        Wait-Until { $s.Connections[0].UnsentBytes -gt 65536 }
        $s.Connections[0].UnsentBytes | Should -BeLessOrEqual (65536 + 1001)
        $s.BytesIn | Should -BeLessThan $data.Length
        $sending.IsCompleted | Should -BeFalse
        $reply = Receive-Peer $peer -Length (1001 * 30000)
        $sending.Wait(10000) | Should -BeTrue
        # Should would take gigabytes to describe where they differ.
        $reply -ceq "$('z' * 999)`r`n" * 30000 | Should -BeTrue
    }

    It 'names the server with -Name' {
        $s = Start-LineServer 0 { $_ } -Name greeter
        $s.Name | Should -BeExactly greeter
        (Get-LineServer greeter).Id | Should -Be $s.Id
        $s.Log[0].Source | Should -BeExactly greeter
    }

    It 'names it after its kind and number otherwise' {
        $s = Start-LineServer 0 { $_ }
        $s.Name | Should -BeExactly "LineServer$($s.Id)"
    }

    It 'appends its log to -LogPath' {
        $path = Join-Path $TestDrive server.log
        Set-Content $path 'was here'
        $s = Start-LineServer 0 { Write-Warning "heard $_" } -Name web -LogPath $path
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        Stop-LineServer $s
        $lines = Get-Content $path
        $lines[0] | Should -BeExactly 'was here'
        $lines[1..100] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[web(,0,127\.0\.0\.1)?\] .+$'
        $lines -match '\[web,0,127\.0\.0\.1\] Client connection from 127\.0\.0\.1$' | Should -HaveCount 1
        $lines -match '\[web,0,127\.0\.0\.1\] Lost client connection\. Reason: Done$' | Should -HaveCount 1
        $lines -match '\] heard a$' | Should -HaveCount 1
        $lines[-1] | Should -BeLike '* `[web`] Stopped'
    }

    It 'names the connection in the log of what its handler writes' {
        $s = Start-LineServer 0 { Write-Warning "heard $_" } -Name web
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ''
        ($s.Log | Where-Object Message -EQ 'heard a').Source | Should -BeExactly 'web,0,127.0.0.1'
    }

    It 'can be read by others while it writes -LogPath' {
        $path = Join-Path $TestDrive live.log
        $s = Start-LineServer 0 { $_ } -LogPath $path
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
        Wait-Until { (Get-Content $path) -match 'Lost client connection' }
    }

    It 'takes -LogPath relative to the current location' {
        Push-Location $TestDrive
        try {
            $s = Start-LineServer 0 { $_ } -LogPath relative.log
            Stop-LineServer $s
        }
        finally {
            Pop-Location
        }
        Join-Path $TestDrive relative.log | Should -Exist
    }

    It 'listens on loopback only by default' {
        $s = Start-LineServer 0 { $_ }
        $s.EndPoint.Address | Should -Be ([System.Net.IPAddress]::Loopback)
    }

    It 'listens on -Address ::1' -Skip:(-not [System.Net.Sockets.Socket]::OSSupportsIPv6) {
        $s = Start-LineServer 0 { $Connection.Address } -Address ::1
        $s.EndPoint.ToString() | Should -BeExactly "[::1]:$($s.Port)"
        Invoke-Peer $s.Port "a`n" -Address ::1 | Should -BeExactly "::1`r`n"
        { Connect-Peer $s.Port } | Should -Throw
    }

    It 'listens on -Address 0.0.0.0' {
        $s = Start-LineServer 0 { $Connection.Address } -Address 0.0.0.0
        $s.EndPoint.ToString() | Should -BeExactly "0.0.0.0:$($s.Port)"
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "127.0.0.1`r`n"
    }

    It 'listens on IPv4 and IPv6 with -Address * and shows each peer as what it is' -Skip:(-not [System.Net.Sockets.Socket]::OSSupportsIPv6) {
        $s = Start-LineServer 0 { $Connection.Address } -Address *
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "127.0.0.1`r`n"
        Invoke-Peer $s.Port "a`n" -Address ::1 | Should -BeExactly "::1`r`n"
    }

    It 'listens on -Address localhost' {
        $s = Start-LineServer 0 { $_ } -Address localhost
        [System.Net.IPAddress]::IsLoopback($s.EndPoint.Address) | Should -BeTrue
    }
}
