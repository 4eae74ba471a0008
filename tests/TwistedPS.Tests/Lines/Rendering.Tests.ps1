BeforeDiscovery {
    $places = @(
        @{ Place = 'the background'; New = { @{} } }
        @{ Place = 'the foreground'; New = { @{ Reactor = New-Reactor -Foreground } } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $table = '', 'Name Size', '---- ----', 'a       1', 'b       2', ''
}

Describe 'Output of handlers in <Place>' -ForEach $places {
    BeforeEach {
        $on = & $New
    }

    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        if ($on.Reactor) {
            Stop-Reactor $on.Reactor
        }
    }

    It 'is shown as a console would: <Name>' -ForEach @(
        @{
            Name     = 'the output of Format-Table'
            Handler  = { 'before'; [pscustomobject]@{ Name = 'a'; Size = 1 }, [pscustomobject]@{ Name = 'b'; Size = 2 } | Format-Table; '.' }
            Expected = 'before', '', 'Name Size', '---- ----', 'a       1', 'b       2', '', '.'
        }
        @{
            Name     = 'the output of Format-List'
            Handler  = { [pscustomobject]@{ Name = 'a'; Size = 1 } | Format-List; '.' }
            Expected = '', 'Name : a', 'Size : 1', '', '.'
        }
        @{
            Name     = 'a hashtable'
            Handler  = { @{ a = 1 }; '.' }
            Expected = '', 'Name                           Value', '----                           -----', 'a                              1', '', '.'
        }
        @{
            Name     = 'what prints as its type'
            Handler  = { [Threading.CancellationTokenSource]::new(); '.' }
            Expected = '', 'IsCancellationRequested Token', '----------------------- -----', '                  False System.Threading.CancellationToken', '', '.'
        }
    ) {
        $s = Start-LineServer 0 $Handler @on
        $c = Connect-LineClient 127.0.0.1 $s.Port @on
        $lines = Send-Line $c x -Receive -Until '.' -Timeout 20
        $lines.TrimEnd() | Should -BeExactly $Expected
    }

    It 'is text as ever where it has some' {
        $s = Start-LineServer 0 { 5; [pscustomobject]@{ a = 1 }; [version]'1.2'; [int]; 1.5; $true; '.' } @on
        $c = Connect-LineClient 127.0.0.1 $s.Port @on
        Send-Line $c x -Receive -Until '.' -Timeout 20 | Should -BeExactly '5', '@{a=1}', '1.2', 'int', '1.5', 'True', '.'
    }
}

Describe 'What would print as the name of its type' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
        Get-TcpClient | Disconnect-TcpClient
    }

    It 'is shown as a console would by Send-Line' {
        $s = Start-LineServer 0 { "<$_>" }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        & { 'before'; [pscustomobject]@{ Name = 'a'; Size = 1 }, [pscustomobject]@{ Name = 'b'; Size = 2 } | Format-Table; 'after' } | Send-Line $c
        $lines = Receive-Line $c -Until '<after>' -Timeout 20
        $lines.TrimEnd() | Should -BeExactly (@('before') + $table + 'after' | ForEach-Object { "<$_>" })
    }

    It 'is shown as a console would by Send-TcpData, in one message' {
        $s = Start-TcpServer 0 { , $_ } -Framing Netstring
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing Netstring
        [pscustomobject]@{ Name = 'a'; Size = 1 }, [pscustomobject]@{ Name = 'b'; Size = 2 } | Format-Table | Send-TcpData $c
        Receive-TcpData $c -AsString -Timeout 20 | Should -BeExactly (($table | ForEach-Object { "$_$([Environment]::NewLine)" }) -join '')
    }

    It 'is shown as a console would by a server of data' {
        $s = Start-TcpServer 0 { 'before'; [pscustomobject]@{ Name = 'a'; Size = 1 }, [pscustomobject]@{ Name = 'b'; Size = 2 } | Format-Table; [byte]33 }
        Invoke-Peer $s.Port x | Should -BeExactly ('before' + (($table | ForEach-Object { "$_$([Environment]::NewLine)" }) -join '') + '!')
    }

    It 'has no colors' {
        $s = Start-LineServer 0 { [pscustomobject]@{ Name = "$([char]27)[31mred$([char]27)[0m" } | Format-Table; '.' }
        Invoke-Peer $s.Port "x`n" | Should -Not -Match ([char]27)
    }
}
