BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A resolver of names on the <Kind>' -ForEach $kinds {
    AfterEach {
        Get-Reactor | Where-Object Resolver -NotLike System | Stop-Reactor
    }

    It 'is a table for clients and servers' {
        $reactor = New-Reactor @ReactorOptions -Resolver @{ 'db.test' = '127.0.0.2', '127.0.0.1'; 'here.test' = [ipaddress]::Loopback }
        "$($reactor.Resolver)" | Should -Be 'Table of 2'
        $server = Start-LineServer here.test:0 { "<$_>" } -Reactor $reactor
        $server.EndPoint.Address | Should -Be 127.0.0.1
        $client = Connect-LineClient DB.test $server.Port -Reactor $reactor
        Send-Line $client 'a' -Receive -Timeout 10 | Should -BeExactly '<a>'
        $client.Host | Should -BeExactly DB.test
        (Start-HttpServer 0 { 1 } -Address here.test -Reactor $reactor).EndPoint.Address | Should -Be 127.0.0.1
        $failure = Get-Failure { Connect-LineClient localhost $server.Port -Reactor $reactor }
        $failure.Id, $failure.Target | Should -Be HostNotFound, localhost
        (Get-Failure { Start-LineServer other.test:0 { } -Reactor $reactor }).Id | Should -Be HostNotFound
    }

    It 'is a script, which outputs addresses or texts, or nothing' {
        $known = @{ 'one.test' = '127.0.0.1'; 'several.test' = [ipaddress] '127.0.0.2', '127.0.0.1' }
        $reactor = New-Reactor @ReactorOptions -Resolver { param($Name) $table = $using:known; if ($Name -ne 'none.test') { $table[$Name] } }
        "$($reactor.Resolver)" | Should -Be Script
        $server = Start-LineServer one.test:0 { $_ } -Reactor $reactor
        foreach ($name in 'one.test', 'several.test') {
            $client = Connect-LineClient "$($name):$($server.Port)" -Reactor $reactor
            Send-Line $client $name -Receive -Timeout 10 | Should -BeExactly $name
        }
        (Get-Failure { Connect-LineClient none.test $server.Port -Reactor $reactor }).Id | Should -Be HostNotFound
    }

    It 'whose script fails is named in the error: <Name>' -ForEach @(
        @{ Name = 'throw'; Script = { throw 'no idea' }; Reason = '*resolver has failed: no idea*' }
        @{ Name = 'no address'; Script = { 'elsewhere' }; Reason = "*resolver has failed: 'elsewhere' is no IP address*" }
    ) {
        $reactor = New-Reactor @ReactorOptions -Resolver $Script
        $failure = Get-Failure { Connect-LineClient some.test 1 -Reactor $reactor }
        $failure.Id, $failure.IsTerminating | Should -Be ConnectFailed, $true
        $failure.Message | Should -BeLike $Reason
        (Get-Failure { Start-LineServer some.test:0 { } -Reactor $reactor }).Message | Should -BeLike $Reason
    }

    It 'that never answers holds nobody else, and is given up at the time limit' {
        $asked, $gate = (New-Queue), (New-Gate)
        $reactor = New-Reactor @ReactorOptions -Resolver {
            param($Name)
            ($using:asked).Enqueue($Name)
            if ($Name -like 'silent*') {
                ($using:gate).Wait()
            }
            '127.0.0.1'
        }
        $server = Start-LineServer 127.0.0.1:0 { $_ } -Reactor $reactor
        # In handlers, so that nobody waits for them.
        Invoke-Reactor -Reactor $reactor -ArgumentList $server.Port {
            param($Port)
            1..3 | ForEach-Object { $null = Connect-LineClient "silent$_.test" $Port -Detached }
        }
        Wait-Until { $asked.Count -ge 3 }
        $client = Connect-LineClient 127.0.0.1 $server.Port -Reactor $reactor
        Send-Line $client 'a' -Receive -Timeout 30 | Should -BeExactly a
        $client = Connect-LineClient known.test $server.Port -Reactor $reactor
        Send-Line $client 'b' -Receive -Timeout 30 | Should -BeExactly b
        $failure = Get-Failure { Connect-LineClient silent.test $server.Port -Reactor $reactor -ConnectTimeout 50ms }
        $failure.Id | Should -Be ConnectTimeout
        $failure.Message | Should -BeLike 'silent.test:*did not answer within 0.05 s*'
        $gate.Set()
    }

    It 'is asked by handlers that start servers and clients' {
        $reactor = New-Reactor @ReactorOptions -Resolver { '127.0.0.1' }
        $server = Start-LineServer 0 { $_ } -Reactor $reactor
        $outer = Start-LineServer 0 -Reactor $reactor {
            $inner = Start-LineServer inner.test:0 { }
            "$($inner.EndPoint.Address)"
        }
        $client = Connect-LineClient 127.0.0.1 $outer.Port -Reactor $reactor
        Send-Line $client 'go' -Receive -Timeout 30 | Should -BeExactly 127.0.0.1
    }

    It 'is asked again for each reconnect' {
        $asked = New-Queue
        $reactor = New-Reactor @ReactorOptions -Resolver { param($Name) ($using:asked).Enqueue($Name); '127.0.0.1' }
        $server = Start-LineServer 0 -OnConnect { $Connection.Close() } -Reactor $reactor
        $client = Connect-LineClient again.test $server.Port -Reactor $reactor -ReconnectEvery 1ms
        Wait-Handled $reactor { $asked.Count -ge 3 }
        Disconnect-LineClient $client
        $asked | Select-Object -Unique | Should -Be again.test
    }
}

Describe 'A resolver' {
    AfterAll {
        Get-Reactor | Where-Object Resolver -NotLike System | Stop-Reactor
    }

    It 'is the system unless said otherwise' {
        $reactor = New-Reactor
        "$($reactor.Resolver)" | Should -Be System
        Stop-Reactor $reactor
    }

    It 'is asked for cars' {
        $reactor = New-Reactor -Resolver @{ 'cars.test' = '127.0.0.1' }
        $server = Start-TcpServer 0 -OnConnect { '1:fiat:red'; $Connection.Close() } -Reactor $reactor
        Get-RemoteCars "cars.test:$($server.Port)" -Reactor $reactor -Timeout 10 | Should -BeLike '1:fiat:red'
        (Get-Failure { Get-RemoteCars localhost -Reactor $reactor }).Id | Should -Be HostNotFound
    }

    It 'whose script can''t be stopped either gives others its place' {
        $asked, $gate = (New-Queue), (New-Gate)
        $reactor = New-Reactor -Resolver { param($Name) ($using:asked).Enqueue($Name); if ($Name -like 'silent*') { ($using:gate).Wait() }; '127.0.0.1' }
        $server = Start-LineServer 0 { $_ } -Reactor $reactor
        # As many as there are places.
        Invoke-Reactor -Reactor $reactor -ArgumentList $server.Port {
            param($Port)
            1..32 | ForEach-Object { $null = Connect-LineClient "silent$_.test" $Port -Detached }
        }
        Wait-Until { $asked.Count -eq 32 }
        Get-LineClient | Where-Object Reactor -EQ $reactor | Disconnect-LineClient -DrainTime 0
        $client = Connect-LineClient known.test $server.Port -Reactor $reactor
        Send-Line $client 'a' -Receive -Timeout 30 | Should -BeExactly a
        $gate.Set()
    }

    It 'ends a lookup for a server at Ctrl+C' {
        $gate = New-Gate
        $starting = Start-Pipeline {
            param($Gate)
            $reactor = New-Reactor -Resolver { ($using:Gate).Wait() }
            Start-LineServer silent.test:0 { } -Reactor $reactor
        } $gate
        Wait-Until { $starting.Shell.Streams.Progress.Activity -eq 'Looking up silent.test' }
        $null = Stop-Pipeline $starting
        $gate.Set()
        $starting.Shell.InvocationStateInfo.State | Should -Be Stopped
    }

    It 'is refused: <Name>' -ForEach @(
        @{ Name = 'text'; Resolver = '127.0.0.1'; Message = "'127.0.0.1' is no resolver.*scriptblock*table*" }
        @{ Name = 'a table of what are no addresses'; Resolver = @{ 'db.test' = '127.0.0.1', 'here' }; Message = "'here' of 'db.test' is no IP address.*" }
    ) {
        $before = @(Get-Reactor).Id
        $failure = Get-Failure { New-Reactor -Resolver $Resolver }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ResolverInvalid, InvalidArgument, $true
        $failure.Message | Should -BeLike $Message
        @(Get-Reactor).Id | Should -Be $before
    }
}
