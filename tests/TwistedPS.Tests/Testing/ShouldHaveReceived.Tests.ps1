BeforeDiscovery {
    $operators = @(
        @{ Assertion = 'Should -HaveReceivedLine'; Do = { param($Client, $Arguments) $Client | Should -HaveReceivedLine @Arguments } }
        @{ Assertion = 'Assert-ReceivedMessage'; Do = { param($Client, $Arguments) $Client | Assert-ReceivedMessage @Arguments } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1 -Force

    function Get-Message ([scriptblock] $Script) {
        try { & $Script; 'nothing was wrong' } catch { "$_" }
    }
}

AfterAll {
    Stop-Everything
}

Describe '<Assertion>' -ForEach $operators {
    BeforeEach {
        $c = New-LineTestConnection { "You said: $_" } -OnConnect { 'Welcome' }
        function Assert-It ([object] $Expected, [hashtable] $More = @{}) {
            & $Do $c (@{ $($Assertion -like 'Should *' ? 'ExpectedValue' : 'Expected') = $Expected } + $More)
        }
    }

    It 'passes where the next line is the expected one, which it receives' {
        Assert-It 'Welcome'
        $c.WaitingLines | Should -Be 0
        Send-Line $c 'a', 'b', 'c'
        Assert-It 'You said: a', 'You said: b'
        Receive-Line $c -Timeout 30 | Should -BeExactly 'You said: c'
    }

    It 'says what came instead, and leaves it to be received' {
        Send-Line $c 'a', 'b'
        Get-Message { Assert-It 'Hello' } | Should -BeExactly "Expected the line 'Hello', but 'Welcome' came. Received: 'Welcome', 'You said: a', 'You said: b'."
        Get-Message { Assert-It 'Welcome', 'Bye' @{ Because = 'it is polite' } } | Should -BeExactly `
            "Expected the lines 'Welcome', 'Bye', because it is polite, but line 2 was 'You said: a'. Received: 'Welcome', 'You said: a', 'You said: b'."
        Receive-Line $c -Count 3 -Timeout 30 | Should -BeExactly 'Welcome', 'You said: a', 'You said: b'
    }

    It 'tells lines apart by case, and shows what a terminal would not' {
        Get-Message { Assert-It 'welcome' } | Should -BeExactly "Expected the line 'welcome', but 'Welcome' came."
        $c.Server.Connections[0].Send("a`e[31mb`tc")
        Get-Message { Assert-It 'Welcome', 'x' } | Should -BeExactly "Expected the lines 'Welcome', 'x', but line 2 was 'a\e[31mb`tc'. Received: 'Welcome', 'a\e[31mb`tc'."
    }

    It 'says that too little came' {
        Get-Message { Assert-It 'Welcome', 'Bye' } | Should -BeExactly "Expected the lines 'Welcome', 'Bye', but only 'Welcome' came."
        $null = Receive-Line $c -Timeout 30
        Get-Message { Assert-It 'Bye' @{ Because = 'because of this' } } | Should -BeExactly "Expected the line 'Bye', because of this, but nothing came."
    }

    It 'accepts patterns and scripts' {
        Send-Line $c 'a'
        Assert-It @([regex] '^Wel', { $_ -like '*a' })
        Send-Line $c 'b'
        Get-Message { Assert-It ([regex] '^OK \d') } | Should -BeExactly "Expected a line that matches '^OK \d', but 'You said: b' came."
        Get-Message { Assert-It { $_ -eq 'x' } } | Should -BeExactly "Expected a line for which { `$_ -eq 'x' } is true, but 'You said: b' came."
    }

    It 'finds lines among others, in their order, and leaves the others' {
        Send-Line $c 'a', 'b', 'c'
        Assert-It 'You said: a', 'You said: c' @{ AmongOthers = $true }
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly 'Welcome', 'You said: b'
        Send-Line $c 'a', 'b'
        Get-Message { Assert-It 'You said: b', 'You said: a' @{ AmongOthers = $true } } |
            Should -BeExactly "Expected the lines 'You said: b', 'You said: a', but 'You said: a', 'You said: b' came. Received: 'You said: a', 'You said: b'."
    }

    It 'asserts that a line has not come' {
        Send-Line $c 'a'
        Assert-It 'You said: b' @{ Not = $true }
        Get-Message { Assert-It 'You said: a' @{ Not = $true; Because = 'it is rude' } } |
            Should -BeExactly "Expected the line 'You said: a' not to come, because it is rude, but it did. Received: 'Welcome', 'You said: a'."
        Get-Message { Assert-It 'Welcome', 'You said: a' @{ Not = $true } } | Should -BeLike "Expected the lines * not to come, but they did.*"
        Receive-Line $c -Count 2 -Timeout 30 | Should -BeExactly 'Welcome', 'You said: a'
    }

    It 'asserts that anything has come, or nothing' {
        Assert-It $null
        Get-Message { Assert-It $null @{ Not = $true } } | Should -BeExactly 'Expected a line not to come, but it did.'
        $null = Receive-Line $c -Timeout 30
        Assert-It $null @{ Not = $true }
        Get-Message { Assert-It $null } | Should -BeExactly 'Expected a line, but nothing came.'
    }

    It 'says why nothing more can come' {
        $c = New-LineTestConnection { throw 'broken' }
        Send-Line $c 'a' -ErrorAction SilentlyContinue
        Get-Message { Assert-It 'x' } | Should -BeLike "Expected the line 'x', but nothing came, and the connection has ended: closed by the peer. OnLine has failed: broken (*ShouldHaveReceived.Tests.ps1:*)."
    }
}

Describe 'Should -HaveReceived' {
    It 'waits for a real client, and names the time' {
        $s = Start-LineServer 0 { "$_!" }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'a'
        $c | Should -HaveReceivedLine 'a!' -Timeout 30
        Get-Message { $c | Should -HaveReceivedLine 'b!' -Timeout 50ms } | Should -BeExactly "Expected the line 'b!', but nothing came within 0.05 s."
        $c | Should -Not -HaveReceivedLine 'b!'
        Send-Line $c 'c'
        Get-Message { $c | Should -Not -HaveReceivedLine 'c!' -Timeout 30 } | Should -BeExactly "Expected the line 'c!' not to come, but it did."
    }

    It 'ends its wait when the connection does' {
        $s = Start-LineServer 0 { $Connection.Close() }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'a'
        Get-Message { $c | Should -HaveReceivedLine 'x' -Timeout 60 } | Should -BeExactly "Expected the line 'x', but nothing came, and the connection has ended: closed by the peer."
    }

    It 'waits for a Deferred of a handler in memory' {
        $c = New-LineTestConnection { Start-Deferred { 6 * 7 } }
        Send-Line $c 'a'
        $c | Should -HaveReceivedLine '42' -Timeout 60
    }

    It 'compares bytes, however they were cut' {
        $c = New-TcpTestConnection { $_ }
        Send-TcpData $c 'ab'
        Send-TcpData $c 'cd'
        $c | Should -HaveReceived 'abc'
        Get-Message { $c | Should -HaveReceived 'dx' } | Should -BeExactly "Expected the data 'dx', but only 'd' came."
        Send-TcpData $c ([byte[]] (0, 255))
        Get-Message { $c | Should -HaveReceived 'dx' } | Should -BeExactly "Expected the data 'dx', but 0x6400FF came, which differs at byte 1."
        $c | Should -HaveReceived ([byte[]] (0, 255)) -AmongOthers
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly d
    }

    It 'compares framed messages, and datagrams' {
        $c = New-TcpTestConnection -Framing Netstring { $_ }
        Send-TcpData $c 'one', 'two'
        $c | Should -HaveReceived 'one', 'two'
        Get-Message { $c | Should -HaveReceived 'x' } | Should -BeExactly "Expected the message 'x', but nothing came."
        $c = New-UdpTestConnection { $_ }
        Send-Datagram $c 'one', 'two'
        $c | Should -HaveReceived 'one'
        Get-Message { $c | Should -HaveReceived 'one' } | Should -BeExactly "Expected the datagram 'one', but 'two' came."
        (Receive-Datagram $c -Timeout 30).Peer.Port | Should -Be 0
    }

    It 'shows only so much of what came' {
        $c = New-LineTestConnection { $_ }
        Send-Line $c (1..12 | ForEach-Object { "$_" })
        Get-Message { $c | Should -HaveReceivedLine 'x' } |
            Should -BeExactly "Expected the line 'x', but '1' came. Received: '1', '2', '3', '4', '5', '6', '7', '8', '9', '10' and 2 more."
    }

    It 'refuses what is no client, or has a handler' {
        Get-Message { 1 | Should -HaveReceived 'x' } | Should -BeExactly "'1' has received nothing: it is no client. Give one of lines, bytes or datagrams."
        $s = Start-LineServer 0 { }
        $c = Connect-LineClient 127.0.0.1 $s.Port -OnLine { }
        Get-Message { $c | Should -HaveReceived 'x' } | Should -BeLike 'Messages for * go to its OnLine handler, so none are left to receive.'
        (Get-Failure { Assert-ReceivedMessage 'x' $c }).Id | Should -Be HandlerReceives
        (Get-Failure { Assert-ReceivedMessage 'x' 1 }).Id | Should -Be InvalidTarget
    }

    It 'is there, and a soft assertion, whichever came first, the module or Pester' {
        $pester = (Get-Module Pester).Path
        $file = "$TestDrive/Soft.Tests.ps1"
        Set-Content $file @'
Describe 'd' { It 'i' {
    $c = New-LineTestConnection { $_ }
    Send-Line $c 'a'
    $c | Should -HaveReceivedLine 'b' -ErrorAction Continue
    $c | Should -HaveReceivedLine 'a'
    $c | Should -HaveReceivedLine 'c' -ErrorAction Continue
} }
'@
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; Import-Module '$pester'
            (Invoke-Pester '$file' -Output None -PassThru).Failed.ErrorRecord.Exception.Message
"@
        Read-ChildLine $shell | Should -BeExactly "Expected the line 'b', but 'a' came."
        Read-ChildLine $shell | Should -BeExactly "Expected the line 'c', but nothing came."
        $null = Wait-ChildShell $shell
    }
}
