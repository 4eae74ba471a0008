BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

AfterAll {
    Get-UdpServer | Stop-UdpServer -DrainTime 0
    Get-UdpClient | Disconnect-UdpClient -DrainTime 0
}

# Windows has no UNIX sockets for datagrams.
Describe 'A server at a UNIX socket (<Kind>)' -Skip:$IsWindows -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
        $path = "$TestDrive/x.sock"
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'answers clients, has the mode it is given, and leaves no file' {
        $server = Start-UdpServer -Path $path { "$_ of $Peer" } -AsText -FileMode 620 -Reactor $reactor
        (Get-Item $path).UnixMode | Should -BeExactly 'srw--w----'
        $client = Connect-UdpClient -Path $path -LocalPath "$path.client" -Reactor $reactor
        Send-Datagram $client 'one', 'two'
        Receive-Datagram $client -Count 2 -Timeout 30 -AsText | Should -BeExactly "one of $path.client", "two of $path.client"
        $other = Connect-UdpClient -Path $path -Reactor $reactor
        Send-Datagram $other 'three'
        Receive-Datagram $other -Timeout 30 -AsText | Should -BeExactly "three of $($other.LocalAddress)"
        Send-Datagram $server 'by path' -To "$path.client"
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly 'by path'
        Disconnect-UdpClient $client, $other
        Stop-UdpServer $server
        Test-Path $path, "$path.client" | Should -Be $false, $false
    }

    It 'replaces a file that nobody serves, but not one that is served, nor another file' {
        $stale = [System.Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        $stale.Bind([System.Net.Sockets.UnixDomainSocketEndPoint]::new("$path.old"))
        Move-Item "$path.old" $path
        $stale.Dispose()
        $server = Start-UdpServer -Path $path { 'served' } -Reactor $reactor
        $failure = Get-Failure { Start-UdpServer -Path $path { } -Reactor $reactor }
        $failure.Id, $failure.Target, $failure.IsTerminating | Should -Be AddressInUse, $path, $true
        $client = Connect-UdpClient -Path $path -Reactor $reactor
        Send-Datagram $client 'x'
        Receive-Datagram $client -Timeout 30 -AsText | Should -BeExactly served
        Stop-UdpServer $server
        Set-Content $path 'precious'
        (Get-Failure { Start-UdpServer -Path $path { } -Reactor $reactor }).Id | Should -Be AddressInUse
        Get-Content $path | Should -BeExactly precious
        Remove-Item $path
    }

    It 'may have an abstract name' -Skip:(-not $IsLinux) {
        $name = "@twistedps-test-$(New-Guid)"
        $server = Start-UdpServer -Path $name { "heard $_" } -AsText -Reactor $reactor
        $client = Connect-UdpClient -Path $name -Reactor $reactor
        Send-Datagram $client 'it'
        $answer = Receive-Datagram $client -Timeout 30
        "$answer", $answer.Peer.Address, $answer.Peer.Port, $server.Port | Should -BeExactly 'heard it', $name, 0, 0
    }

    It 'goes on when its peer is gone' {
        $server = Start-UdpServer -Path $path { $_ } -AsText -OnError { } -Reactor $reactor
        $client = Connect-UdpClient -Path $path -LocalPath "$path.client" -Reactor $reactor
        Disconnect-UdpClient $client
        $failure = Get-Failure { Send-Datagram $server 'x' -To "$path.client" }
        $failure.Id | Should -Be ConnectionRefused
        $again = Connect-UdpClient -Path $path -Reactor $reactor
        Send-Datagram $again 'y'
        Receive-Datagram $again -Timeout 30 -AsText | Should -BeExactly y
        Stop-UdpServer $server
    }
}
