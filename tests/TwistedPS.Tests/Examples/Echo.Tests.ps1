BeforeAll {
    Import-Module $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'The echo server' {
    BeforeAll {
        $shell = Start-ExampleServer "$PSScriptRoot/../../../examples/echo/server.ps1" -Process
        $port = $shell.Port
    }

    AfterEach { Close-Peer }

    AfterAll { Stop-AllExample }

    It 'sends back <Name>, <Size> bytes at a time' -Tag E1 -ForEach $(
        foreach ($text in @{ Name = 'a letter'; Text = 'a' }, @{ Name = 'a zero, 0xff, CR and LF'; Text = "`0$([char]0xff)`r`n" }) {
            1, 2, 3, 100 | ForEach-Object { $text + @{ Size = $_ } }
        }
    ) {
        $peer = Connect-Peer $port
        for ($at = 0; $at -lt $Text.Length; $at += $Size) {
            Send-Peer $peer $Text.Substring($at, [Math]::Min($Size, $Text.Length - $at))
        }
        Receive-Peer $peer -Length $Text.Length | Should -BeExactly $Text
    }

    It 'sends back 100000 bytes' -Tag E1 {
        $bytes = [byte[]]::new(100000)
        [Random]::new(1).NextBytes($bytes)
        $text = [Text.Encoding]::Latin1.GetString($bytes)
        $peer = Connect-Peer $port
        Send-Peer $peer $text
        $back = Receive-Peer $peer -Length $text.Length
        [string]::Equals($back, $text, 'Ordinal') | Should -BeTrue
    }

    It 'sends back what came before the end, then ends' -Tag E2 {
        Invoke-Peer $port last | Should -BeExactly last
    }

    It 'does not let a peer that sends 100 MB and never reads fill its memory' -Tag E3 {
        $peer = Connect-Peer $port
        Send-Peer $peer warm
        $null = Receive-Peer $peer -Length 4
        $shell.Refresh()
        $before = $shell.WorkingSet64
        $chunk = [byte[]]::new(64KB)
        $sent = 0

        # The kernel's buffers on both sides take some; then nothing goes any more until somebody reads.
        while ($sent -lt 100MB -and $peer.Client.Poll(3000000, 'SelectWrite')) {
            $peer.Client.Blocking = $false
            $failure = [Net.Sockets.SocketError]::Success
            $sent += [Math]::Max(0, $peer.Client.Send($chunk, 0, $chunk.Length, 'None', [ref] $failure))
            $peer.Client.Blocking = $true
        }
        $sent | Should -BeLessThan 50MB
        $shell.Refresh()
        $shell.WorkingSet64 - $before | Should -BeLessThan 50MB
        Invoke-Peer $port 'others go on' | Should -BeExactly 'others go on'

        $buffer = [byte[]]::new(1MB)
        for ($left = $sent; $left -gt 0; $left -= $count) {
            $count = $peer.Client.Receive($buffer)
        }
        $left | Should -Be 0
        Send-Peer $peer more
        Receive-Peer $peer -Length 4 | Should -BeExactly more
    }
}
