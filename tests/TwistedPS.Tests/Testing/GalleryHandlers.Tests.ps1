BeforeDiscovery {
    $utf8 = [Text.Encoding]::UTF8
    $lines = @(
        @{
            Example = 'resp'
            Data    = "*1`r`n`$8`r`nFLUSHALL`r`n", "*3`r`n`$3`r`nSET`r`n`$1`r`nk`r`n`$6`r`nv`r`n`0é`u{FF}`r`n", "*2`r`n`$3`r`nGET`r`n`$1`r`nk`r`n",
            "INCR n`r`n", "*2`r`n`$4`r`nINCR`r`n`$1`r`nk`r`n", "nonsense`r`n", "*1`r`n`$4`r`nQUIT`r`n", "PING`r`n"
            Reply   = '+OK', '+OK', "`$6", 'v', "`0é`u{FF}", ':1', '-ERR value is not an integer or out of range', "-ERR unknown command 'nonsense'", '+OK'
        }
        @{
            Example = 'memcached'
            Data    = "flush_all`r`n", "set k 5 0 4`r`na`r`nb`r`n", "add k 0 0 1 noreply`r`nx`r`n", "get k x`r`n", "delete k`r`n", "delete k`r`n", "bogus`r`n",
            "set k 0 0 1`r`nabc", "quit`r`n"
            Reply   = 'OK', 'STORED', 'VALUE k 5 4', 'a', 'b', 'END', 'DELETED', 'NOT_FOUND', 'ERROR', 'CLIENT_ERROR bad data chunk'
        }
        @{
            Example = 'irc'
            Data    = "NICK me`r`n", "PING :x`r`n", "USER me 0 * :Me`r`n", "JOIN #go`n", "PRIVMSG me :hi there é`r`n", "PRIVMSG #none :x`r`n", "PART #go`r`n", "QUIT`r`n"
            Reply   = ':irc PONG irc :x', ':irc 001 me :Welcome', ':me!me@memory JOIN #go', ':irc 353 me = #go :me', ':irc 366 me #go :End of /NAMES list',
            ':me!me@memory PRIVMSG me :hi there é', ':irc 401 me #none :No such nick/channel', ':me!me@memory PART #go', 'ERROR :Bye'
        }
    )
    $bytes = @(
        @{
            Example = 'modbus'
            # A register is set and read; then comes an unknown function, one that is cut short, and what is no Modbus.
            Data    = @([byte[]] (0, 1, 0, 0, 0, 0, 1, 6, 0, 9, 1, 42), [byte[]] (0, 2, 0, 0, 0, 0, 1, 3, 0, 9, 0, 1), [byte[]] (0, 3, 0, 0, 0, 0, 1, 99, 0),
                [byte[]] (0, 4, 0, 0, 0, 0, 1, 3, 0), [byte[]] (0, 5, 1, 0, 0, 0, 1, 3, 0, 9, 0, 1), [byte[]] (0, 6, 0, 0, 0, 0, 1, 3, 0, 9, 0, 1))
            Reply   = @([byte[]] (0, 1, 0, 0, 0, 0, 1, 6, 0, 9, 1, 42), [byte[]] (0, 2, 0, 0, 0, 0, 1, 3, 2, 1, 42), [byte[]] (0, 3, 0, 0, 0, 0, 1, 227, 1),
                [byte[]] (0, 4, 0, 0, 0, 0, 1, 131, 3))
        }
        @{
            Example = 'mqtt'
            # CONNECT, SUBSCRIBE, PUBLISH with QoS 1, which comes back, PINGREQ, DISCONNECT.
            Data    = @([byte[]] (0x10, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 1, 97), [byte[]] (0x82, 0, 1, 0, 3, 97, 47, 43, 0), [byte[]] (0x32, 0, 3, 97, 47, 98, 0, 7, 104, 105),
                [byte[]] 0xC0, [byte[]] 0xE0)
            Reply   = @([byte[]] (0x20, 0, 0), [byte[]] (0x90, 0, 1, 0), [byte[]] (0x40, 0, 7), [byte[]] (0x30, 0, 3, 97, 47, 98, 104, 105), [byte[]] 0xD0)
        }
        @{
            Example = 'telnet'
            # Telnet's commands among the text, one of them escaped, and each way to end a line.
            Data    = @([byte[]] (0xFF, 0xFB, 31, 0xFF, 0xFA, 31, 0, 80, 0, 0xFF, 0xFF, 0xFF, 0xF0), "me`r`0", [byte[]] (0xFF, 0xFD, 1, 0xFF, 0xFD, 99), "secret`r`n", "si", "ze`n", "bye`r`n", "size`r`n")
            Reply   = , @([byte[]] (0xFF, 0xFD, 31) + $utf8.GetBytes('Name: ') + [byte[]] (0xFF, 0xFB, 1) + $utf8.GetBytes('Password: ') + [byte[]] (0xFF, 0xFC, 99, 0xFF, 0xFC, 1) +
                $utf8.GetBytes("`r`nHello me.`r`n> 80 x 255`r`n> Bye.`r`n"))
        }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force

    # What an example would start is kept, and its functions and variables are those of the test.
    function Start-LineServer ($Port, $OnLine, $OnData, $OnConnect, $OnDisconnect, $OnLineTooLong, $Encoding, $MaxDataLength, $MaxLineLength, [switch] $Wait, [switch] $PassThru) {
        $script:handlers = $PSBoundParameters
    }
    function Start-TcpServer ($Port, $OnData, $OnConnect, $Framing, $MaxMessageLength, $Encoding, [switch] $Wait, [switch] $PassThru) {
        $script:handlers = $PSBoundParameters
    }
}

Describe 'The handlers of examples/protocols/<Example>.ps1' -ForEach $lines {
    It 'give the same reply for any segments' {
        . $PSScriptRoot/../../../examples/protocols/$Example.ps1
        'Port', 'Wait', 'PassThru' | ForEach-Object { $null = $handlers.Remove($_) }
        Test-LineHandler @handlers -Data $Data -Reply $Reply | Where-Object -Not Passed | Should -BeNullOrEmpty
    }
}

Describe 'The handlers of examples/protocols/<Example>.ps1' -ForEach $bytes {
    It 'give the same reply for any segments' {
        . $PSScriptRoot/../../../examples/protocols/$Example.ps1
        'Port', 'Wait', 'PassThru' | ForEach-Object { $null = $handlers.Remove($_) }
        Test-TcpHandler @handlers -Data $Data -Reply $Reply | Where-Object -Not Passed | Should -BeNullOrEmpty
    }
}

Describe 'The handlers of examples/<Example>' -ForEach @(
    @{
        Example = 'pesto'; Parameters = @{ Path = 'messages.txt' }
        Line    = 'hello', 'write: é', 'nothing', 'goodbye', 'hello'
        Reply   = 'Connection with the server established!', 'Hello! How are you?', 'Message saved!', "Noooo don't go awayyyyy..."
    }
    @{
        Example = 'chat'; Parameters = @{}
        Line    = '/nick é', '/nick me', '/join #go', '/msg #go hi there', '/msg nobody hi', '/leave #go', 'nonsense'
        Reply   = 'guest1 is changing nick to é', 'é is changing nick to me', 'me has joined the channel #go', 'me to #go: hi there', 'error: there is no nobody here!',
        'me has left the channel #go', 'error: line did not conform to chat server requirements!'
    }
) {
    It 'give the same reply for any segments' {
        Push-Location $TestDrive
        $handlers = & $PSScriptRoot/../../../examples/$Example/handlers.ps1 @Parameters
        Pop-Location
        Test-LineHandler @handlers -Line $Line -Reply $Reply | Where-Object -Not Passed | Should -BeNullOrEmpty
    }
}
