BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Starting a server' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'ends with HandlerMissing without a handler' {
        $failure = Get-Failure { Start-LineServer 0 }
        $failure.Id | Should -Be HandlerMissing
        $failure.Category | Should -Be InvalidArgument
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*-OnLine*'
        $failure.Target | Should -BeExactly Start-LineServer
    }

    It 'ends with HandlerMissing with none that serves anybody' {
        (Get-Failure { Start-LineServer 0 -OnStart { } -OnDisconnect { } }).Id | Should -Be HandlerMissing
    }

    It 'ends with HandlerInvalid for a handler with <Blocks>' -ForEach @(
        @{ Blocks = 'a begin block'; Handler = { begin { 1 } end { 2 } } }
        @{ Blocks = 'a process block'; Handler = { process { $_ } } }
        @{ Blocks = 'an end block'; Handler = { end { $_ } } }
    ) {
        $failure = Get-Failure { Start-LineServer 0 $Handler }
        $failure.Id | Should -Be HandlerInvalid
        $failure.Category | Should -Be InvalidArgument
        $failure.IsTerminating | Should -BeTrue
    }

    It 'ends with AddressInUse, which names address and port' {
        $s = Start-LineServer 0 { $_ }
        $failure = Get-Failure { Start-LineServer $s.Port { $_ } }
        $failure.Id | Should -Be AddressInUse
        $failure.Category | Should -Be ResourceExists
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike "*127.0.0.1:$($s.Port)*"
        $failure.Target | Should -BeExactly "127.0.0.1:$($s.Port)"
    }

    It 'ends with AddressInUse with -Wait as well' {
        $s = Start-LineServer 0 { $_ }
        $before = @(Get-Reactor).Id
        $failure = Get-Failure { Start-LineServer $s.Port { $_ } -Wait }
        $failure.Id | Should -Be AddressInUse
        $failure.IsTerminating | Should -BeTrue
        @(Get-Reactor).Id | Should -Be $before
    }

    It 'ends with AddressNotAvailable for an address of another machine' {
        $failure = Get-Failure { Start-LineServer 0 { $_ } -Address 192.0.2.1 }
        $failure.Id | Should -Be AddressNotAvailable
        $failure.Category | Should -Be InvalidArgument
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*192.0.2.1*'
    }

    It 'ends with HostNotFound for a name that is none' {
        $failure = Get-Failure { Start-LineServer 0 { $_ } -Address no-such-host.invalid }
        $failure.Id | Should -Be HostNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.IsTerminating | Should -BeTrue
        $failure.Target | Should -BeExactly no-such-host.invalid
    }

    It 'ends with LogPathUnusable for a log <Name>' -ForEach @(
        @{ Name = 'in a folder that is not there'; Path = { Join-Path $TestDrive no/such/folder/server.log } }
        @{ Name = 'that is a folder'; Path = { "$TestDrive" } }
    ) {
        $path = & $Path
        $failure = Get-Failure { Start-LineServer 0 { $_ } -LogPath $path }
        $failure.Id | Should -Be LogPathUnusable
        $failure.Category | Should -Be OpenError
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike "*$path*"
        Get-LineServer | Should -BeNullOrEmpty
    }

    It 'ends with the handler''s error for a handler that is wrong in itself' {
        $failure = Get-Failure { Start-LineServer 0 { $_ } -OnStart { Invoke-NoSuchCommand } }
        $failure.Id | Should -Be HandlerError
        $failure.Category | Should -Be InvalidResult
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*Invoke-NoSuchCommand*'
    }

    It 'ends with UsingVariableNotFound, which names the variable' {
        $failure = Get-Failure { Start-LineServer 0 { $using:noSuchVariable } }
        $failure.Id | Should -Be UsingVariableNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*$using:noSuchVariable*'
    }
}

Describe 'Connecting' {
    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'ends with ConnectionRefused where nothing listens' {
        $port = Get-UnusedPort
        $failure = Get-Failure { Connect-LineClient 127.0.0.1 $port }
        $failure.Id | Should -Be ConnectionRefused
        $failure.Category | Should -Be ConnectionError
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike "*127.0.0.1:$port*"
        $failure.Target | Should -BeExactly "127.0.0.1:$port"
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'ends with HandlerError where the initialization script fails, and does not connect' {
        $s = Start-LineServer 0 { $_ }
        $failure = Get-Failure { Connect-LineClient 127.0.0.1 $s.Port -InitializationScript { throw 'unprepared' } }
        $failure.Id | Should -Be HandlerError
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*unprepared*'
        $s.TotalConnections | Should -Be 0
    }

    It 'ends with HostNotFound for an unknown host' {
        $failure = Get-Failure { Connect-LineClient no-such-host.invalid 1234 }
        $failure.Id | Should -Be HostNotFound
        $failure.Category | Should -Be ObjectNotFound
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*no-such-host.invalid*'
        $failure.Target | Should -BeExactly no-such-host.invalid
    }

    It 'ends with ConnectCancelled where the client is disposed meanwhile' {
        $clients = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        $connecting = Start-Pipeline {
            param($Port, $Clients)
            Connect-LineClient 127.0.0.1 $Port -OnConnecting { ($using:Clients).Add($Client) }
        } (New-DeafListener).Port, $clients
        $clients.Take().Dispose()
        Test-Pipeline $connecting | Should -BeTrue
        $connecting.Shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ConnectCancelled,*'
        $connecting.Shell.Streams.Error[0].CategoryInfo.Category | Should -Be OperationStopped
    }

    It 'ends with ConnectTimeout where nobody answers' {
        $deaf = New-DeafListener
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $failure = Get-Failure { Connect-LineClient 127.0.0.1 $deaf.Port -ConnectTimeout 300ms }
        $failure.Id | Should -Be ConnectTimeout
        $failure.Category | Should -Be OperationTimeout
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike "*127.0.0.1:$($deaf.Port)*0.3 s*"
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 0.25
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'writes the error where a client is connected again, and goes on with the next' {
        $gone = Start-LineServer 0 { $_ }
        $there = Start-LineServer 0 { $_ }
        $lost = Connect-LineClient 127.0.0.1 $gone.Port
        $kept = Connect-LineClient 127.0.0.1 $there.Port
        Stop-LineServer $gone
        $failures = @()
        $connected = $lost, $kept | Connect-LineClient -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionRefused,*'
        $connected | Should -Be $kept
        $lost.Status | Should -Be Disconnected
    }
}

Describe 'Sending and receiving' {
    BeforeEach {
        $s = Start-LineServer 0 { if ($_ -ne 'mute') { $_ } }
        $c = Connect-LineClient 127.0.0.1 $s.Port
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'writes NotConnected for a connection that is closed: <Name>' -ForEach @(
        @{ Name = 'Send-Line'; Call = { Send-Line $c 'a' } }
        @{ Name = 'Send-Line -Receive'; Call = { Send-Line $c 'a' -Receive } }
        @{ Name = 'Receive-Line'; Call = { Receive-Line $c } }
        @{ Name = 'Receive-Line -Timeout'; Call = { Receive-Line $c -Timeout 30 } }
        @{ Name = 'Send-Line to a connection of a server'; Call = { Send-Line $connection 'a' } }
    ) {
        Wait-Until { $s.ConnectionCount -eq 1 }
        $connection = $s.Connections[0]
        Disconnect-LineClient $c
        Wait-Until { $connection.Status -eq 'Closed' }
        $failure = Get-Failure $Call
        $failure.Id | Should -Be NotConnected
        $failure.Category | Should -Be ConnectionError
        $failure.IsTerminating | Should -BeFalse
        $failure.Target | Should -Not -BeNullOrEmpty
    }

    It 'throws from Send of a connection that is closed' {
        Disconnect-LineClient $c
        { $c.Connection.Send('a') } | Should -Throw '*is closed on this side.*'
    }

    It 'says why the connection has ended' {
        $s.Connections | ForEach-Object Abort
        $null = Wait-LineClient $c -Timeout 30
        (Get-Failure { Receive-Line $c }).Message | Should -BeLike '*Lost*'
    }

    It 'says who has closed the connection: <Who>' -ForEach @(
        @{ Who = 'the peer'; Serve = { $Connection.Close() }; Close = { }; End = 'closed by the peer' }
        @{ Who = 'the peer, whose handler has failed'; Serve = { throw 'bad' }; Close = { }; End = 'closed by the peer' }
        @{ Who = 'this side'; Serve = { }; Close = { Disconnect-LineClient $client }; End = 'closed on this side' }
        @{ Who = 'this side, whose handler has failed'; Serve = { 'go' }; OnConnect = { throw 'bad' }; Close = { }; End = 'HandlerError (bad)' }
    ) {
        $server = Start-LineServer 0 $Serve
        $more = $OnConnect ? @{ OnConnect = $OnConnect } : @{}
        $client = Connect-LineClient 127.0.0.1 $server.Port @more
        if (-not $OnConnect) { Send-Line $client 'a' }
        & $Close
        $null = Wait-LineClient $client -Timeout 30
        (Get-Failure { Receive-Line $client }).Message | Should -BeExactly "The connection of $client has ended: $End."
        $kind = $End -like 'closed*' ? $End : 'closed (HandlerError)'
        (Get-Failure { Send-Line $client 'a' }).Message | Should -BeExactly "The connection $($client.Connection) is $kind."
        Stop-LineServer $server
    }

    It 'writes ReceiveTimeout with what was received before' {
        Send-Line $c 'a', 'b', 'mute'
        $failure = Get-Failure { Receive-Line $c -Count 3 -Timeout 300ms }
        $failure.Id | Should -Be ReceiveTimeout
        $failure.Category | Should -Be OperationTimeout
        $failure.IsTerminating | Should -BeFalse
        $failure.Message | Should -BeLike '*0.3 s*2 messages*'
        $failure.Target | Should -Be $c
    }

    It 'ends with InvalidTarget for something that can''t be sent to' {
        $failure = Get-Failure { Send-Line @{ Name = 'nobody' } 'a' }
        $failure.Id | Should -Be InvalidTarget
        $failure.Category | Should -Be InvalidArgument
        $failure.IsTerminating | Should -BeTrue
        $failure.Message | Should -BeLike '*Hashtable*LineClient*LineServer*'
    }

    It 'writes HandlerReceives for a client whose lines go to a handler' {
        $handling = Connect-LineClient 127.0.0.1 $s.Port { }
        $failure = Get-Failure { Receive-Line $handling }
        $failure.Id | Should -Be HandlerReceives
        $failure.Category | Should -Be InvalidOperation
        $failure.IsTerminating | Should -BeFalse
    }
}

Describe 'A server that has stopped' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ }
        Stop-LineServer $s
    }

    It 'is refused with ServerStopped by <Name>' -ForEach @(
        @{ Name = 'Send-Line -Server'; Call = { Send-Line -Server $s 'a' }; IsTerminating = $false }
        @{ Name = 'Set-LineServer'; Call = { Set-LineServer $s { $_ } }; IsTerminating = $false }
        @{ Name = 'New-LineTestConnection'; Call = { New-LineTestConnection -Server $s }; IsTerminating = $true }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -Be ServerStopped
        $failure.Category | Should -Be InvalidOperation
        $failure.IsTerminating | Should -Be $IsTerminating
        $failure.Target | Should -Be $s
    }

    It 'has nothing to replace without a handler' {
        $failure = Get-Failure { Set-LineServer $s }
        $failure.Id | Should -Be HandlerMissing
        $failure.IsTerminating | Should -BeTrue
    }
}
