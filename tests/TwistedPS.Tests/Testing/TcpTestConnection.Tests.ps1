BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'New-TcpTestConnection' {
    BeforeAll {
        function Get-Price ([string] $Name) { throw "no price of $Name" }
    }

    AfterEach {
        Stop-Everything
    }

    It 'calls a handler of bytes without a port' {
        $c = New-TcpTestConnection { $_; 33 -as [byte] }
        Send-TcpData $c 'hi'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly 'hi!'
        $c.Server.Port, $c.Host | Should -BeExactly 0, memory
    }

    It 'lets handlers call mocks' {
        Mock Get-Price { '42' }
        $c = New-TcpTestConnection { Get-Price ([Text.Encoding]::ASCII.GetString($_)) }
        Send-TcpData $c 'tea'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly '42'
        Should -Invoke Get-Price -Exactly 1 -ParameterFilter { $Name -eq 'tea' }
    }

    It 'has the framing <Framing> both ways' -ForEach @(
        @{ Framing = 'Length16' }
        @{ Framing = 'Netstring' }
        @{ Framing = @{ Length = 2; Strip = 2 } }
    ) {
        $c = New-TcpTestConnection -Framing $Framing { "$($_.Count)" }
        Send-TcpData $c 'one', 'three'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly '3'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly '5'
    }

    It 'carries objects as JSON' {
        $c = New-TcpTestConnection -Framing Json { @{ Sum = $_.A + $_.B } }
        Send-TcpData $c @{ A = 1; B = 2 }
        (Receive-TcpData $c -Timeout 30).Sum | Should -Be 3
    }

    It 'calls every handler, in order' {
        $seen = [Collections.Generic.List[string]]::new()
        $c = New-TcpTestConnection { $seen.Add("data $_") } -OnStart { $seen.Add('start') } -OnConnect { $seen.Add('connect') } `
            -OnDisconnect { $seen.Add("disconnect $_") } -OnStop { $seen.Add('stop') }
        Send-TcpData $c ([byte[]] 1)
        Disconnect-TcpClient $c
        $seen | Should -BeExactly start, connect, 'data 1', 'disconnect Done', stop
    }

    It 'connects to a running server' {
        $s = Start-TcpServer 0 -Framing Netstring { $_ }
        $c = $s | New-TcpTestConnection
        Send-TcpData $c 'hi'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly hi
        $c.Server | Should -Be $s
    }

    It 'needs a handler, and a server that runs' {
        (Get-Failure { New-TcpTestConnection }).Id | Should -Be HandlerMissing
        $s = Start-TcpServer 0 { }
        Stop-TcpServer $s
        (Get-Failure { New-TcpTestConnection -Server $s }).Id | Should -Be ServerStopped
    }
}
