BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    # The folder of a test's files may have a path too long for a socket.
    $folder = (New-Item "/tmp/tps-$([guid]::NewGuid().ToString('N').Substring(0, 8))" -ItemType Directory).FullName
    $path = "$folder/x.sock"
}

AfterAll {
    Remove-Item -LiteralPath $folder -Recurse
}

Describe 'A UNIX socket on the <Kind>' -Skip:(-not $IsLinux) -ForEach $kinds {
    BeforeEach {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterEach {
        Stop-Reactor $reactor
    }

    It 'carries lines and bytes, and shows its path' {
        $server = Start-LineServer -Path $path { "<$_>" } -Reactor $reactor -Name Lines
        $bytes = Start-TcpServer "unix:$folder/bytes.sock" { $_ } -Reactor $reactor
        $client = Connect-LineClient "unix:$path" -Reactor $reactor
        $raw = Connect-TcpClient -Path "$folder/bytes.sock" -Reactor $reactor
        Send-Line $client 'a', 'b' -Receive -Timeout 10 | Should -BeExactly '<a>', '<b>'
        Send-TcpData $raw ([byte[]](0, 255)) -EndSending
        (Receive-TcpData $raw -ToEnd -Timeout 10) -join ' ' | Should -Be '0 255'
        "$server" | Should -BeExactly "line server Lines ($path)"
        $client.Host, $client.Port | Should -Be $path, 0
        $server.EndPoint, $server.Port | Should -Be $path, 0
        $server.Connections[0].RemoteAddress | Should -Be unix
        ($server | Out-String -Width 200) | Should -BeLike "*$($path.Substring(0, 15))*"
        (Get-ReactorConnection -Server $server | Out-String -Width 200) | Should -BeLike '*Open*unix*'
        $server.Log[-1].Source | Should -BeExactly 'Lines,0,unix'
    }

    It 'tells who the peer is' {
        $server = Start-LineServer -Path $path { "$($Connection.PeerCredential.ProcessId)" } -Reactor $reactor
        $client = Connect-LineClient -Path $path -Reactor $reactor
        Send-Line $client 'who' -Receive -Timeout 10 | Should -BeExactly "$PID"
        $client.Connection.PeerCredential.UserId | Should -Be (id -u)
        $tcp = Start-LineServer 0 { } -Reactor $reactor
        (Connect-LineClient localhost $tcp.Port -Reactor $reactor).Connection.PeerCredential | Should -BeNullOrEmpty
    }

    It 'has an abstract name after an @' {
        $name = "@tps-$([guid]::NewGuid())"
        $server = Start-LineServer -Path $name { $_ } -Reactor $reactor
        $client = Connect-LineClient "unix:$name" -Reactor $reactor
        Send-Line $client 'a' -Receive -Timeout 10 | Should -BeExactly a
        "$server" | Should -BeLike "*($name)"
        (Get-Failure { Start-LineServer -Path $name { } -Reactor $reactor }).Id | Should -Be AddressInUse
    }

    It 'relays, and passes half-closes on' {
        $null = Start-TcpServer -Path "$folder/inner.sock" -OnData { $Connection.State.Got += $Connection.Decode($_) } -OnEnd { "got $($Connection.State.Got)"; $Connection.Close() } -Reactor $reactor
        $null = Start-TcpServer -Path $path -OnConnect { $Connection.RelayTo((Connect-TcpClient "unix:$using:folder/inner.sock")) } -Reactor $reactor
        $client = Connect-TcpClient -Path $path -Reactor $reactor
        Send-TcpData $client 'text' -EndSending
        Receive-TcpData $client -ToEnd -AsString -Timeout 10 | Should -BeExactly 'got text'
    }

    It 'is reconnected to' {
        $server = Start-LineServer -Path $path -OnConnect { $Connection.Close() } -Reactor $reactor
        $client = Connect-LineClient -Path $path -Reactor $reactor -ReconnectEvery 1ms
        Wait-Handled $reactor { $server.TotalConnections -ge 3 }
        Disconnect-LineClient $client
    }
}

Describe 'The file of a UNIX socket' -Skip:(-not $IsLinux) {
    AfterEach {
        Stop-Everything
        Remove-Item $path -ErrorAction Ignore
    }

    It 'is there while the server is, with the mode that is asked for' {
        $server = Start-LineServer -Path $path -FileMode 660 { $_ }
        (Get-Item $path).UnixMode | Should -BeExactly 'srw-rw----'
        Stop-LineServer $server
        Test-Path $path | Should -BeFalse
    }

    It 'is found from another location' {
        Push-Location $folder
        try {
            $server = Start-LineServer -Path x.sock { $_ }
            "$server" | Should -BeLike "*($path)"
            $client = Connect-LineClient unix:x.sock
            Send-Line $client 'a' -Receive -Timeout 10 | Should -BeExactly a
        }
        finally {
            Pop-Location
        }
    }

    It 'is kept where somebody else has replaced it' {
        $server = Start-LineServer -Path $path { $_ }
        Remove-Item $path
        'mine' > $path
        Stop-LineServer $server
        Get-Content $path | Should -BeExactly mine
    }

    It 'is replaced where the server before was killed' {
        $null = python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('$path')"
        Test-Path $path | Should -BeTrue
        $failure = Get-Failure { Connect-LineClient -Path $path }
        $failure.Id | Should -Be ConnectionRefused
        $failure.Target | Should -BeExactly $path
        $null = Start-LineServer -Path $path { $_ }
        Send-Line (Connect-LineClient -Path $path) 'a' -Receive -Timeout 10 | Should -BeExactly a
    }

    It 'is gone when the module or a script ends: <Way>' -ForEach @(
        @{ Way = 'Remove-Module'; Script = 'Remove-Module TwistedPS; Test-Path $path' }
        @{ Way = 'the end of the reactor'; Script = 'Stop-Reactor $server.Reactor; Test-Path $path' }
    ) {
        $session = [powershell]::Create()
        try {
            $null = $session.AddScript("param(`$path) Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; `$server = Start-LineServer -Path `$path { }; Test-Path `$path; $Script").AddArgument($path)
            $session.Invoke() | Should -Be $true, $false
        }
        finally {
            $session.Runspace.Dispose()
        }
    }

    It 'is gone at Ctrl+C' {
        $serving = Start-Pipeline { param($Path) Start-LineServer -Path $Path { $_ } -Wait } $path
        Wait-Until { Test-Path $path }
        $null = Stop-Pipeline $serving
        Test-Path $path | Should -BeFalse
    }

    It 'is gone after SIGTERM' {
        $child = Start-ChildShell '-Command', "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; Start-LineServer -Path '$path' { `$_ } -Wait"
        Wait-Until { Test-Path $path }
        Send-Line (Connect-LineClient -Path $path) 'a' -Receive -Timeout 30 | Should -BeExactly a
        /bin/kill -TERM $child.Id
        Wait-ChildShell $child | Should -Be 143
        Test-Path $path | Should -BeFalse
    }

    It 'makes a clear error: <Name>' -ForEach @(
        @{ Name = 'served already'; Call = { $null = Start-LineServer -Path $path { }; Start-LineServer -Path $path { } }; Id = 'AddressInUse'; Message = '*/x.sock is already in use: A server listens there.' }
        @{ Name = 'no socket'; Call = { 'text' > $path; Start-LineServer -Path $path { } }; Id = 'AddressInUse'; Message = '*/x.sock is already in use: It is a file, and no socket.' }
        @{ Name = 'no folder'; Call = { Start-LineServer -Path $folder/no/x { } }; Id = 'FolderNotFound'; Message = '*/no/x: There is no such folder.' }
        @{ Name = 'too long to listen'; Call = { Start-LineServer -Path ('/' + 'x' * 200) { } }; Id = 'InvalidAddress'; Message = '*201 bytes*107*' }
        @{ Name = 'too long to connect'; Call = { Connect-LineClient -Path ('/' + 'x' * 200) }; Id = 'InvalidAddress'; Message = '*201 bytes*107*' }
        @{ Name = 'nothing there'; Call = { Connect-LineClient -Path $path }; Id = 'ConnectionRefused'; Message = 'Nothing listens on */x.sock: there is no such socket.' }
        @{ Name = 'a mode that is none'; Call = { Start-LineServer -Path $path -FileMode 888 { } }; Id = 'FileModeInvalid'; Message = "*'888' is not octal*660*" }
        @{ Name = 'a mode without a file'; Call = { Start-LineServer 0 -FileMode 660 { } }; Id = 'ParameterWithoutEffect'; Message = '-FileMode*' }
        @{ Name = 'an address beside'; Call = { Start-LineServer -Path $path -Address '*' { } }; Id = 'ParameterWithoutEffect'; Message = '-Address*' }
        @{ Name = 'a local address beside'; Call = { Connect-LineClient -Path $path -LocalEndPoint 127.0.0.1 }; Id = 'ParameterWithoutEffect'; Message = '-LocalEndPoint*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be $Id
        $failure.Message | Should -BeLike $Message
        $failure.IsTerminating | Should -BeTrue
    }
}

Describe 'A client of a UNIX socket' -Skip:(-not $IsLinux) {
    AfterAll {
        Stop-Everything
    }

    It 'asks for cars' {
        $null = Start-TcpServer -Path $path -OnConnect { '1:fiat:red'; $Connection.Close() }
        $car = Get-RemoteCars "unix:$path" -Timeout 10
        "$car", $car.ComputerName, $car.Port | Should -Be '1:fiat:red', $path, 0
        (Get-Failure { Get-RemoteCars "unix:$folder/nobody" }).Id | Should -Be ConnectionRefused
    }

    It 'is talked to at the keyboard' {
        $null = Start-LineServer "unix:$folder/lines" { "<$_>" }
        $child = Start-ChildShell '-Command', "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; Enter-LineClient 'unix:$folder/lines'; Enter-LineClient -Path '$folder/nobody'"
        $child.StandardInput.WriteLine('hello')
        Read-ChildLine $child | Should -BeExactly '<hello>'
        $child.StandardInput.WriteLine('exit')
        Read-ChildLine $child | Should -BeExactly 'Connection failed.'
        $child.StandardInput.Close()
        Wait-ChildShell $child | Should -Be 0
    }
}
