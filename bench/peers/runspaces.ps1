<#
.SYNOPSIS
    A line server as scripts have it: a TcpListener, and a runspace that blocks for each client.
#>
[CmdletBinding()]
param(
    [ValidateSet('echo', 'work', 'broadcast')]
    [string] $Handler = 'echo'
)

$ErrorActionPreference = 'Stop'

$serve = {
    param($Client, $Handler, $Writers)
    $stream = $Client.GetStream()
    $reader = [IO.StreamReader]::new($stream)
    $writer = [IO.TextWriter]::Synchronized([IO.StreamWriter]::new($stream))
    $writer.NewLine = "`r`n"
    $Writers[$Client] = $writer
    try {
        while ($null -ne ($line = $reader.ReadLine())) {
            switch ($Handler) {
                'echo' { $writer.WriteLine($line) }
                'work' {
                    $reply = switch -Regex ($line) {
                        '^ADD (\d+) (\d+)$' { [int] $Matches[1] + [int] $Matches[2] }
                        '^UPPER (.+)$' { $Matches[1].ToUpper() }
                        '^LEN (.+)$' { $Matches[1].Length }
                        '^ECHO (.+)$' { $Matches[1] }
                        default { 'ERR unknown command' }
                    }
                    $writer.WriteLine($reply)
                }
                'broadcast' {
                    if ($line -match '^ALL ') {
                        foreach ($each in $Writers.Values) {
                            $each.WriteLine($line)
                            $each.Flush()
                        }
                    }
                    else {
                        $writer.WriteLine($line)
                    }
                }
            }
            if (-not $stream.DataAvailable) {
                $writer.Flush()
            }
        }
    }
    finally {
        $null = $Writers.TryRemove($Client, [ref] $null)
        $Client.Dispose()
    }
}

$writers = [Collections.Concurrent.ConcurrentDictionary[object, object]]::new()
$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$listener.Start()
"PORT $($listener.LocalEndpoint.Port)"
while ($true) {
    $client = $listener.AcceptTcpClient()
    $client.NoDelay = $true
    $shell = [powershell]::Create()
    $null = $shell.AddScript($serve).AddArgument($client).AddArgument($Handler).AddArgument($writers)
    $null = $shell.BeginInvoke()
}
