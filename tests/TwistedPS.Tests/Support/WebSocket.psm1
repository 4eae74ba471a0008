# WebSockets of .NET, as clients. A reactor in the foreground runs while they wait.

Import-Module $PSScriptRoot/ReactorKinds.psm1

$script:Sockets = [Collections.Generic.List[IDisposable]]::new()

function Wait-Task ([object] $Reactor, [Threading.Tasks.Task] $Task) {
    Wait-Until {
        Invoke-Reactor -Reactor $Reactor { }
        $Task.IsCompleted
    }
    $Task.GetAwaiter().GetResult()
}

function Connect-WebSocket {
    <# A WebSocket of a web server, with headers. #>
    param([Parameter(Mandatory)] [object] $Server, [string] $Path = '/', [hashtable] $Headers = @{}, [string[]] $Protocol)
    $socket = [Net.WebSockets.ClientWebSocket]::new()
    $script:Sockets.Add($socket)
    $Headers.GetEnumerator() | ForEach-Object { $socket.Options.SetRequestHeader($_.Name, $_.Value) }
    $Protocol | Where-Object { $_ } | ForEach-Object { $socket.Options.AddSubProtocol($_) }
    $socket | Add-Member Reactor $Server.Reactor
    $null = Wait-Task $Server.Reactor $socket.ConnectAsync("ws://127.0.0.1:$($Server.Port)$Path", [Threading.CancellationToken]::None)
    $socket
}

function Send-WebSocket {
    <# Sends each text as a message; bytes as one binary message. #>
    param([Parameter(Mandatory)] [object] $Socket, [string[]] $Text = @(), [byte[]] $Bytes)
    $messages = @($Text | ForEach-Object { , @('Text', [Text.Encoding]::UTF8.GetBytes($_)) })
    if ($Bytes) {
        $messages += , @('Binary', $Bytes)
    }
    foreach ($message in $messages) {
        $null = Wait-Task $Socket.Reactor $Socket.SendAsync([ArraySegment[byte]] $message[1], $message[0], $true, [Threading.CancellationToken]::None)
    }
}

function Receive-WebSocket {
    <# The next messages: text, the bytes of a binary one, or the code of a close. #>
    param([Parameter(Mandatory)] [object] $Socket, [int] $Count = 1)
    $buffer = [byte[]]::new(65536)
    for ($number = 0; $number -lt $Count; $number++) {
        $length = 0
        do {
            $room = [ArraySegment[byte]]::new($buffer, $length, $buffer.Length - $length)
            $result = Wait-Task $Socket.Reactor $Socket.ReceiveAsync($room, [Threading.CancellationToken]::None)
            $length += $result.Count
        } until ($result.EndOfMessage)
        switch ($result.MessageType) {
            'Text' { [Text.Encoding]::UTF8.GetString($buffer, 0, $length) }
            'Binary' { $buffer[0..($length - 1)] }
            'Close' {
                [int] $result.CloseStatus
                try {
                    $null = Wait-Task $Socket.Reactor $Socket.CloseOutputAsync('NormalClosure', $null, [Threading.CancellationToken]::None)
                }
                catch [Net.WebSockets.WebSocketException] {
                    Write-Debug 'The server has not waited for the answer.'
                }
            }
        }
    }
}

function Close-WebSocket {
    <# Drops all that a test has made. #>
    $script:Sockets | ForEach-Object { $_.Dispose() }
    $script:Sockets.Clear()
}

Export-ModuleMember -Function *-WebSocket
