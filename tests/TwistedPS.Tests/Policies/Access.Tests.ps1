BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $ncat = [bool](Find-RealProgram ncat)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
}

AfterAll { Stop-Everything }

Describe '-AllowAddress and -DenyAddress' {
    It 'refuse who is not allowed or is denied: <Name>' -ForEach @(
        @{ Name = 'allowed'; Options = @{ AllowAddress = '127.0.0.0/8' }; Expected = "<a>`r`n" }
        @{ Name = 'not allowed'; Options = @{ AllowAddress = '10.0.0.0/8', '::1' }; Expected = '' }
        @{ Name = 'denied'; Options = @{ DenyAddress = '127.0.0.1' }; Expected = '' }
        @{ Name = 'allowed and denied'; Options = @{ AllowAddress = '127.0.0.1'; DenyAddress = '10.0.0.0/8', '127.0.0.0/8' }; Expected = '' }
        @{ Name = 'IPv4 on a server for both'; Options = @{ Address = '*'; DenyAddress = '::ffff:127.0.0.1' }; Expected = '' }
        @{ Name = 'someone else denied'; Options = @{ DenyAddress = '127.0.0.2' }; Expected = "<a>`r`n" }
    ) {
        $s = Start-LineServer 0 { "<$_>" } @Options
        Invoke-Peer $s.Port "a`n" | Should -BeExactly $Expected
        $s.RefusedConnections | Should -Be ([int](-not $Expected))
        $s.LinesIn | Should -Be ([int][bool]$Expected)
    }

    It 'hold for IPv6' -Skip:(-not [System.Net.Sockets.Socket]::OSSupportsIPv6) {
        $s = Start-LineServer 0 { "<$_>" } -Address * -DenyAddress ::1
        Invoke-Peer $s.Port "a`n" -Address ::1 | Should -BeExactly ''
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "<a>`r`n"
    }

    It 'are shown by the server, and refuse what is no range: <Text>' -ForEach @(
        @{ Text = 'localhost'; Message = "'localhost' is not a range of addresses. Give one such as '10.0.0.0/8', 'fe80::/10', or a single address." }
        @{ Text = '10.0.0.1/8'; Message = "'10.0.0.1/8' has bits set after its first 8. Write '10.0.0.0/8', or '10.0.0.1' for one address." }
        @{ Text = '10.0.0.0/40'; Message = "'10.0.0.0/40' has no length of 0 to 32 bits after the slash." }
    ) {
        $s = Start-LineServer 0 { } -AllowAddress 10.0.0.0/8, ::1 -DenyAddress 10.0.0.7
        $s.AllowAddress + $s.DenyAddress | Should -Be '10.0.0.0/8', '::1/128', '10.0.0.7/32'
        foreach ($call in { Start-LineServer 0 { } -AllowAddress 10.0.0.0/8, $Text }, { Start-TcpServer 0 { } -DenyAddress $Text }) {
            $failure = Get-Failure $call
            $failure.Id, $failure.Category, $failure.IsTerminating, $failure.Message | Should -Be InvalidAddress, InvalidArgument, $true, $Message
        }
    }

    It 'have no effect at a UNIX socket, and are refused there' -Skip:(-not $IsLinux) {
        foreach ($options in @{ AllowAddress = '::1' }, @{ DenyAddress = '::1' }) {
            (Get-Failure { Start-LineServer -Path '@twistedps-access' { } @options }).Id | Should -Be ParameterWithoutEffect
        }
    }

    It 'are completed with the networks of this machine and well-known ones' {
        Get-Completion 'Start-LineServer 0 { } -AllowAddress ' | Should -Contain "'10.0.0.0/8'"
        Get-Completion 'Start-TcpServer 0 { } -DenyAddress 127' | Should -Be "'127.0.0.0/8'"
    }
}

Describe '-RefusedMessage' {
    It 'is what ncat gets that comes from a denied address' -Skip:(-not $ncat) {
        $s = Start-LineServer 0 { $_ } -OnConnect { 'welcome' } -DenyAddress 127.0.0.1 -RefusedMessage 'Not for you'
        Invoke-Program ncat 127.0.0.1, $s.Port | Should -BeExactly "Not for you`r`n"
    }

    It 'is what ncat gets over <Parameter>' -Skip:(-not $ncat) -ForEach @{ Parameter = 'MaxConnections' }, @{ Parameter = 'MaxConnectionsPerAddress' } {
        $options = @{ $Parameter = 1 }
        $s = Start-TcpServer 0 { , $_ } @options -RefusedMessage "busy`n"
        $null = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        Invoke-Program ncat 127.0.0.1, $s.Port | Should -BeExactly "busy`n"
        $s.RefusedConnections | Should -Be 1
    }

    It 'is refused if the lines of the server can not have it' {
        $failure = Get-Failure { Start-LineServer 0 { } -Delimiter ';' -RefusedMessage 'a;b' }
        $failure.Id, $failure.Target, $failure.IsTerminating | Should -Be DelimiterInText, 'a;b', $true
    }
}
