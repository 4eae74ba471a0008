BeforeAll {
    Import-Module $PSScriptRoot/../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1 -Force
}

Describe 'A line server on the wire' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'calls its handler once for each line of a segment, in order' -Tag G1 {
        $s = Start-LineServer 0 { $script:count++; "$script:count $_" }
        $lines = 1..500 | ForEach-Object { "line $_" }
        $expected = 1..500 | ForEach-Object { "$_ line $_`r`n" }
        Invoke-Peer $s.Port (-join ($lines | ForEach-Object { "$_`n" })) | Should -BeExactly (-join $expected)
        $s.LinesIn | Should -Be 500
        $s.LinesOut | Should -Be 500
    }

    It 'calls its handler once for a line that comes byte by byte' -Tag G1 {
        $s = Start-LineServer 0 { $script:count++; "$script:count $_" }
        $peer = Connect-Peer $s.Port
        $sent = 0
        foreach ($byte in "hello`n".ToCharArray()) {
            Send-Peer $peer $byte
            $sent++
            Wait-Until { $s.BytesIn -eq $sent }
        }
        Receive-Peer $peer -Until "`n" | Should -BeExactly "1 hello`r`n"
        $s.LinesIn | Should -Be 1
    }

    It 'puts together a character that is split across packets' -Tag G1 {
        $s = Start-LineServer 0 { "$($_.Length) $_" }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "$([char]0xc3)"
        Wait-Until { $s.BytesIn -eq 1 }
        Send-Peer $peer "$([char]0xa9)`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "1 $([char]0xc3)$([char]0xa9)`r`n"
    }

    It 'accepts LF and CRLF and strips one CR' -Tag G2 {
        $s = Start-LineServer 0 { ($_.ToCharArray() | ForEach-Object { [int]$_ }) -join ',' }
        Invoke-Peer $s.Port "a`nb`r`nc`r`r`n`r`n`n" |
            Should -BeExactly "97`r`n98`r`n99,13`r`n`r`n`r`n"
    }

    It 'accepts a line of 16384 bytes that ends in <Name>' -Tag G3 -ForEach @(
        @{ Name = 'LF'; Ending = "`n" }
        @{ Name = 'CRLF'; Ending = "`r`n" }
    ) {
        $s = Start-LineServer 0 { $_.Length }
        Invoke-Peer $s.Port "$('x' * 16384)$Ending" | Should -BeExactly "16384`r`n"
        $s.LinesTooLong | Should -Be 0
    }

    It 'closes the connection of a line of 16385 bytes <Name>, logs and counts it' -Tag G3 -ForEach @(
        @{ Name = 'with its end'; Ending = "`nnext`n" }
        @{ Name = 'without an end'; Ending = '' }
    ) {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $_.Length } -OnDisconnect { $reasons = $using:reasons; $reasons.Enqueue($_) }
        $other = Connect-Peer $s.Port
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "$('x' * 16385)$Ending"
        Receive-Peer $peer -End | Should -BeExactly ''
        $peer.Close()
        Wait-Until { $reasons.Count -eq 1 }
        $reasons | Should -BeExactly LineTooLong
        $s.LinesTooLong | Should -Be 1
        $s.LinesIn | Should -Be 0
        $s.Log | Where-Object { $_.Level -eq 'Warning' -and $_.Message -like '*16384*' } | Should -HaveCount 1
        Send-Peer $other "abc`n"
        Receive-Peer $other -Until "`n" | Should -BeExactly "3`r`n"
    }

    It 'accepts 16384 bytes and CR, then LF in a second packet' -Tag G4 {
        $s = Start-LineServer 0 { $_.Length }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "$('x' * 16384)`r"
        Wait-Until { $s.BytesIn -eq 16385 }
        Send-Peer $peer "`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "16384`r`n"
    }

    It 'processes no later lines of a packet once a handler has closed the connection' -Tag G5 {
        $s = Start-LineServer 0 { $script:seen += "$_;"; 'Bye'; $Connection.Close() }
        Invoke-Peer $s.Port "bye`nlater`nlater still`n" | Should -BeExactly "Bye`r`n"
        Invoke-Reactor -Server $s { $script:seen } | Should -BeExactly 'bye;'
        $s.LinesIn | Should -Be 1
    }

    It 'answers a client that half-closes in full, then ends' -Tag G6 {
        $s = Start-LineServer 0 { "<$_>" }
        Invoke-Peer $s.Port "a`nb`n" | Should -BeExactly "<a>`r`n<b>`r`n"
        Wait-Until { $s.ConnectionCount -eq 0 }
    }

    It 'answers a client that half-closes in full, also when the answer fills every buffer' -Tag G6 {
        $s = Start-LineServer 0 { 'y' * 10000 }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ("`n" * 2000) -End
        Wait-Until { $s.Connections[0].UnsentBytes -gt 1MB }
        (Receive-Peer $peer -End).Length | Should -Be (2000 * 10002)
    }

    It 'loses only the connection whose handler throws, and shows the error' -Tag G7 {
        $s = Start-LineServer 0 { if ($_ -eq 'bad') { throw 'no such thing' }; "<$_>" }
        $other = Connect-Peer $s.Port
        Invoke-Peer $s.Port "bad`nnext`n" | Should -BeExactly ''
        Send-Peer $other "a`n"
        Receive-Peer $other -Until "`n" | Should -BeExactly "<a>`r`n"
        Invoke-Peer $s.Port "b`n" | Should -BeExactly "<b>`r`n"
        $s.ErrorCount | Should -Be 1
        $s.Errors[0].Message | Should -BeExactly 'no such thing'
        $s.Log | Where-Object { $_.Level -eq 'Error' -and $_.Message -like '*no such thing*' } | Should -HaveCount 1
    }

    It 'takes bytes that are not UTF-8 as U+FFFD and counts them' -Tag G7 {
        $s = Start-LineServer 0 { ($_.ToCharArray() | ForEach-Object { '{0:x}' -f [int]$_ }) -join ' ' }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a$([char]0xff)b`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "61 fffd 62`r`n"
        $s.Connections[0].InvalidBytes | Should -Be 1
        Send-Peer $peer "c`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "63`r`n"
    }

    It 'tells once of a client that <Name>, as Lost, and frees its place' -Tag G8 -ForEach @(
        @{ Name = 'resets the connection'; Leave = { param($peer) Reset-Peer $peer } }
        @{ Name = 'dies with replies unread'; Leave = { param($peer) Wait-Until { $peer.Available -gt 0 }; $peer.Client.Close() } }
    ) {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { $_ } -MaxConnections 1 -OnDisconnect { $reasons = $using:reasons; $reasons.Enqueue($_) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Wait-Until { $s.LinesOut -eq 1 }
        & $Leave $peer
        Wait-Until { $reasons.Count -gt 0 }
        Invoke-Peer $s.Port "b`n" | Should -BeExactly "b`r`n"
        Wait-Until { $s.ConnectionCount -eq 0 }
        Wait-Until { $reasons.Count -gt 1 }
        $reasons | Should -BeExactly @('Lost', 'Done')
    }

    It 'tells once of a client that resets while its replies are held back' -Tag G8 {
        $reasons = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $s = Start-LineServer 0 { 'y' * 10000 } -OnDisconnect { $reasons = $using:reasons; $reasons.Enqueue($_) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer ("`n" * 2000)
        Wait-Until { $s.Connections[0].UnsentBytes -gt 1MB }
        Reset-Peer $peer
        Wait-Until { $reasons.Count -gt 0 }
        Stop-LineServer $s
        $reasons | Should -BeExactly Lost
    }

    It 'starts again on the port it has just left' -Tag G9 {
        $s = Start-LineServer 0 { "first $_" }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "first a`r`n"
        Stop-LineServer $s -DrainTime 0
        $again = Start-LineServer $s.Port { "second $_" }
        $again.Port | Should -Be $s.Port
        Invoke-Peer $again.Port "b`n" | Should -BeExactly "second b`r`n"
    }

    It 'refuses a port in use with an error that names address and port' -Tag G9 {
        $s = Start-LineServer 0 { $_ }
        $failure = Get-Failure { Start-LineServer $s.Port { $_ } }
        $failure.Id | Should -Be AddressInUse
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike "*127.0.0.1:$($s.Port)*"
        Get-LineServer | Should -HaveCount 1
        Invoke-Peer $s.Port "still`n" | Should -BeExactly "still`r`n"
    }

    It 'picks a free port for port 0 and shows it' -Tag G10 {
        $s = Start-LineServer 0 { $_ }
        $s.Port | Should -BeGreaterThan 0
        $s.EndPoint.ToString() | Should -BeExactly "127.0.0.1:$($s.Port)"
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
        (Start-LineServer 0 { $_ }).Port | Should -Not -Be $s.Port
    }

    It 'counts and logs text without a delimiter at the end, and hands it to nobody' -Tag G11 {
        $s = Start-LineServer 0 { "<$_>" }
        Invoke-Peer $s.Port "whole`npart" | Should -BeExactly "<whole>`r`n"
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.LinesIn | Should -Be 1
        $s.LinesCutOff | Should -Be 1
        $s.Log | Where-Object { $_.Level -eq 'Debug' -and $_.Message -like '*4 bytes*' } | Should -HaveCount 1
    }

    It 'hands over text without a delimiter at the end with -DeliverPartialLine' -Tag G11 {
        $s = Start-LineServer 0 { "<$_>" } -DeliverPartialLine
        Invoke-Peer $s.Port "whole`npart" | Should -BeExactly "<whole>`r`n<part>`r`n"
        $s.LinesCutOff | Should -Be 1
    }
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
