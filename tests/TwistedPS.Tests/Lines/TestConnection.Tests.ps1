BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'New-LineTestConnection with handlers' {
    BeforeAll {
        function Get-Price {
            param([string] $Name)
            throw "no price of $Name"
        }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'calls a handler without a port' {
        $c = New-LineTestConnection { "<$_>" }
        Send-Line $c 'a' -Receive | Should -BeExactly '<a>'
        $c.Server.Port | Should -Be 0
        $c.Host | Should -BeExactly memory
    }

    It 'calls every handler, in order' {
        $seen = [System.Collections.Generic.List[string]]::new()
        $c = New-LineTestConnection { $seen.Add($_) } -OnStart { $seen.Add('start') } -OnConnect { $seen.Add('connect') } `
            -OnDisconnect { $seen.Add("disconnect $_") } -OnStop { $seen.Add('stop') }
        Send-Line $c 'a', 'b'
        Disconnect-LineClient $c
        $seen | Should -BeExactly @('start', 'connect', 'a', 'b', 'disconnect Done', 'stop')
    }

    It 'has run the handlers when Send-Line returns' {
        $script:seen = @()
        $c = New-LineTestConnection { $script:seen += $_ }
        'a', 'b' | Send-Line $c
        $script:seen | Should -BeExactly @('a', 'b')
    }

    It 'receives a greeting' {
        $c = New-LineTestConnection -OnConnect { 'hello'; 'there' }
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly @('hello', 'there')
    }

    It 'lets handlers call mocks' {
        Mock Get-Price { 42 }
        $c = New-LineTestConnection { Get-Price $_ }
        Send-Line $c 'tea' -Receive -Timeout 30 | Should -BeExactly 42
        Should -Invoke Get-Price -Exactly 1 -ParameterFilter { $Name -eq 'tea' }
    }

    It 'shows that nothing was answered' {
        $c = New-LineTestConnection { }
        (Get-Failure { Send-Line $c 'a' -Receive -Timeout 100ms }).Id | Should -Be ReceiveTimeout
    }

    It 'shows that a handler has closed the connection' {
        $c = New-LineTestConnection { 'Bye'; $Connection.Close() }
        Send-Line $c 'a', 'b'
        Receive-Line $c | Should -BeExactly Bye
        (Get-Failure { Receive-Line $c }).Id | Should -Be NotConnected
        $c.Status | Should -Be Disconnected
        $c.Server.LinesIn | Should -Be 1
    }

    It 'shows that a handler has failed' {
        $c = New-LineTestConnection { throw 'broken' }
        Send-Line $c 'a' -ErrorAction SilentlyContinue
        $c.Server.Errors[0].Message | Should -BeExactly broken
        $c.Status | Should -Be Disconnected
    }

    It 'writes the error of a handler to whoever sent the line' {
        $c = New-LineTestConnection { throw 'broken' }
        $failure = Get-Failure { Send-Line $c 'a' }
        $failure.Message | Should -BeExactly broken
        $failure.IsTerminating | Should -BeFalse
    }

    It 'keeps the error of a handler, which does not end Send-Line -ErrorAction Stop' {
        $c = New-LineTestConnection { throw 'broken' }
        Send-Line $c 'a' -ErrorAction Stop
        $c.Server.Errors[0].Message | Should -BeExactly broken
    }

    It 'ends no script that takes only the first error of a handler' {
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$c = New-LineTestConnection { throw 'broken' }
            `$first = Send-Line `$c 'a' 2>&1 | Select-Object -First 1
            "first: `$first"
            "kept: `$(`$c.Server.Errors[0].Message)"
"@
        Read-ChildLine $shell | Should -BeExactly 'first: broken'
        Read-ChildLine $shell | Should -BeExactly 'kept: broken'
        $null = Wait-ChildShell $shell
    }

    It 'calls functions of -InitializationScript' {
        $c = New-LineTestConnection { ConvertTo-Bold $_ } -InitializationScript { function ConvertTo-Bold { param($Text) "*$Text*" } }
        Send-Line $c 'a' -Receive -Timeout 30 -ErrorAction SilentlyContinue | Should -BeExactly '*a*'
    }

    It 'takes the parameters of a server' {
        $c = New-LineTestConnection { param($Peer, $Line, $More) "$Line $More" } -ArgumentList 'more' -Delimiter '||' -Name tested
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly 'a more'
        $c.Server.Name | Should -BeExactly tested
    }

    It 'carries long texts' {
        $c = New-LineTestConnection { $_ * 30 } -MaxLineLength 100000
        (Send-Line $c ('x' * 100000) -Receive -Timeout 30).Length | Should -Be 3000000
    }

    It 'may be made many times, each on its own' {
        $clients = 1..20 | ForEach-Object { New-LineTestConnection { "$(($Server.State.Count += 1))" } }
        $clients | ForEach-Object { Send-Line $_ 'a' -Receive -Timeout 30 } | Should -BeExactly (@('1') * 20)
        (Get-LineServer).Count | Should -Be 20
        Disconnect-LineClient $clients
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'needs a handler' {
        $failure = Get-Failure { New-LineTestConnection }
        $failure.Id | Should -Be HandlerMissing
        $failure.IsTerminating | Should -BeTrue
    }
}

Describe 'New-LineTestConnection -Server' {
    BeforeEach {
        $s = Start-LineServer 0 { $script:count++; "$script:count $_" } -OnConnect { 'hello' } -Name target
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'connects to a running server, <Name>' -ForEach @(
        @{ Name = 'as an object'; Connect = { New-LineTestConnection -Server $s } }
        @{ Name = 'by name'; Connect = { New-LineTestConnection -Server target } }
        @{ Name = 'from the pipeline'; Connect = { $s | New-LineTestConnection } }
    ) {
        $c = & $Connect
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly '1 a'
        $s.ConnectionCount | Should -Be 1
        $c.Server | Should -Be $s
    }

    It 'shares the server with clients of the network' {
        $c = New-LineTestConnection -Server $s
        Receive-Line $c -Timeout 30 | Should -BeExactly hello
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "hello`r`n1 a`r`n"
        Send-Line $c 'b' -Receive -Timeout 30 | Should -BeExactly '2 b'
    }

    It 'leaves the server running when it ends' {
        $c = New-LineTestConnection -Server $s
        Disconnect-LineClient $c
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.Status | Should -Be Running
    }

    It 'ends when the server stops' {
        $c = New-LineTestConnection -Server $s
        Stop-LineServer $s
        Wait-LineClient $c -Timeout 30 | Should -Be $c
    }

    It 'refuses a server that has stopped' {
        Stop-LineServer $s
        $failure = Get-Failure { New-LineTestConnection -Server $s }
        $failure.Id | Should -Be ServerStopped
        $failure.IsTerminating | Should -BeTrue
    }
}
