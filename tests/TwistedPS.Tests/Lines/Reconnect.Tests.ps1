BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Get-Delay ([object] $Client) {
        $Client.Log.Message | Where-Object { $_ -match '^Reconnecting in (.+) s$' } | ForEach-Object { [double] $Matches[1] }
    }
}

Describe 'A client with -Reconnect' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ }
        $r = New-Reactor -Foreground -FakeClock
        $seen = [System.Collections.Generic.List[string]]::new()
        $handlers = @{
            OnConnecting    = { $seen.Add('connecting') }
            OnConnectFailed = { $seen.Add('failed') }
            OnConnect       = { $seen.Add('connected') }
            OnDisconnect    = { $seen.Add("disconnected: $_") }
        }
        $common = @{ Reactor = $r; WarningAction = 'SilentlyContinue' }

        function Wait-Status ([object] $Client, [string] $Status) {
            Wait-Reactor $r -Until { $Client.Status -eq $Status } -Timeout 30
        }

        function Wait-Failure ([int] $Count) {
            Wait-Reactor $r -Until { @($seen -eq 'failed').Count -eq $Count } -Timeout 30
        }

        # The server drops all that it has.
        function Invoke-Loss ([object] $Client) {
            Wait-Until { $s.ConnectionCount -eq 1 }
            $s.Connections | ForEach-Object Abort
            Wait-Status $Client Waiting
        }
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
        Get-LineClient | Disconnect-LineClient -DrainTime 0
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'connects again when the delay after a loss is over' {
        $c = Connect-LineClient 127.0.0.1 $s.Port @handlers @common -ReconnectEvery 30
        Invoke-Loss $c
        Get-LineClient | Should -Be $c
        Wait-Reactor $r -Advance 29
        $c.Status | Should -Be Waiting
        Wait-Reactor $r -Advance 1
        Wait-Status $c Connected
        $seen | Should -BeExactly @('connecting', 'connected', 'disconnected: Lost', 'connecting', 'connected')
        Send-Line $c 'again' -Receive -Timeout 30 | Should -BeExactly again
    }

    It 'warns when the first attempt fails, and outputs the client, which waits' {
        $port = Get-UnusedPort
        $c = Connect-LineClient 127.0.0.1 $port @handlers -Reactor $r -ReconnectEvery 30 -WarningVariable warning 3>$null
        $c.Status | Should -Be Waiting
        "$warning" | Should -BeLike "*127.0.0.1:$port*It is tried again."
        $late = Start-LineServer $port { $_ }
        Wait-Reactor $r -Advance 30
        Wait-Status $c Connected
        $seen | Should -BeExactly @('connecting', 'failed', 'connecting', 'connected')
        Wait-Until { $late.TotalConnections -eq 1 }
    }

    It 'outputs a TCP client that waits as well' {
        $c = Connect-TcpClient 127.0.0.1 (Get-UnusedPort) @handlers @common -ReconnectEvery 30
        $c.Status | Should -Be Waiting
        Get-TcpClient | Should -Be $c
        Disconnect-TcpClient $c
        $c.Status | Should -Be Disconnected
        $seen | Should -BeExactly @('connecting', 'failed')
    }

    It 'waits longer after each failure, up to the longest delay' {
        $options = @{ ReconnectDelay = 1; ReconnectFactor = 2; ReconnectMaxDelay = 3; ReconnectJitter = 0 }
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) @handlers @common @options -Reconnect
        foreach ($delay in 1, 2, 3) {
            Wait-Reactor $r -Advance $delay
            Wait-Failure ($delay + 1)
        }
        Get-Delay $c | Should -Be @(1, 2, 3, 3)
    }

    It 'adds no more than the jitter' {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) @common -Reconnect -ReconnectDelay 10 -ReconnectJitter 5
        Get-Delay $c | Should -BeGreaterOrEqual 10
        Get-Delay $c | Should -BeLessOrEqual 15
    }

    It 'gives up after -ReconnectAttempts, which ends Wait-LineClient' {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) @handlers @common -ReconnectEvery 30 -ReconnectAttempts 2
        Wait-Reactor $r -Advance 30
        Wait-Failure 2
        Wait-Reactor $r -Advance 30
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $c.Status | Should -Be Disconnected
        $c.Log.Message | Should -Contain 'Gave up reconnecting after 2 attempts'
        Get-LineClient | Should -BeNullOrEmpty
        Wait-Reactor $r -Advance 1h
        @($seen -eq 'connecting').Count | Should -Be 3
    }

    It 'ends for good with Disconnect-LineClient while it <Name>' -ForEach @(
        @{ Name = 'waits'; Prepare = { Invoke-Loss $c } }
        @{ Name = 'is about to connect'; Prepare = { Invoke-Loss $c; $null = Start-ReactorTimer -After 30 { $c.Dispose() } -Reactor $r; Wait-Reactor $r -Advance 30 } }
        @{ Name = 'is connected'; Prepare = { } }
    ) {
        $c = Connect-LineClient 127.0.0.1 $s.Port @handlers @common -ReconnectEvery 30
        . $Prepare
        Disconnect-LineClient $c
        $c.Status | Should -Be Disconnected
        Get-LineClient | Should -BeNullOrEmpty
        Wait-Reactor $r -Advance 1h
        @($seen -eq 'connecting').Count | Should -Be 1
    }

    It 'ends for good when a handler disconnects it' {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) -OnConnectFailed { $seen.Add('failed'); if ($seen.Count -eq 2) { Disconnect-LineClient $Client } } @common -ReconnectEvery 30
        Wait-Reactor $r -Advance 30
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        Wait-Reactor $r -Advance 1h
        $seen.Count | Should -Be 2
    }

    It 'connects at once when it is told to while it waits' {
        $c = Connect-LineClient 127.0.0.1 $s.Port @handlers @common -ReconnectEvery 30
        Invoke-Loss $c
        $c | Connect-LineClient | Should -Be $c
        $c.Status | Should -Be Connected
        Wait-Reactor $r -Advance 1h
        $seen | Should -BeExactly @('connecting', 'connected', 'disconnected: Lost', 'connecting', 'connected')
        Invoke-Loss $c
        Wait-Reactor $r -Advance 30
        Wait-Status $c Connected
    }

    It 'connects again when its own handler closes the connection' {
        $c = Connect-LineClient 127.0.0.1 $s.Port @handlers @common -ReconnectEvery 30 -OnLine { $Connection.Close() }
        Send-Line $c 'a'
        Wait-Status $c Waiting
        Wait-Reactor $r -Advance 30
        Wait-Status $c Connected
        $seen | Should -BeExactly @('connecting', 'connected', 'disconnected: Done', 'connecting', 'connected')
    }

    It 'keeps the lines that it has received, and sends none while it waits' {
        $c = Connect-LineClient 127.0.0.1 $s.Port @common -ReconnectEvery 30
        Send-Line $c 'kept'
        Wait-Reactor $r -Until { $c.WaitingLines -eq 1 } -Timeout 30
        Invoke-Loss $c
        (Get-Failure { Send-Line $c 'lost' }).Id | Should -Be NotConnected
        Wait-Reactor $r -Advance 30
        Wait-Status $c Connected
        Send-Line $c 'new'
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('kept', 'new')
    }

    It 'lets timers and other connections go on while it waits' -Tag U7 {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) @common -ReconnectEvery 30
        $t = Start-ReactorTimer -Every 1 { } -Reactor $r
        $echo = Start-LineServer 0 { "<$_>" } -Reactor $r
        $other = Connect-LineClient 127.0.0.1 $echo.Port -Reactor $r
        Wait-Reactor $r -Advance 29
        Send-Line $other 'a' -Receive -Timeout 30 | Should -BeExactly '<a>'
        $t.Calls | Should -Be 29
        $c.Status | Should -Be Waiting
    }

    It 'connects from -LocalEndPoint, also when it connects again' {
        $c = Connect-LineClient 127.0.0.1 $s.Port @common -ReconnectEvery 30 -LocalEndPoint 127.0.0.1:0
        Invoke-Loss $c
        Wait-Reactor $r -Advance 30
        Wait-Status $c Connected
        $c.Connection.LocalEndPoint.Address | Should -Be 127.0.0.1
    }
}

Describe 'A client that waits to connect again' {
    BeforeAll {
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName

        function Start-Session ([string] $Script) {
            Start-ChildShell '-Command', "Import-Module '$module'; Import-Module '$PSScriptRoot/../Support/Helpers.psm1'`n$Script"
        }

        $waiting = '$c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) -ReconnectEvery 1h -WarningAction SilentlyContinue; "$($c.Status)"'
    }

    AfterEach {
        Close-Peer
        Get-LineClient | Disconnect-LineClient
    }

    It 'does not keep a shell from ending, in the background or in the foreground' {
        $shell = Start-Session "
            $waiting
            `$PSDefaultParameterValues['Connect-LineClient:Reactor'] = New-Reactor -Foreground
            $waiting"
        'Waiting', 'Waiting' | ForEach-Object { Read-ChildLine $shell | Should -BeExactly $_ }
        Assert-ChildSucceeded $shell
    }

    It 'ends when the module is removed' {
        $shell = Start-Session @"
            `$before = @(Get-Runspace).Count
            $waiting
            `$reactor = `$c.Reactor
            Remove-Module TwistedPS
            "`$(`$c.Status) `$(@(`$reactor.Services).Count)"
            [System.Threading.SpinWait]::SpinUntil({ @(Get-Runspace).Count -eq `$before }, 10000)
"@
        'Waiting', 'WARNING: The module TwistedPS was removed*', 'Disconnected 0', 'True' | ForEach-Object { Read-ChildLine $shell | Should -BeLike $_ }
        Assert-ChildSucceeded $shell
    }

    It 'ends with its reactor' {
        $own = New-Reactor
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) -ReconnectEvery 1h -WarningAction SilentlyContinue -Reactor $own
        Stop-Reactor $own
        Wait-LineClient $c -Timeout 30 | Should -Be $c
        $c.Status | Should -Be Disconnected
    }

    It 'is not ended by Ctrl+C in a cmdlet that waits for it' {
        $c = Connect-LineClient 127.0.0.1 (Get-UnusedPort) -ReconnectEvery 1h -WarningAction SilentlyContinue
        $entered = [System.Threading.ManualResetEventSlim]::new($false)
        $pipeline = Start-Pipeline { param($c, $entered) $entered.Set(); Wait-LineClient $c } $c, $entered
        $entered.Wait(30000) | Should -BeTrue
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        $c.Status | Should -Be Waiting
    }
}

Describe 'A parameter of reconnecting that would be ignored' {
    It 'is an error: -<Parameter> without -Reconnect' -ForEach @(
        @{ Parameter = 'ReconnectDelay' }
        @{ Parameter = 'ReconnectMaxDelay' }
        @{ Parameter = 'ReconnectFactor' }
        @{ Parameter = 'ReconnectJitter' }
        @{ Parameter = 'ReconnectAttempts' }
    ) {
        $option = @{ $Parameter = 5 }
        foreach ($connect in { Connect-LineClient 127.0.0.1 1 @option }, { Connect-TcpClient 127.0.0.1 1 @option }) {
            $failure = Get-Failure $connect
            $failure.Id, $failure.Category, $failure.Target | Should -BeExactly @('ParameterWithoutEffect', 'InvalidArgument', $Parameter)
            $failure.Message | Should -BeExactly "-$Parameter has no effect without -Reconnect."
            $failure.IsTerminating | Should -BeTrue
        }
    }

    It 'is an error: one of a growing delay with -ReconnectEvery' {
        $failure = Get-Failure { Connect-LineClient 127.0.0.1 1 -Reconnect -ReconnectEvery 1 -ReconnectFactor 2 }
        $failure.Id | Should -BeExactly ParameterWithoutEffect
        $failure.Message | Should -BeExactly '-ReconnectFactor has no effect with -ReconnectEvery.'
    }
}

Describe 'Ctrl+C' {
    AfterEach {
        Close-Peer
    }

    It 'ends a Connect-LineClient -ReconnectEvery that nobody answers, for good' {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
        $deaf = New-DeafListener
        $pipeline = Start-Pipeline {
            param($seen, $port)
            Connect-LineClient 127.0.0.1 $port -ReconnectEvery 0 -OnConnecting { ($using:seen).Enqueue($Client) }
        } $seen, $deaf.Port
        Wait-Until { $seen.Count -eq 1 }
        $c = @($seen)[0]
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        Wait-Until { -not $c.Reactor.Services }
        $c.Status | Should -Be Disconnected
        $seen.Count | Should -Be 1
    }
}
