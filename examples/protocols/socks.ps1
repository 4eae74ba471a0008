<#
.SYNOPSIS
    A SOCKS 5 proxy: connects whoever asks to wherever they say. Ctrl+C ends it.
.DESCRIPTION
    It speaks RFC 1928 as far as CONNECT without logging in, to names and to addresses of IPv4 and IPv6.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./socks.ps1
    curl --socks5-hostname localhost:1080 http://example.com/
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 1080)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# The end of a reply says from where the proxy connects, which clients do not need.
function Send-Reply ($Connection, [byte] $Code) {
    $Connection.Write([byte[]] (5, $Code, 0, 1, 0, 0, 0, 0, 0, 0))
    if ($Code) { $Connection.Close() }
}

Start-LineServer $Port -Wait -OnConnect { $Connection.ReadBytes(2) } -OnData {
    $data, $state = $_, $Connection.State
    switch (++$state.Step) {
        # The version, and how many ways to log in the client knows.
        1 { if ($data[0] -eq 5 -and $data[1]) { $Connection.ReadBytes($data[1]) } else { $Connection.Close() } }
        # Each way; 0 is to need none.
        2 {
            if (0 -in $data) { $Connection.Write([byte[]] (5, 0)); $Connection.ReadBytes(5) }
            else { $Connection.Write([byte[]] (5, 255)); $Connection.Close() }
        }
        # The version, the command, a 0, the kind of address, and its first byte, which for a name is its length.
        3 {
            $state.Kind, $state.First = $data[3, 4]
            $rest = switch ($state.Kind) { 1 { 3 } 3 { $state.First } 4 { 15 } }
            if ($data[1] -ne 1) { Send-Reply $Connection 7 }
            elseif ($null -eq $rest) { Send-Reply $Connection 8 }
            else { $Connection.ReadBytes($rest + 2) }
        }
        # The rest of the address, and the port. What the client sends meanwhile waits.
        4 {
            $name, $port = $data[0..($data.Count - 3)], (256 * $data[-2] + $data[-1])
            $to = $state.Kind -eq 3 ? -join [char[]] $name : "$([ipaddress]::new([byte[]] (@($state.First) + $name)))"
            if (-not $state.First -and $state.Kind -eq 3 -or -not $port) { Send-Reply $Connection 1; return }
            $Connection.RelayTo((Connect-TcpClient $to $port -ConnectTimeout 10 -ArgumentList $Connection -OnConnect {
                        Send-Reply $args[-1] 0
                    } -OnConnectFailed {
                        Send-Reply $args[-1] ($_.Exception.SocketErrorCode -eq 'ConnectionRefused' ? 5 : 4)
                    }))
        }
    }
}
