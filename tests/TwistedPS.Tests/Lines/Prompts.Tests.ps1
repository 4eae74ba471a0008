BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A prompt without the end of a line, on the <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
        # A dialogue as of telnet: it says who it is, asks for a name, and echoes.
        $s = Start-LineServer 0 -Reactor $reactor -OnConnect {
            'Welcome'
            $Connection.Write('router login: ')
        } -OnLine {
            switch ($_) {
                'joe' { $Connection.Write('Password: ') }
                'secret' { 'Last login: never'; $Connection.Write('> ') }
                'list' { ''; 'one'; $Connection.Write('> ') }
                default { 'what?'; $Connection.Write('> ') }
            }
        }
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'is the last line for Receive-Line and Send-Line -Until' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $reactor
        Receive-Line $c -Until 'login: ' -Timeout 30 -ErrorAction Stop | Should -BeExactly 'Welcome', 'router login: '
        Send-Line $c joe -Receive -Until 'Password: ' -Timeout 30 -ErrorAction Stop | Should -BeExactly 'Password: '
        Send-Line $c secret -Receive -Until '> ' -Timeout 30 -ErrorAction Stop | Should -BeExactly 'Last login: never', '> '
        Send-Line $c list -Receive -Until '> ' -Timeout 30 -ErrorAction Stop | Should -BeExactly '', 'one', '> '
        Send-Line $c end -Receive -Timeout 30 | Should -BeExactly 'what?'
    }

    It 'stays where nobody waits for it' {
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $reactor
        (Get-Failure { Receive-Line $c -Until 'other: ' -Timeout 0.5 }).Id | Should -Be ReceiveTimeout
        Receive-Line $c -Until 'router login: ' -Timeout 30 -ErrorAction Stop | Should -BeExactly 'router login: '
    }
}

Describe 'Receive-TcpData -Until, on the <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
        $s = Start-TcpServer 0 { , $_ } -Reactor $reactor
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    BeforeEach {
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Reactor $reactor
    }

    It 'receives up to <Name>' -ForEach @(
        @{ Name = 'a text'; End = 'login: '; Sent = 'router login: x'; Received = 'router login: ' }
        @{ Name = 'a text that is in there twice'; End = 'aa'; Sent = 'baaa'; Received = 'baa' }
        @{ Name = 'bytes'; End = [byte[]](13, 10); Sent = "a`r`nb"; Received = "a`r`n" }
        @{ Name = 'numbers as bytes'; End = 13, 10; Sent = "a`r`nb"; Received = "a`r`n" }
        @{ Name = 'a byte'; End = [byte]0; Sent = "a`0b"; Received = "a`0" }
    ) {
        Send-TcpData $c $Sent
        Receive-TcpData $c -Until $End -AsString -Timeout 30 | Should -BeExactly $Received
        $rest = $Sent.Length - $Received.Length
        Receive-TcpData $c -Count $rest -AsString -Timeout 30 | Should -BeExactly $Sent.Substring($Received.Length)
    }

    It 'finds it where it comes in pieces' {
        Send-TcpData $c 'abEN'
        (Get-Failure { Receive-TcpData $c -Until END -Timeout 0.2 }).Id | Should -Be ReceiveTimeout
        Send-TcpData $c 'Dx'
        Receive-TcpData $c -Until END -AsString -Timeout 30 | Should -BeExactly abEND
        Receive-TcpData $c -AsString -Timeout 30 | Should -BeExactly x
    }

    It 'has a limit, and leaves what is there' {
        Send-TcpData $c 'abcdef'
        (Get-Failure { Receive-TcpData $c -Until END -MaxLength 5 -Timeout 30 }).Id | Should -Be ReplyTooLong
        Receive-TcpData $c -Count 6 -AsString -Timeout 30 | Should -BeExactly abcdef
    }
}
