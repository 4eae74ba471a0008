BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $kinds = Get-ReactorKind -Background
    $dig, $logger, $socat, $python = 'dig', 'logger', 'socat', 'python3' | ForEach-Object { [bool](Find-RealProgram $_) }
    $twisted = $IsLinux -and $(try { /usr/bin/python3 -c 'import twisted' 2>$null; -not $LASTEXITCODE } catch { $false })
    if (-not $twisted) {
        Write-Warning 'Twisted is not installed, so its tests are skipped. On Debian: apt-get install python3-twisted'
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $script:tools = [Collections.Generic.List[Diagnostics.Process]]::new()

    # With pipes to it, so that it does not end before it is told to.
    function Start-Tool ([string] $Program, [string[]] $Arguments) {
        $start = [Diagnostics.ProcessStartInfo]@{ FileName = $Program; RedirectStandardInput = $true; RedirectStandardOutput = $true }
        $Arguments.ForEach{ $start.ArgumentList.Add($_) }
        $tool = [Diagnostics.Process]::Start($start)
        $script:tools.Add($tool)
        $tool
    }

    function Read-Tool ([Diagnostics.Process] $Tool) {
        $line = $Tool.StandardOutput.ReadLineAsync()
        $line.Wait(30000) | Should -BeTrue -Because 'the tool has an answer'
        $line.Result
    }

    # Nobody can see whether a tool is ready to receive, but that it answers.
    function Wait-Answer ($Client, [string] $Data) {
        Wait-Until {
            Send-Datagram $Client $Data -ErrorAction Ignore
            $script:answer = Receive-Datagram $Client -Timeout 200ms -AsText -ErrorAction Ignore
            $script:answer
        }
        $script:answer
    }
}

AfterAll {
    foreach ($tool in $script:tools) {
        if (-not $tool.HasExited) {
            $tool.Kill()
        }
        $tool.Dispose()
    }
}

Describe 'Datagrams (<Kind>)' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterEach {
        $script:tools.Where{ -not $_.HasExited }.ForEach{ $_.Kill() }
        Get-UdpServer | Stop-UdpServer -DrainTime 0
        Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'answer dig, which asks for names' -Skip:(-not $dig) {
        $names = Start-UdpServer 0 -Reactor $reactor {
            # The question follows the header of 12 bytes, and ends with its type and class.
            for ($end = 12; $_[$end]; $end += $_[$end] + 1) { }
            $question = $_[12..($end + 4)]
            $header = $_[0, 1] + 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0
            $address = 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, $_[12]
            , [byte[]]($header + $question + $address)
        }
        dig '@127.0.0.1' -p $names.Port +noedns +short +tries=1 +time=20 a.example twisted.example | Should -BeExactly 192.0.2.1, 192.0.2.7
        $names.Errors | Should -BeNullOrEmpty
    }

    It 'hear logger, over UDP and at a UNIX socket' -Skip:(-not $logger) {
        $log = Start-UdpServer 0 -AsText { $Server.State.Entry = $_ } -Reactor $reactor
        logger -d -n 127.0.0.1 -P $log.Port --rfc3164 -p user.warning -t test 'by UDP: äöü'
        Wait-Handled $reactor { $log.State.Entry }
        $log.State.Entry | Should -MatchExactly '^<12>\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ test: by UDP: äöü$'
        $local = Start-UdpServer -Path "$TestDrive/log" -AsText { $Server.State.Entry = $_ } -Reactor $reactor
        logger -u "$TestDrive/log" -p user.warning -t test 'by a file'
        Wait-Handled $reactor { $local.State.Entry }
        $local.State.Entry | Should -BeLike '<12>*test: by a file'
    }

    It 'go to and from socat: UDP, UNIX sockets, multicast' -Skip:(-not $socat) {
        # Ours answers.
        $udp = Start-UdpServer 0 { "udp $_" } -AsText -Reactor $reactor
        $unix = Start-UdpServer -Path "$TestDrive/ours" { "unix $_" } -AsText -Reactor $reactor
        $member = Start-UdpServer 0 -MulticastGroup 239.255.79.1 -MulticastInterface 127.0.0.1 { "member $_" } -AsText -Reactor $reactor
        $asking = @(
            Start-Tool socat '-', "UDP4:127.0.0.1:$($udp.Port)"
            Start-Tool socat '-', "UNIX-SENDTO:$TestDrive/ours,bind=$TestDrive/asking"
            Start-Tool socat '-', "UDP4-DATAGRAM:239.255.79.1:$($member.Port),ip-multicast-if=127.0.0.1"
        )
        $asking.ForEach{ $_.StandardInput.WriteLine('question') }
        $asking.ForEach{ Read-Tool $_ } | Should -BeExactly 'udp question', 'unix question', 'member question'

        # Socat answers.
        $port = Get-UnusedPort
        $null = Start-Tool socat "UDP4-RECVFROM:$port,bind=127.0.0.1,fork", EXEC:cat
        $null = Start-Tool socat "UNIX-RECVFROM:$TestDrive/theirs,fork", EXEC:cat
        $heard = Start-Tool socat '-u', "UDP4-RECV:$port,bind=239.255.79.2,ip-add-membership=239.255.79.2:127.0.0.1,reuseaddr", '-'
        Wait-Answer (Connect-UdpClient 127.0.0.1 $port -Reactor $reactor) 'over UDP' | Should -BeExactly 'over UDP'
        Wait-Until { Test-Path $TestDrive/theirs }
        Wait-Answer (Connect-UdpClient -Path $TestDrive/theirs -LocalPath $TestDrive/own -Reactor $reactor) 'over UNIX' | Should -BeExactly 'over UNIX'
        $sender = Start-UdpServer 0 -MulticastInterface 127.0.0.1 -Reactor $reactor
        $line = $heard.StandardOutput.ReadLineAsync()
        Wait-Until { Send-Datagram $sender "to all`n" -To "239.255.79.2:$port"; $line.IsCompleted }
        $line.Result | Should -BeExactly 'to all'
    }

    It 'of every length go to and from Python' -Skip:(-not $python) {
        $echo = Start-UdpServer 0 { , $_ } -Reactor $reactor
        $script = @'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(30)
for n in (0, 1, 2, 1472, 1473, 9000, 65506, 65507):
    data = bytes(i * 7 & 255 for i in range(n))
    s.sendto(data, ("127.0.0.1", int(sys.argv[1])))
    assert s.recvfrom(70000)[0] == data, n
print(s.getsockname()[1], flush=True)
while True:
    data, peer = s.recvfrom(70000)
    s.sendto(data, peer)
'@
        $python = Start-Tool python3 '-c', $script, $echo.Port
        $client = Connect-UdpClient 127.0.0.1 ([int](Read-Tool $python)) -Reactor $reactor
        $echo.DatagramsIn, $echo.DatagramsOut | Should -Be 8, 8
        foreach ($length in 0, 1, 1473, 65507) {
            $data = [byte[]]::new($length)
            [Random]::new($length).NextBytes($data)
            Send-Datagram $client (, $data)
            $back = (Receive-Datagram $client -Timeout 30).Data
            [Linq.Enumerable]::SequenceEqual($data, $back) | Should -BeTrue -Because "$length bytes come back"
        }
    }

    It 'go to and from Twisted: UDP, multicast, UNIX sockets' -Skip:(-not $twisted) {
        # Ours answers.
        $options = @{ AsText = $true; Reactor = $reactor; MulticastInterface = '127.0.0.1' }
        $udp = Start-UdpServer 0 { "udp $_" } @options
        $member = Start-UdpServer 0 -MulticastGroup 239.255.79.3 { "multicast $_" } @options
        $unix = Start-UdpServer -Path "$TestDrive/twisted" { "unix $_" } @options
        $twisted = "$PSScriptRoot/../Support/twisted_datagrams.py"
        $answers = /usr/bin/python3 $twisted ask $udp.Port 239.255.79.3 $member.Port $TestDrive/twisted
        $answers | Sort-Object | Should -BeExactly 'multicast all', 'udp ', 'udp one', 'udp two', 'unix first', 'unix second'

        # Twisted answers.
        Stop-UdpServer $unix
        $serving = Start-Tool /usr/bin/python3 $twisted, 'serve', '239.255.79.4', "$TestDrive/twisted"
        $port, $memberPort = -split (Read-Tool $serving)
        $client = Connect-UdpClient 127.0.0.1 $port -Reactor $reactor
        Send-Datagram $client 'a', 'b', ''
        Receive-Datagram $client -Count 3 -Timeout 30 -AsText | Should -BeExactly 'udp a', 'udp b', 'udp '
        $sender = Start-UdpServer 0 @options
        Send-Datagram $sender 'c' -To "239.255.79.4:$memberPort"
        Receive-Datagram $sender -Timeout 30 -AsText | Should -BeExactly 'multicast c'
        $client = Connect-UdpClient -Path "$TestDrive/twisted" -Reactor $reactor
        Send-Datagram $client 'd'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly 'unix d'
        $serving.StandardInput.Close()
        $serving.WaitForExit(30000) | Should -BeTrue
    }
}
