BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $example = "$PSScriptRoot/../../../examples/reconnecting-client"
    $time = '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'
    $known = [Collections.Generic.List[hashtable]]::new()
    $clients = [Collections.Generic.List[object]]::new()

    # A busy machine may make a handler so slow that its reactor warns of it.
    function Read-Said ([object] $Shell) {
        do { $line = Read-ExampleLine $Shell } while ($line -like 'WARNING: *')
        $line
    }

    # Shared; Close-Known leaves nothing behind in it.
    function Get-Answerer ([string] $Delay) {
        Get-ExampleServer "$example/server.ps1" @{ Delay = $Delay }
    }

    function Start-Greeter ([int] $Port, [hashtable] $Parameters, [switch] $Process) {
        $shell = Start-Example "$example/client.ps1" ($Parameters + @{ Port = $Port }) -Process:$Process
        $clients.Add($shell)
        $shell
    }

    # As the server's lines name it.
    function Get-Name ([Net.Sockets.TcpClient] $Peer) {
        "$($Peer.Client.LocalEndPoint)"
    }

    function Connect-Known ([object] $Shell) {
        $peer = Connect-Peer $Shell.Port
        Read-Said $Shell | Should -BeExactly "$(Get-Name $peer) has connected."
        $known.Add(@{ Shell = $Shell; Peer = $peer; Name = Get-Name $peer })
        $peer
    }

    # A peer that closes is still answered; a reset is the end.
    function Close-Known {
        foreach ($one in $known | Where-Object { $_.Peer.Connected }) {
            Reset-Peer $one.Peer
            while (($line = Read-Said $one.Shell) -notlike "$($one.Name) has gone: *") {
                $line | Should -Not -BeNullOrEmpty
            }
        }
        $known.Clear()
    }

    function Stop-Client {
        Stop-Example $clients
        $clients.Clear()
    }

    function Start-Listener {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $listener | Add-Member -NotePropertyName Port -NotePropertyValue $listener.LocalEndpoint.Port -PassThru
    }

    function Receive-Client ([Net.Sockets.TcpListener] $Listener) {
        $accepted = $Listener.AcceptTcpClientAsync()
        if (-not $accepted.Wait(60000)) {
            throw 'The client has not connected.'
        }
        $accepted.Result.ReceiveTimeout = 60000
        $accepted.Result
    }

    $greetingLength = 'Hello server, I am the client yyyy-MM-dd HH:mm:ss'.Length
}

AfterAll { Stop-AllExample }

Describe 'The server that answers later' {
    AfterEach {
        Close-Known
        Close-Peer
    }

    It 'answers each message with the time at which it came, after the delay' -Tag U1 {
        $shell = Get-Answerer 1500ms
        $peer = Connect-Known $shell
        $before = [datetime]::Now.AddSeconds(-1)
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Send-Peer $peer 'hello'
        Read-Said $shell | Should -BeExactly "$(Get-Name $peer), message 1: hello"
        $noted = [datetime]::Now
        $answer = Receive-Peer $peer -Length 'response from the server yyyy-MM-dd HH:mm:ss'.Length
        $clock.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 1.45
        $answer | Should -MatchExactly "^response from the server $time$"
        $received = [datetime] ($answer -replace '^response from the server ')
        $received | Should -BeGreaterThan $before
        $received | Should -Not -BeGreaterThan $noted
    }

    It 'takes the messages of others, and more of the same client, while answers are to come' -Tag U3 {
        $shell = Get-Answerer 1h
        $first = Connect-Known $shell
        $second = Connect-Known $shell
        foreach ($number in 1, 2) {
            foreach ($peer in $first, $second) {
                Send-Peer $peer "hello $number"
                Read-Said $shell | Should -BeExactly "$(Get-Name $peer), message ${number}: hello $number"
            }
        }
        $first.Available, $second.Available | Should -Be @(0, 0)
    }

    It 'answers two clients both' -Tag U3 {
        $shell = Get-Answerer 1500ms
        $first = Connect-Known $shell
        $second = Connect-Known $shell
        $first, $second | ForEach-Object { Send-Peer $_ 'hello' }
        $second, $first | ForEach-Object { Receive-Peer $_ -Until 'server ' | Should -BeExactly 'response from the server ' }
    }

    It 'answers all that came before a client half-closed' {
        $shell = Get-Answerer 1500ms
        $peer = Connect-Known $shell
        Send-Peer $peer 'hello'
        Read-Said $shell | Should -BeLike '*, message 1: hello'
        Send-Peer $peer 'last' -End
        Receive-Peer $peer -End | Should -MatchExactly "^(response from the server $time){2}$"
        'message 2: last', 'has gone: Done' | ForEach-Object { Read-Said $shell | Should -BeLike "*$_" }
        $known.Clear()
    }

    It 'puts a character together that came in two pieces' -Tag U6 {
        $shell = Get-Answerer 1h
        $peer = Connect-Known $shell
        Send-Peer $peer "caf$([char]0xc3)"
        Read-Said $shell | Should -BeLike '*, message 1: caf'
        Send-Peer $peer "$([char]0xa9)"
        Read-Said $shell | Should -BeExactly "$(Get-Name $peer), message 2: $([char]0xe9)"
    }

    It 'counts the messages of each connection, also of two from one address' -Tag U9 {
        $shell = Get-Answerer 1h
        $first = Connect-Known $shell
        Send-Peer $first 'a'
        Read-Said $shell | Should -BeExactly "$(Get-Name $first), message 1: a"
        $second = Connect-Known $shell
        Send-Peer $second 'b'
        Read-Said $shell | Should -BeExactly "$(Get-Name $second), message 1: b"
        Reset-Peer $second
        Read-Said $shell | Should -BeLike '* has gone: Lost'
        $known.RemoveAt(1)
        Send-Peer $first 'c'
        Read-Said $shell | Should -BeExactly "$(Get-Name $first), message 2: c"
    }

    It 'ends at Ctrl+C while answers are to come' -Skip:$IsWindows {
        $shell = Start-ExampleServer "$example/server.ps1" @{ Delay = '1h' } -Process
        $peer = Connect-Known $shell
        Send-Peer $peer 'hello'
        Read-Said $shell | Should -BeLike '*, message 1: hello'
        Stop-Example $shell
        $known.Clear()
        Test-PortFree $shell.Port | Should -BeTrue
    }

    It 'would be refused without a handler' -Tag U8 {
        $failure = Get-Failure { Start-TcpServer 0 }
        $failure.Id | Should -Be HandlerMissing
        $failure.IsTerminating | Should -BeTrue
    }
}

Describe 'The client that connects again' {
    AfterEach {
        Close-Peer
        Stop-Client
        if ($listener) {
            $listener.Stop()
        }
    }

    It 'greets, and answers each reply after the delay' -Tag U2 {
        $listener = Start-Listener
        $shell = Start-Greeter $listener.Port @{ Delay = '500ms' }
        $peer = Receive-Client $listener
        Receive-Peer $peer -Length $greetingLength | Should -MatchExactly "^Hello server, I am the client $time$"
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Send-Peer $peer 'reply'
        Receive-Peer $peer -Length $greetingLength | Should -MatchExactly "^Hello server, I am the client $time$"
        $clock.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 0.45
        "Connecting to 127.0.0.1:$($listener.Port)", 'Connected.', 'Received: reply' |
            ForEach-Object { Read-Said $shell | Should -BeExactly $_ }
    }

    It 'connects again after a loss, not before the delay is over: <Name>' -Tag U2 -ForEach @(
        @{ Name = 'the server closes'; Lose = { $args[0].Close() }; Reason = 'Done' }
        @{ Name = 'the server resets'; Lose = { Reset-Peer $args[0] }; Reason = 'Lost' }
    ) {
        $listener = Start-Listener
        $shell = Start-Greeter $listener.Port @{ RetryDelay = '500ms'; Delay = '1h' }
        $peer = Receive-Client $listener
        $null = Receive-Peer $peer -Length $greetingLength
        $clock = [Diagnostics.Stopwatch]::StartNew()
        & $Lose $peer
        $peer = Receive-Client $listener
        $clock.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 0.45
        Receive-Peer $peer -Length $greetingLength | Should -MatchExactly "^Hello server, I am the client $time$"
        $connecting = "Connecting to 127.0.0.1:$($listener.Port)"
        $connecting, 'Connected.', "Connection lost: $Reason", $connecting, 'Connected.' |
            ForEach-Object { Read-Said $shell | Should -BeExactly $_ }
    }

    It 'connects when the server comes at last, and talks with it until -Count' -Tag U2, U4 {
        $port = Get-UnusedPort
        $client = Start-Greeter $port @{ RetryDelay = '200ms'; Delay = '100ms'; Count = 2 }
        $connecting = "Connecting to 127.0.0.1:$port"
        $connecting, 'Connection failed: *', $connecting | ForEach-Object { Read-Said $client | Should -BeLike $_ }
        $server = Start-ExampleServer "$example/server.ps1" @{ Delay = '100ms'; Port = $port }
        while (($line = Read-Said $client) -ne 'Connected.') {
            $line | Should -Match '^Connect' -Because 'it ends only later'
        }
        foreach ($time in 1, 2) {
            Read-Said $client | Should -BeLike 'Received: response from the server *'
        }
        Read-Said $client | Should -BeExactly 'Connection lost: Done'
        Read-Said $client | Should -BeNullOrEmpty
        Wait-Example $client | Should -BeNullOrEmpty
        # The client may be there before the server has said that it serves.
        $said = [Collections.Generic.Queue[string]]@($server.Said | Where-Object { $_ })
        'has connected.', 'message 1: Hello server, I am the client *', 'message 2: Hello server, I am the client *', 'has gone: Done' |
            ForEach-Object { $(if ($said.Count) { $said.Dequeue() } else { Read-Said $server }) | Should -BeLike "127.0.0.1:* $_" }
    }

    It 'puts a character together that came in two pieces' -Tag U6 {
        $listener = Start-Listener
        $shell = Start-Greeter $listener.Port @{ Delay = '1h' }
        $peer = Receive-Client $listener
        Send-Peer $peer "caf$([char]0xc3)"
        "Connecting to 127.0.0.1:$($listener.Port)", 'Connected.', 'Received: caf' |
            ForEach-Object { Read-Said $shell | Should -BeExactly $_ }
        Send-Peer $peer "$([char]0xa9)"
        Read-Said $shell | Should -BeExactly "Received: $([char]0xe9)"
    }

    It 'ends at the time that -For says, while it waits to connect again' -Tag U4, U7 {
        $shell = Start-Greeter (Get-UnusedPort) @{ RetryDelay = '1h'; For = '500ms' }
        Wait-Example $shell | Should -BeNullOrEmpty
    }

    It 'ends at Ctrl+C while it waits to connect again' -Tag U4, U7 -Skip:$IsWindows {
        $shell = Start-Greeter (Get-UnusedPort) @{ RetryDelay = '1h' } -Process
        Read-Said $shell | Should -BeLike 'Connecting to *'
        Read-Said $shell | Should -BeLike 'Connection failed: *'
        Stop-Client
    }
}

Describe 'The defaults' {
    It 'of <Script> are those of the article' -ForEach @(
        @{ Script = 'server.ps1'; Defaults = 'Port=9527 Delay=5' }
        @{ Script = 'client.ps1'; Defaults = "ComputerName='127.0.0.1' Port=9527 Delay=5 RetryDelay=30 ConnectTimeout=30" }
    ) {
        $parameters = (Get-Command "$example/$Script").ScriptBlock.Ast.ParamBlock.Parameters
        $names = $Defaults -split ' ' -replace '=.*'
        ($parameters | Where-Object { $_.Name.VariablePath.UserPath -in $names } |
                ForEach-Object { "$($_.Name.VariablePath.UserPath)=$($_.DefaultValue)" }) -join ' ' | Should -BeExactly $Defaults
    }
}
