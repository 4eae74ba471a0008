<#
.SYNOPSIS
    SOCKS 5 without authentication (RFC 1928), as handlers to splat to Start-TcpServer: connections to names and addresses.
#>
@{
    Name                 = 'Socks'

    InitializationScript = {
        # The end of a reply says from where the server connects, which clients do not need.
        function Deny-Request ($Connection, [byte] $Code) {
            $Connection.Write([byte[]] (5, $Code, 0, 1, 0, 0, 0, 0, 0, 0))
            $Connection.Close()
        }

        # The host and the port of a request, and how long it is; nothing while it isn't whole.
        function Read-Request ([byte[]] $Data) {
            $length = switch ($Data[3]) {
                1 { 4 }
                3 { $Data[4] }
                4 { 16 }
            }
            $start = $Data[3] -eq 3 ? 5 : 4
            $end = $start + $length
            if ($Data.Count -lt $end + 2) {
                return
            }
            $name = [byte[]] $Data[$start..($end - 1)]
            @{
                Host   = $Data[3] -eq 3 ? [Text.Encoding]::ASCII.GetString($name) : "$([ipaddress]::new($name))"
                Port   = 256 * $Data[$end] + $Data[$end + 1]
                Length = $end + 2
            }
        }
    }

    OnConnect            = { $Connection.State.Unread = [byte[]] @() }

    OnData               = {
        $data = [byte[]] ($Connection.State.Unread + $_)
        $Connection.State.Unread = $data
        if ($data[0] -ne 5) {
            $Connection.Close()
            return
        }

        # First, which ways to log in the client knows.
        if (-not $Connection.State.IsGreeted) {
            if ($data.Count -lt 2 -or $data.Count -lt 2 + $data[1]) {
                return
            }
            $Connection.State.IsGreeted = $true
            $isOpen = $data[1] -and 0 -in $data[2..(1 + $data[1])]
            $Connection.Write([byte[]] (5, ($isOpen ? 0 : 255)))
            if (-not $isOpen) {
                $Connection.Close()
                return
            }
            $data = [byte[]] ($data | Select-Object -Skip (2 + $data[1]))
            $Connection.State.Unread = $data
        }

        # Then, where to.
        if ($data.Count -lt 5) {
            return
        }
        if ($data[1] -ne 1) {
            Deny-Request $Connection 7
            return
        }
        if ($data[3] -notin 1, 3, 4) {
            Deny-Request $Connection 8
            return
        }
        $request = Read-Request $data
        if (-not $request) {
            return
        }
        if (-not $request.Host -or -not $request.Port) {
            Deny-Request $Connection 1
            return
        }
        $rest = [byte[]] ($data | Select-Object -Skip $request.Length)

        # The client's handlers have a scope of their own. What the peer sends meanwhile waits.
        $far = Connect-TcpClient $request.Host $request.Port -ConnectTimeout 10 -ArgumentList $Connection, $rest -OnConnect {
            param($Far, $Near, $Rest)
            $Near.Write([byte[]] (5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
            $Far.Write([byte[]] $Rest)
        } -OnConnectFailed {
            param($Client, $Failure, $Near)
            $code = $Failure.Exception.SocketErrorCode -eq 'ConnectionRefused' ? 5 : 4
            $Near.Write([byte[]] (5, $code, 0, 1, 0, 0, 0, 0, 0, 0))
            $Near.Close()
        }
        $Connection.RelayTo($far)
    }
}
