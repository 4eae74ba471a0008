BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    # Text stands for bytes, one character for each.
    $framings = @(
        @{ Framing = 'Length16LE'; Sent = "`u{3}`0abc`0`0`u{2}`0de"; Reply = "`u{1}`03`u{1}`00`u{1}`02" }
        @{ Framing = 'Length64'; Sent = "`0`0`0`0`0`0`0`u{3}abc"; Reply = "`0`0`0`0`0`0`0`u{1}3" }
        @{ Framing = 'Varint'; Sent = "`u{3}abc`0`u{82}`0de"; Reply = "`u{1}3`u{1}0`u{1}2" }
        @{ Framing = 'Decimal'; Sent = '3 abc0 2 de'; Reply = '1 31 01 2' }
        @{ Framing = 'Fixed:1'; Sent = 'abc'; Reply = '111' }
        @{ Framing = 'Until:\0'; Sent = "abc`0`0de`0"; Reply = "3`00`02`0" }
        @{ Framing = 'Until:CRLF'; Sent = "abc`r`n`r`nd`n`r`n"; Reply = "3`r`n0`r`n2`r`n" }
        @{ Framing = @{ Length = 2; Strip = 2 }; Sent = "`0`u{3}abc`0`0"; Reply = "`0`u{1}3`0`u{1}0" }
        @{ Framing = @{ Length = 1; Offset = 2; Strip = 3; Includes = 'Header' }; Sent = "xy`u{6}abcxy`u{3}"; Reply = "`0`0`u{4}3`0`0`u{4}0" }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A framing, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $on = @{ Reactor = New-Reactor @ReactorOptions }
    }

    AfterEach {
        Stop-Everything
        Stop-Reactor $on.Reactor
    }

    It 'tells messages apart, and frames the answers' -ForEach @{ Framings = $framings } {
        foreach ($case in $Framings) {
            $s = Start-TcpServer 0 { "$($_.Length)" } -Framing $case.Framing @on
            Get-Stream $s $case.Sent | Get-Hex | Should -Be (Get-Hex $case.Reply) -Because "it is $([TwistedPS.DataFraming] $case.Framing)"
            $s.MessagesCutOff + $s.Errors.Count | Should -Be 0
        }
    }

    It 'gives a handler the header before the length, and sends it with a length of its own' {
        $s = Start-TcpServer 0 { "$($_ -join ' ')"; , [byte[]](9, 255, 255, 7) } -Framing @{ Length = 2; Offset = 1; LittleEndian = $true } @on
        Get-Stream $s "`u{5}`u{2}`0ab" | Get-Hex | Should -Be (Get-Hex "5`u{8}`0 0 97 98`u{9}`u{1}`0`u{7}")
    }

    It 'sends a client''s messages and those to a group: <Framing>' -ForEach @(
        @{ Framing = 'Varint' }, @{ Framing = 'Decimal' }, @{ Framing = 'Until:\xFF' }, @{ Framing = 'Fixed:3' }, @{ Framing = @{ Length = 3; Strip = 3 } }
    ) {
        $s = Start-TcpServer 0 -OnConnect { $null = $Server.Groups['all'].Add($Connection) } -OnData { $Connection.Send($_); $Connection.Send('own') } -Framing $Framing @on
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing $Framing @on
        Send-TcpData $c 'one'
        1..2 | ForEach-Object { Receive-TcpData $c -AsString -Timeout 30 } | Should -BeExactly one, own
        Send-TcpData $s.Groups['all'] 'two'
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly two
        $c.Send('six')
        1..2 | ForEach-Object { Receive-TcpData $c -AsString -Timeout 30 } | Should -BeExactly six, own
    }

    It 'closes a connection that breaks it' -ForEach @{
        Cases = @(
            @{ Framing = 'Decimal'; Sent = '<34>no count'; Reason = 'InvalidMessage'; Why = '*does not begin with its length*' }
            @{ Framing = 'Decimal'; Sent = '6 '; Reason = 'MessageTooLong'; Why = '*longer than 5 bytes*' }
            @{ Framing = 'Varint'; Sent = "`u{6}"; Reason = 'MessageTooLong'; Why = '*longer than 5 bytes*' }
            @{ Framing = 'Until:\0'; Sent = 'abcdef'; Reason = 'MessageTooLong'; Why = '*longer than 5 bytes*' }
            @{ Framing = @{ Length = 1; Includes = 'Length' }; Sent = "`0"; Reason = 'InvalidMessage'; Why = '*length 0 is less than that of its header*' }
        )
    } {
        $seen = New-Queue
        $expected = foreach ($case in $Cases) {
            $s = Start-TcpServer 0 { } -Framing $case.Framing -MaxMessageLength 5 -OnDisconnect { ($using:seen).Enqueue("$_") } @on
            Get-Stream $s $case.Sent | Should -BeExactly ''
            $s.MessagesTooLong + $s.InvalidMessages | Should -Be 1
            $s.Log | Where-Object Level -EQ Warning | ForEach-Object Message | Should -BeLike $case.Why
            Wait-Handled $on.Reactor { $seen.Count -gt $Cases.IndexOf($case) }
            $case.Reason
        }
        $seen | Should -BeExactly $expected
    }
}

Describe 'What a framing can not carry' {
    AfterEach { Stop-Everything }

    It 'is an error of who sends it: <Framing>' -ForEach @(
        @{ Framing = 'Fixed:3'; Fine = 'abc'; Data = 'four'; Id = 'MessageInvalid'; Message = '*has 4 bytes instead of 3*' }
        @{ Framing = 'Until:\0'; Fine = "`0"; Data = "a`0b"; Id = 'DelimiterInText'; Message = '*delimiter ''\0'' in it*' }
        @{ Framing = @{ Length = 2; Offset = 1 }; Fine = "x`0`0"; Data = 'a'; Id = 'MessageInvalid'; Message = '*too few bytes for its header: 1.*' }
        @{ Framing = @{ Length = 1; Strip = 1; Includes = 'Header' }; Fine = "`u{1}"; Data = 'x' * 255; Id = 'MessageTooLong'; Message = '*longer than 254 bytes*' }
    ) {
        $s = Start-TcpServer 0 { $using:Data } -Framing $Framing -OnError { $Connection.Write("$($_.FullyQualifiedErrorId)"); $Connection.Close() }
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Framing $Framing
        $failure = Get-Failure { Send-TcpData $c $Data }
        $failure.Id | Should -BeExactly $Id
        $failure.Message | Should -BeLike $Message
        $failure.IsTerminating | Should -BeFalse
        { $c.Send($Data) } | Should -Throw $Message
        Invoke-Peer $s.Port $Fine | Should -BeExactly $Id
    }
}

Describe 'The parameter Framing' {
    AfterEach { Stop-Everything }

    It 'says what is wrong with <Framing>' -ForEach @(
        @{ Framing = 'Lines'; Message = '*no framing ''Lines''*Netstring*Until:*' }
        @{ Framing = ''; Message = '*empty*' }
        @{ Framing = 'Fixed:many'; Message = '*''many'' is no length*Fixed:128*' }
        @{ Framing = @{ Offset = 1 }; Message = '*needs Length*' }
        @{ Framing = @{ Length = 2; Endian = 'Little' }; Message = '*has no ''Endian'', but*LittleEndian*' }
        @{ Framing = @{ Length = 2; Includes = 'Header'; Adjustment = 1 }; Message = '*Includes and Adjustment both*' }
        @{ Framing = @{ Length = 2; Strip = 1 }; Message = '*would leave a part of the length*' }
        @{ Framing = [ordered]@{ Length = 'two' }; Message = '*from 1 to 8, not ''two''*' }
        @{ Framing = $null; Message = '*null*' }
    ) {
        $failure = Get-Failure { Start-TcpServer 0 { $_ } -Framing $Framing }
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike $Message
        Get-TcpServer | Should -BeNullOrEmpty
        (Get-Failure { Connect-TcpClient 127.0.0.1 1 -Framing $Framing }).Message | Should -BeLike $Message
    }

    It 'takes values as scripts have them' {
        $size = Write-Output 2
        $s = Start-TcpServer 0 { "$($_.Length)" } -Framing ([ordered]@{ Length = $size; Strip = "$size"; LittleEndian = [switch] $true })
        Invoke-Peer $s.Port "`u{3}`0abc" | Get-Hex | Should -Be 010033
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'Connect-TcpClient localhost 1 -Framing Length1'; Expected = 'Length16', 'Length16LE' }
        @{ Line = 'Start-TcpServer 0 -Framing J'; Expected = 'Json', 'Json:AsHashtable' }
        @{ Line = 'Start-TcpServer 0 -Framing Un'; Expected = "'Until:\0'" }
        @{ Line = 'Start-TcpServer 0 -Framing f'; Expected = 'Fixed:128' }
    ) {
        Get-Completion $Line | Should -BeExactly $Expected
    }

    It 'completes nothing that it does not take' {
        foreach ($text in Get-Completion 'Start-TcpServer 0 -Framing ') {
            "$([TwistedPS.DataFraming] $text.Trim("'"))" | Should -BeExactly $text.Trim("'")
        }
    }
}
