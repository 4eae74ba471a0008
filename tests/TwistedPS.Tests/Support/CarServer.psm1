# Servers that Get-RemoteCars asks.

function Start-CarServer ([string] $Reply) {
    Start-TcpServer 0 -OnConnect { $using:Reply; $Connection.Close() }
}

# Answers nobody until it is told to by Complete-Car.
function Start-SilentServer {
    Start-TcpServer 0 -OnConnect { }
}

function Complete-Car ([object] $Server, [string] $Reply) {
    Wait-Until { $Server.ConnectionCount -eq 1 }
    Send-TcpData -Server $Server $Reply
    $Server.Connections.Close()
}

function Get-Address ([object] $Server) {
    "127.0.0.1:$($Server.Port)"
}

Export-ModuleMember -Function *
