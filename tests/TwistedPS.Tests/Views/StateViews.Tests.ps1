BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/ViewText.psm1 -Force
    $rendering = $PSStyle.OutputRendering
    $red, $yellow, $faint = "`e[31m", "`e[33m", "`e[2m"

    function Get-Ansi ([object] $Object, [switch] $AsList) {
        $PSStyle.OutputRendering = 'Ansi'
        try {
            $AsList ? ($Object | Format-List | Out-String -Width 80) : ($Object | Out-String -Width 80)
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
    }
}

Describe 'The state of <Kind>' -ForEach @(
    @{ Kind = 'a server that runs'; Text = 'Running'; Color = ''; Make = { Start-LineServer 0 { $_ } } }
    @{ Kind = 'a server that has stopped'; Text = 'Stopped'; Color = 'faint'; Make = { $s = Start-LineServer 0 { $_ }; Stop-LineServer $s; $s } }
    @{ Kind = 'a server that stops'; Text = 'Stopping'; Color = 'yellow'; Make = {
            $s = Start-LineServer 0 { $_ }
            $null = Connect-Peer $s.Port
            Wait-Until { $s.ConnectionCount -eq 1 }
            $s.Dispose()
            Wait-Until { $s.Status -ne 'Running' }
            $s
        }
    }
    @{ Kind = 'a client that is connected'; Text = 'Connected'; Color = ''; Make = { $s = Start-LineServer 0 { $_ }; Connect-LineClient 127.0.0.1 $s.Port } }
    @{ Kind = 'a client that has disconnected'; Text = 'Disconnected'; Color = 'faint'; Make = {
            $s = Start-LineServer 0 { $_ }
            $c = Connect-LineClient 127.0.0.1 $s.Port
            Disconnect-LineClient $c
            $c
        }
    }
    @{ Kind = 'a client that waits to connect again'; Text = 'Waiting'; Color = 'yellow'; Make = {
            $s = Start-LineServer 0 -OnConnect { $Connection.Close() }
            $c = Connect-LineClient 127.0.0.1 $s.Port -ReconnectEvery 1000
            Wait-Until { $c.Status -eq 'Waiting' }
            $c
        }
    }
    @{ Kind = 'a client that is connecting'; Text = 'Connecting'; Color = 'yellow'; Make = {
            # Nobody answers its handshake.
            $port = (Start-TcpServer 0 { }).Port
            Invoke-Reactor -Reactor (New-Reactor -Foreground) { Connect-LineClient 127.0.0.1 $port -Tls }
        }
    }
    @{ Kind = 'a timer that is done'; Text = 'Completed'; Color = 'faint'; Make = {
            $t = Start-ReactorTimer -After 0 { }; Wait-Until { $t.Status -ne 'Running' }; $t
        }
    }
    @{ Kind = 'a timer that was stopped'; Text = 'Stopped'; Color = 'faint'; Make = { $t = Start-ReactorTimer -Every 1000 { }; Stop-ReactorTimer $t; $t } }
    @{ Kind = 'a timer that has failed'; Text = 'Failed'; Color = 'red'; Make = {
            $t = Start-ReactorTimer -After 0 { throw 'it' }; Wait-Until { $t.Status -eq 'Failed' }; $t
        }
    }
    @{ Kind = 'a process that has succeeded'; Text = 'Exited'; Color = 'faint'; Make = { $p = Start-ReactorProcess sh '-c', 'exit 0'; Wait-Until { $p.Status -eq 'Exited' }; $p } }
    @{ Kind = 'a process that has failed'; Text = 'Exited'; Color = 'red'; Make = { $p = Start-ReactorProcess sh '-c', 'exit 3'; Wait-Until { $p.Status -eq 'Exited' }; $p } }
    @{ Kind = 'a deferred that waits'; Text = 'Waiting'; Color = ''; Make = { New-Deferred } }
    @{ Kind = 'a deferred with a result'; Text = 'Succeeded'; Color = ''; Make = { $d = New-Deferred; Complete-Deferred $d 1; $d } }
    @{ Kind = 'a deferred with an error'; Text = 'Failed'; Color = 'red'; Make = {
            $d = New-Deferred
            $d.Fail([Exception]::new('it'))
            Wait-Until { $d.Status -eq 'Failed' }
            $d
        }
    }
    @{ Kind = 'a deferred that was cancelled'; Text = 'Cancelled'; Color = 'faint'; Make = { $d = New-Deferred; Stop-Deferred $d; Wait-Until { $d.Status -ne 'Waiting' }; $d } }
    @{ Kind = 'a connection that is open'; Text = 'Open'; Color = ''; Make = { $s = Start-LineServer 0 { $_ }; (Connect-LineClient 127.0.0.1 $s.Port).Connection } }
    @{ Kind = 'a connection that is closed'; Text = 'Closed'; Color = 'faint'; Make = {
            $s = Start-LineServer 0 { $_ }; $c = Connect-LineClient 127.0.0.1 $s.Port; Disconnect-LineClient $c; $c.Connection
        }
    }
) {
    AfterEach {
        $PSStyle.OutputRendering = $rendering
        Stop-Everything
        Get-Reactor | Where-Object { -not $_.IsRunning } | Stop-Reactor
    }

    It 'is <Text>, <Color>' {
        $object = & $Make
        $expected = $Color ? "$(Get-Variable $Color -ValueOnly)$Text`e[0m" : " $Text "
        $ansi = Get-Ansi $object
        $ansi.Contains($expected) | Should -BeTrue -Because $ansi
        # The header of a table is in colors as well.
        $PSStyle.OutputRendering = 'PlainText'
        $plain = $object | Out-String -Width 80
        $plain | Should -Not -Match "`e"
        $plain | Should -Match "\b$Text\b"
        $PSStyle.OutputRendering = 'Host'
        $object | Out-String -Width 80 | Should -BeExactly $plain
        $plain.Split("`n").Where{ $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
        if ($object -is [TwistedPS.Deferred]) {
            $null = $object | Receive-Deferred -ErrorAction Ignore
        }
    }
}

Describe 'Colors' {
    AfterEach {
        $PSStyle.OutputRendering = $rendering
        Stop-Everything
        Get-Reactor | Where-Object { -not $_.IsRunning } | Stop-Reactor
    }

    It 'show errors and their number' {
        $s = Start-LineServer 0 { throw 'it' } -OnError { }
        (Get-Ansi $s).Contains("`e[31m") | Should -BeFalse
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'a'
        Wait-Until { $s.ErrorCount -eq 1 }
        (Get-Ansi $s).Contains("$($red)1`e[0m") | Should -BeTrue
        (Get-Ansi $s.Log).Contains("$($red)Error`e[0m") | Should -BeTrue
        (Get-Ansi $s -AsList).Contains("$($red)1`e[0m") | Should -BeTrue
    }

    It 'show the reason of a close unless it is an orderly one' {
        $s = Start-LineServer 0 { throw 'it' }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $given = $s.Connections[0]
        (Get-Ansi $given) | Should -Not -Match 'None'
        Send-Line $c 'a'
        $null = Wait-LineClient $c -WarningAction Ignore
        Wait-Until { $given.Status -eq 'Closed' }
        (Get-Ansi $given).Contains("$($red)HandlerError`e[0m") | Should -BeTrue
        (Get-Ansi $c.Connection) | Should -Match ' Done'
    }

    It 'show an exit code unless it is 0' {
        $p = Start-ReactorProcess sh '-c', 'exit 3'
        Wait-Until { $p.Status -eq 'Exited' }
        (Get-Ansi $p).Contains("$($red)3`e[0m") | Should -BeTrue
    }
}
