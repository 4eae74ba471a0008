<#
.SYNOPSIS
    A line server as scripts have it: a TcpListener, and for each client a runspace of a pool that blocks in ReadLine.
#>
[CmdletBinding()]
param(
    [ValidateSet('echo', 'work', 'broadcast')]
    [string] $Handler = 'echo'
)

$ErrorActionPreference = 'Stop'

$handlers = @{
    echo      = {
        param($Client)
        $stream = $Client.GetStream()
        $reader = [IO.StreamReader]::new($stream)
        $writer = [IO.StreamWriter]::new($stream)
        $writer.NewLine = "`r`n"
        try {
            while ($null -ne ($line = $reader.ReadLine())) {
                $writer.WriteLine($line)
                if (-not $stream.DataAvailable) { $writer.Flush() }
            }
        }
        finally {
            $Client.Dispose()
        }
    }
    work      = {
        param($Client)
        $stream = $Client.GetStream()
        $reader = [IO.StreamReader]::new($stream)
        $writer = [IO.StreamWriter]::new($stream)
        $writer.NewLine = "`r`n"
        try {
            while ($null -ne ($line = $reader.ReadLine())) {
                $reply = switch -Regex ($line) {
                    '^ADD (\d+) (\d+)$' { [int] $Matches[1] + [int] $Matches[2] }
                    '^UPPER (.+)$' { $Matches[1].ToUpper() }
                    '^LEN (.+)$' { $Matches[1].Length }
                    '^ECHO (.+)$' { $Matches[1] }
                    default { 'ERR unknown command' }
                }
                $writer.WriteLine($reply)
                if (-not $stream.DataAvailable) { $writer.Flush() }
            }
        }
        finally {
            $Client.Dispose()
        }
    }
    broadcast = {
        param($Client, $Writers)
        $stream = $Client.GetStream()
        $reader = [IO.StreamReader]::new($stream)
        $writer = [IO.StreamWriter]::new($stream)
        $writer.NewLine = "`r`n"
        $Writers[$Client] = $writer
        try {
            while ($null -ne ($line = $reader.ReadLine())) {
                $receivers = if ($line -match '^ALL ') { $Writers.Values } else { $writer }
                foreach ($each in $receivers) {
                    [Threading.Monitor]::Enter($each)
                    try {
                        $each.WriteLine($line)
                        $each.Flush()
                    }
                    finally {
                        [Threading.Monitor]::Exit($each)
                    }
                }
            }
        }
        finally {
            $null = $Writers.TryRemove($Client, [ref] $null)
            $Client.Dispose()
        }
    }
}

$writers = [Collections.Concurrent.ConcurrentDictionary[object, object]]::new()
$pool = [runspacefactory]::CreateRunspacePool(1, 2500)
$pool.Open()
$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$listener.Start()
"PORT $($listener.LocalEndpoint.Port)"
while ($true) {
    $client = $listener.AcceptTcpClient()
    $client.NoDelay = $true
    $shell = [powershell]::Create()
    $shell.RunspacePool = $pool
    $null = $shell.AddScript($handlers[$Handler]).AddArgument($client).AddArgument($writers)
    $null = $shell.BeginInvoke()
}
