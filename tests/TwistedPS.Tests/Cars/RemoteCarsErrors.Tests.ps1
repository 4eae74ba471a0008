BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/CarServer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Get-RemoteCars' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Should -BeNullOrEmpty
    }

    It 'reports a server that refuses, and outputs the cars of the other' -Tag T9 {
        $server = Start-CarServer '1:fiat:red'
        $refusing = "127.0.0.1:$(Get-UnusedPort)"
        $cars = Get-RemoteCars $refusing, (Get-Address $server) -ErrorAction SilentlyContinue -ErrorVariable errors
        "$cars" | Should -BeExactly '1:fiat:red'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionRefused,*'
        $errors[0].TargetObject | Should -BeExactly $refusing
        "$($errors[0])" | Should -BeLike "*$refusing*"
    }

    It 'reports a host that is not known, with its port' -Tag T9 {
        $failure = Get-Failure { Get-RemoteCars no-such-host.invalid }
        $failure.Id | Should -Be HostNotFound
        $failure.Target | Should -BeExactly no-such-host.invalid:8000
        $failure.IsTerminating | Should -BeFalse
    }

    It 'reports a server that does not answer' -Tag T9 {
        $deaf = New-DeafListener
        $failure = Get-Failure { Get-RemoteCars "127.0.0.1:$($deaf.Port)" -Timeout 300ms }
        $failure.Id | Should -Be ConnectTimeout
        $failure.Target | Should -BeExactly "127.0.0.1:$($deaf.Port)"
        $failure.IsTerminating | Should -BeFalse
    }

    It 'reports that the time is over while a handler holds the reactor' {
        $begun, $gate, $over = (New-Gate), (New-Gate), (New-Gate)
        $server = Start-CarServer '1:fiat:red'
        $holder = Start-ReactorTimer -After 0 { ($using:begun).Set(); $null = ($using:gate).Wait(30000); ($using:over).Set() }
        $begun.Wait(30000) | Should -BeTrue
        $failure = Get-Failure { Get-RemoteCars (Get-Address $server) -Timeout 10ms }
        $over.IsSet | Should -BeFalse
        $gate.Set()
        $failure.Id | Should -Be ReceiveTimeout
        Wait-ReactorTimer $holder -Timeout 30
        Wait-Until { -not (Get-LineClient) }
    }

    It 'reports a reset, and outputs none of the cars' -Tag T11 {
        $server = Start-SilentServer
        $log = Join-Path $TestDrive reset.log
        $asking = Start-Pipeline { param($Address, $Log) Get-RemoteCars $Address -Timeout 60 -LogPath $Log } (Get-Address $server), $log
        # A reset that is there before the client knows that it is connected is a failed attempt to connect.
        Wait-Until { $server.ConnectionCount -eq 1 -and (Get-Content $log -ErrorAction Ignore) -like '*Connection made*' }
        Send-TcpData -Server $server '1:fiat:red.2:audi'
        $server.Connections.Abort()
        Test-Pipeline $asking | Should -BeTrue
        $asking.Shell.EndInvoke($asking.Running) | Should -BeNullOrEmpty
        $asking.Shell.Streams.Error | Should -HaveCount 1
        $asking.Shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionLost,*'
        $asking.Shell.Streams.Error[0].TargetObject | Should -BeExactly (Get-Address $server)
    }

    It 'reports a server that never closes, and outputs none of its cars' -Tag T12 {
        $server = Start-TcpServer 0 -OnConnect { '1:fiat:red.2:audi:black' }
        $cars = Get-RemoteCars (Get-Address $server) -Timeout 1 -ErrorAction SilentlyContinue -ErrorVariable errors
        $cars | Should -BeNullOrEmpty
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ReceiveTimeout,*'
        $errors[0].CategoryInfo.Category | Should -Be OperationTimeout
        $errors[0].TargetObject | Should -BeExactly (Get-Address $server)
        Wait-Until { $server.ConnectionCount -eq 0 }
    }

    It 'reports a car that never ends' {
        $server = Start-CarServer ('x' * 20000)
        $failure = Get-Failure { Get-RemoteCars (Get-Address $server) }
        $failure.Id | Should -Be LineTooLong
        $failure.Target | Should -BeExactly (Get-Address $server)
    }

    It 'reports a reply over the limit, and keeps the cars of others' {
        $long = Start-CarServer ('1:fiat:red.' * 1000)
        $short = Start-CarServer '2:audi:black'
        $cars = Get-RemoteCars (Get-Address $long), (Get-Address $short) -MaxReplyLength 1000 -ErrorAction SilentlyContinue -ErrorVariable errors
        "$cars" | Should -BeExactly '2:audi:black'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ReplyTooLong,*'
        $errors[0].CategoryInfo.Category | Should -Be LimitsExceeded
        $errors[0].TargetObject | Should -BeExactly (Get-Address $long)
        "$($errors[0])" | Should -BeLike '*longer than 1000 bytes.*-MaxReplyLength sets the limit.'
    }

    It 'reports a record that is no car (<Record>), and keeps the others' -Tag T14 -ForEach @(
        @{ Record = '2:audi' }
        @{ Record = '2:audi:black:new' }
        @{ Record = '2::black' }
        @{ Record = '2:audi:' }
        @{ Record = 'two:audi:black' }
        @{ Record = '' }
        @{ Record = '2' }
        @{ Record = '::' }
        @{ Record = ':audi:black' }
        @{ Record = '2:audi:black:' }
        @{ Record = '1,5:audi:black' }
        @{ Record = '1e3:audi:black' }
        @{ Record = ' 2:audi:black' }
        @{ Record = '9223372036854775808:audi:black' }
    ) {
        $server = Start-CarServer "1:fiat:red.$Record.3:fiat:blue"
        $cars = Get-RemoteCars (Get-Address $server) -ErrorAction SilentlyContinue -ErrorVariable errors
        $cars.Time | Should -Be 1, 3
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'MalformedCar,*'
        $errors[0].CategoryInfo.Category | Should -Be InvalidData
        $errors[0].TargetObject | Should -BeExactly $Record
        "$($errors[0])" | Should -BeLike "'$Record' of $(Get-Address $server)*"
    }

    It 'names an IPv6 address in brackets where it fails' {
        $port = Get-UnusedPort
        (Get-Failure { Get-RemoteCars ::1 -Port $port }).Target | Should -BeExactly "[::1]:$port"
    }

    It 'reports the bad address "<Address>" alone' -ForEach @(
        @{ Address = '' }
        @{ Address = 'a:99999' }
        @{ Address = 'a:b:c' }
        @{ Address = 'a:' }
        @{ Address = ':8000' }
        @{ Address = 'http://a' }
    ) {
        $server = Start-CarServer '1:fiat:red'
        $cars = $Address, (Get-Address $server) | Get-RemoteCars -ErrorAction SilentlyContinue -ErrorVariable errors
        $cars | Should -HaveCount 1
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'InvalidAddress,*'
        $errors[0].CategoryInfo.Category | Should -Be InvalidArgument
        $errors[0].TargetObject | Should -BeExactly $Address
        "$($errors[0])" | Should -BeLike "'$Address' is not an address*"
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'port 0'; Parameters = @{ Port = 0 } }
        @{ Name = 'port 65536'; Parameters = @{ Port = 65536 } }
        @{ Name = 'a limit of 0 servers'; Parameters = @{ ThrottleLimit = 0 } }
        @{ Name = 'a time that is none'; Parameters = @{ Timeout = 'soon' } }
    ) {
        (Get-Failure { Get-RemoteCars localhost @Parameters }).IsTerminating | Should -BeTrue
    }

    It 'would wait for itself in a handler' {
        $failure = Get-Failure { Invoke-Reactor { Get-RemoteCars localhost } }
        $failure.Id | Should -Be WouldDeadlock
        $failure.Message | Should -BeLike '*Start-Deferred*'
    }

    It 'does not start with a log that can not be written' {
        $failure = Get-Failure { Get-RemoteCars localhost -LogPath $TestDrive/missing/cars.log }
        $failure.Id | Should -Be LogPathUnusable
        $failure.IsTerminating | Should -BeTrue
    }

    It 'warns when the log can not be written to the end' -Skip:(-not (Test-Path /dev/full)) {
        $server = Start-CarServer '1:fiat:red'
        Get-RemoteCars (Get-Address $server) -LogPath /dev/full -WarningVariable warnings -WarningAction SilentlyContinue |
            Should -HaveCount 1
        $warnings | Should -BeLike '*log file*'
    }
}
