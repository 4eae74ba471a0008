BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
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
