BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $pesto = "$PSScriptRoot/../../../examples/pesto"
    $greeting = "Connection with the server established!`r`n"

    # Pester removes what a block has made when the block ends.
    $path = Join-Path $TestDrive messages.txt
    $null = New-Item $path

    function Get-Pesto ([string] $Path) {
        Get-ExampleServer "$pesto/server.ps1" @{ Path = $Path }
    }

    # Sends bytes in pieces of a size, half-closes, and returns all that comes until the end of the stream.
    function Invoke-Raw ([int] $Port, [string] $Text, [int] $PieceSize = 65536) {
        $tcp = [Net.Sockets.TcpClient]::new('127.0.0.1', $Port)
        try {
            $tcp.NoDelay = $true
            $tcp.ReceiveTimeout = 30000
            $stream = $tcp.GetStream()
            $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
            for ($at = 0; $at -lt $bytes.Length; $at += $PieceSize) {
                $stream.Write($bytes, $at, [Math]::Min($PieceSize, $bytes.Length - $at))
            }
            $tcp.Client.Shutdown('Send')
            [IO.StreamReader]::new($stream, [Text.UTF8Encoding]::new($false)).ReadToEnd()
        }
        finally {
            $tcp.Dispose()
        }
    }
}

AfterAll { Stop-AllExample }

Describe 'The text server, sent <PieceSize> bytes at a time' -ForEach @(
    @{ PieceSize = 1 }, @{ PieceSize = 2 }, @{ PieceSize = 3 }, @{ PieceSize = 65536 }
) {
    BeforeAll {
        $shell = Get-Pesto $path
    }

    It 'keeps <Check>: <Sent> gets <Reply>' -ForEach @(
        @{ Check = 'P1'; Sent = ''; Reply = '' }
        @{ Check = 'P2'; Sent = 'hello\n'; Reply = 'Hello! How are you?\r\n' }
        @{ Check = 'P2'; Sent = 'hello\r\n'; Reply = 'Hello! How are you?\r\n' }
        @{ Check = 'P3'; Sent = 'HELLO\nhello \n\nwhat\nhello\n'; Reply = 'Hello! How are you?\r\n' }
        @{ Check = 'P6'; Sent = 'foo write: x\n'; Reply = '' }
        @{ Check = 'P7'; Sent = 'write:nospace\n'; Reply = '' }
        @{ Check = 'P10'; Sent = 'goodbye\n'; Reply = 'Noooo don''t go awayyyyy...\r\n' }
        @{ Check = 'P10'; Sent = 'goodbye\nhello\n'; Reply = 'Noooo don''t go awayyyyy...\r\n' }
        @{ Check = 'G6'; Sent = 'hello\nhello\nhello\n'; Reply = 'Hello! How are you?\r\nHello! How are you?\r\nHello! How are you?\r\n' }
    ) {
        Invoke-Raw $shell.Port ([regex]::Unescape($Sent)) $PieceSize |
            Should -BeExactly ($greeting + [regex]::Unescape($Reply))
    }

    It 'keeps <Check>: <Sent> is saved' -ForEach @(
        @{ Check = 'P4'; Sent = 'write: result is 5'; Saved = "result is 5`n" }
        @{ Check = 'P5'; Sent = 'write: write: twice'; Saved = "write: twice`n" }
        @{ Check = 'P7'; Sent = 'write: '; Saved = "`n" }
        @{ Check = 'P8'; Sent = 'write: é'; Saved = "é`n" }
    ) {
        $before = [IO.File]::ReadAllBytes($path)
        Invoke-Raw $shell.Port "$Sent`n" $PieceSize | Should -BeExactly "${greeting}Message saved!`r`n"
        $after = [IO.File]::ReadAllBytes($path)
        $gained = $after[$before.Length..($after.Length - 1)]
        $gained | Should -Be ([Text.Encoding]::UTF8.GetBytes($Saved))
    }
}

Describe 'The text server' {
    It 'does not say that a message is saved when the disk is full' -Tag P9 -Skip:(-not (Test-Path /dev/full)) {
        $shell = Get-Pesto '/dev/full'
        Invoke-Raw $shell.Port "write: x`nhello`n" |
            Should -BeExactly "${greeting}Message not saved: No space left on device : '/dev/full'`r`nHello! How are you?`r`n"
    }

    It 'saves messages in the temporary folder unless it is told' {
        $shell = Start-ExampleServer "$pesto/server.ps1"
        $shell.Said | Should -BeExactly "Saving messages in $([IO.Path]::GetTempPath())messages.txt."
    }

    It 'does not start when the file can not be opened' -Tag P9 {
        $shell = Start-ChildShell '-File', "$pesto/server.ps1", '-Port', 0, '-Path', "$TestDrive/missing/messages.txt"
        Wait-ChildShell $shell | Should -Not -Be 0
        $shell.Errors.Result | Should -Match 'did not start'
    }

    It 'stays open for the next line after a word it does not know' -Tag P3 {
        $handlers = & $pesto/handlers.ps1 -Path (Join-Path $TestDrive 'open.txt')
        $client = New-LineTestConnection @handlers
        Send-Line $client 'HELLO', 'hello ', '', 'what'
        Receive-Line $client | Should -BeExactly 'Connection with the server established!'
        $client.WaitingLines | Should -Be 0
        $client.Status | Should -Be 'Connected'
        Disconnect-LineClient $client
    }

    It 'opens its file once and closes it once' {
        $path = Join-Path $TestDrive 'once.txt'
        $handlers = & $pesto/handlers.ps1 -Path $path
        $server = Start-LineServer 0 @handlers
        $file = $server.State.File
        1..3 | ForEach-Object { Invoke-Raw $server.Port "write: $_`n" }
        [object]::ReferenceEquals($server.State.File, $file) | Should -BeTrue
        $file.CanWrite | Should -BeTrue
        Stop-LineServer $server
        $file.CanWrite | Should -BeFalse
        Get-Content $path | Should -BeExactly '1', '2', '3'
    }
}

Describe 'The interactive client' {
    BeforeAll {
        function Start-PestoClient ([int] $Port) {
            Start-ChildShell '-File', "$pesto/client.ps1", '-Port', $Port
        }

        $greetingLine = $greeting.TrimEnd()
        $noConnection = 'Cannot send message to server. No connection.'
    }

    BeforeEach {
        $handlers = & $pesto/handlers.ps1 -Path (Join-Path $TestDrive 'client.txt')
        $port = Get-UnusedPort
        $server = Start-LineServer $port @handlers
    }

    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'says what it can not send, shows replies as they come, and reconnects whenever it is told' -Tag C1, C2, C3, C4, C5 {
        Stop-LineServer $server
        $client = Start-PestoClient $port
        Read-ChildLine $client | Should -BeExactly 'Connection failed.'
        $client.StandardInput.WriteLine('hello')
        Read-ChildLine $client | Should -BeExactly $noConnection
        $server = Start-LineServer $port @handlers

        # It has never been connected.
        $client.StandardInput.WriteLine('reconnect')
        Read-ChildLine $client | Should -BeExactly $greetingLine
        Send-Line -Server $server 'unasked'
        Read-ChildLine $client | Should -BeExactly 'unasked'
        $client.StandardInput.WriteLine('goodbye')
        Read-ChildLine $client | Should -BeExactly "Noooo don't go awayyyyy..."
        Read-ChildLine $client | Should -BeExactly 'Connection lost.'
        $client.StandardInput.WriteLine('hello')
        Read-ChildLine $client | Should -BeExactly $noConnection

        # It was lost, and then it is connected.
        foreach ($time in 1, 2) {
            $client.StandardInput.WriteLine('reconnect')
            Read-ChildLine $client | Should -BeExactly $greetingLine
        }
        $client.StandardInput.WriteLine('hello')
        Read-ChildLine $client | Should -BeExactly 'Hello! How are you?'
        $server.TotalConnections | Should -Be 3
        $server.ConnectionCount | Should -Be 1
        $client.StandardInput.WriteLine('exit')
        Assert-ChildSucceeded $client
    }

    It 'shows the last replies when its input ends' -Tag C6 {
        $client = Start-PestoClient $port
        $client.StandardInput.Write("hello`nhello`n")
        $client.StandardInput.Close()
        Assert-ChildSucceeded $client
        (Read-ChildRest $client).TrimEnd() -split '\r?\n' |
            Should -BeExactly $greetingLine, 'Hello! How are you?', 'Hello! How are you?'
    }

    It 'ends at Ctrl+C' -Tag C6 -Skip:$IsWindows {
        $client = Start-PestoClient $port
        Read-ChildLine $client | Should -BeExactly $greetingLine
        Stop-ChildShell $client
        Wait-ChildShell $client
        $client.Errors.Result | Should -BeNullOrEmpty
        Wait-Until { $server.ConnectionCount -eq 0 }
    }

    It 'is independent of a second one in the same session' -Tag C7 {
        $first = Connect-LineClient 127.0.0.1 $port
        $second = Connect-LineClient 127.0.0.1 $port
        $first, $second | Receive-Line | Should -BeExactly $greetingLine, $greetingLine
        Send-Line $first 'goodbye' -Receive | Should -BeExactly "Noooo don't go awayyyyy..."
        Wait-LineClient $first
        Send-Line $second 'hello' -Receive | Should -BeExactly 'Hello! How are you?'
        $first.Status, $second.Status | Should -Be 'Disconnected', 'Connected'
        Disconnect-LineClient $second
    }
}

Describe 'The demo' {
    It 'shows a conversation and ends' {
        $shell = Start-ChildShell '-File', "$pesto/demo.ps1"
        Assert-ChildSucceeded $shell
        Read-ChildRest $shell | Should -Match '< Hello! How are you\?'
    }
}
