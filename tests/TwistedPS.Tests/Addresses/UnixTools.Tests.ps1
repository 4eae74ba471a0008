BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $curl, $socat, $ncat, $python = 'curl', 'socat', 'ncat', 'python3' | ForEach-Object { $IsLinux -and (Find-RealProgram $_) }
    $twisted = $IsLinux -and (Find-PythonWith twisted -Package python3-twisted)
    $talkers = @(
        @{ Tool = 'socat'; Missing = -not $socat; Words = { 'socat', '-t', '10', '-', "UNIX-CONNECT:$path" } }
        @{ Tool = 'ncat'; Missing = -not $ncat; Words = { 'ncat', '-U', $path } }
        @{ Tool = 'python'; Missing = -not $python; Words = { 'python3', '-c', $pythonClient, $path } }
        @{ Tool = 'Twisted'; Missing = -not $twisted; Words = { '/usr/bin/python3', '-c', $twistedClient, $path } }
    )
    $listeners = @(
        @{ Tool = 'socat'; Missing = -not $socat; Words = { 'socat', "UNIX-LISTEN:$path", 'EXEC:cat' } }
        # With more than a pipe holds, it and its child wait for each other.
        @{ Tool = 'ncat'; Missing = -not $ncat; Words = { 'ncat', '-lU', $path, '--exec', '/bin/cat' }; Most = 25600 }
        @{ Tool = 'python'; Missing = -not $python; Words = { 'python3', '-c', $pythonServer, $path } }
        @{ Tool = 'Twisted'; Missing = -not $twisted; Words = { '/usr/bin/python3', '-c', $twistedServer, $path } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $folder = (New-Item "/tmp/tps-$([guid]::NewGuid().ToString('N').Substring(0, 8))" -ItemType Directory).FullName
    # Every byte, and more than a socket holds.
    $bytes = [byte[]](0..255) * 4000

    $pythonClient = @'
import socket, sys, threading
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[1])
def send():
    peer.sendall(sys.stdin.buffer.read())
    peer.shutdown(socket.SHUT_WR)
threading.Thread(target=send).start()
while data := peer.recv(65536):
    sys.stdout.buffer.write(data)
'@
    $pythonServer = @'
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
peer = server.accept()[0]
while data := peer.recv(65536):
    peer.sendall(data)
'@
    $twistedClient = @'
import sys
from twisted.internet import endpoints, protocol, reactor
class Sender(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(sys.stdin.buffer.read())
        self.transport.loseWriteConnection()
    def dataReceived(self, data):
        sys.stdout.buffer.write(data)
    def connectionLost(self, reason):
        reactor.stop()
endpoint = endpoints.clientFromString(reactor, "unix:path=" + sys.argv[1] + ":timeout=9")
endpoints.connectProtocol(endpoint, Sender()).addErrback(lambda failure: (print(failure, file=sys.stderr), reactor.stop()))
reactor.run()
'@
    $twistedServer = @'
import sys
from twisted.internet import endpoints, interfaces, protocol, reactor
from zope.interface import implementer
@implementer(interfaces.IHalfCloseableProtocol)
class Echo(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data)
    def readConnectionLost(self):
        self.transport.loseConnection()
    def writeConnectionLost(self):
        pass
factory = protocol.Factory.forProtocol(Echo)
endpoints.serverFromString(reactor, "unix:" + sys.argv[1] + ":mode=600:lockfile=0").listen(factory)
reactor.run()
'@

    # Runs a program with bytes as its input, and outputs what it has written.
    function Invoke-Tool ([string[]] $Words, [byte[]] $InputBytes) {
        $process = Start-Child $Words
        $output = [IO.MemoryStream]::new()
        $reading = $process.StandardOutput.BaseStream.CopyToAsync($output)
        $writing = $process.StandardInput.BaseStream.WriteAsync($InputBytes).AsTask()
        $writing.Wait(30000) | Should -BeTrue
        $process.StandardInput.Close()
        Assert-ChildSucceeded $process
        $reading.Wait(30000) | Should -BeTrue
        , $output.ToArray()
    }
}

AfterAll {
    Remove-Item -LiteralPath $folder -Recurse
}

Describe 'A server on a UNIX socket' -Skip:(-not $IsLinux) {
    BeforeAll {
        $path = "$folder/server.sock"
        $server = Start-TcpServer "unix:$($path):mode=600" { $_ }
    }

    AfterAll {
        Stop-TcpServer $server
    }

    It 'gives every byte back to <Tool>' -ForEach $talkers {
        if ($Missing) {
            Set-ItResult -Skipped -Because "$Tool is not installed"
        }
        $got = Invoke-Tool (& $Words) $bytes
        [Convert]::ToHexString($got) -ceq [Convert]::ToHexString($bytes) | Should -BeTrue
    }

    It 'answers the requests of curl' -Skip:(-not $curl) {
        $null = Start-LineServer -Path "$folder/http.sock" -Delimiter CRLF {
            if ($_) {
                $Connection.State.Request ??= $_
            }
            else {
                $body = "You said: $($Connection.State.Request)"
                $Connection.Write("HTTP/1.1 200 OK`r`nContent-Length: $($body.Length)`r`n`r`n$body")
                $Connection.State.Request = $null
            }
        }
        # Two over one connection.
        curl --silent --unix-socket "$folder/http.sock" http://localhost/a http://localhost/b --max-time 30 |
            Should -BeExactly 'You said: GET /a HTTP/1.1You said: GET /b HTTP/1.1'
        Get-LineServer | Stop-LineServer
    }
}

Describe 'A client of a UNIX socket of another program' -Skip:(-not $IsLinux) {
    It 'gets every byte back from <Tool>' -ForEach $listeners {
        if ($Missing) {
            Set-ItResult -Skipped -Because "$Tool is not installed"
        }
        $path = "$folder/$Tool.sock"
        $process = Start-Child (& $Words)
        try {
            Wait-Until { Test-Path $path }
            Wait-Until { $script:client = Connect-TcpClient "unix:$path" -ErrorAction Ignore; $script:client }
            $bytes = $Most ? $bytes[1..$Most] : $bytes
            # Ncat forgets what its child still has when the client's stream ends.
            Send-TcpData $script:client $bytes
            $got = Receive-TcpData $script:client -Count $bytes.Count -Timeout 30
            $script:client.Connection.EndSending()
            Receive-TcpData $script:client -ToEnd -Timeout 30 | Should -BeNullOrEmpty
            [Convert]::ToHexString($got) -ceq [Convert]::ToHexString($bytes) | Should -BeTrue
        }
        finally {
            $process.Kill()
            $process.WaitForExit()
        }
    }
}
