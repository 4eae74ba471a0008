BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force

    function Get-Offer ([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

Describe 'The completion of ports' {
    AfterEach {
        Stop-Everything
    }

    It 'offers where this session serves, and then well-known ones: <Line>' -ForEach @(
        @{ Line = 'Connect-LineClient localhost ' }
        @{ Line = 'Connect-TcpClient localhost -Port ' }
        @{ Line = 'Connect-UdpClient localhost ' }
        @{ Line = 'Enter-LineClient localhost ' }
        @{ Line = 'Get-RemoteCars x -Port ' }
    ) {
        $s = Start-LineServer 0 { $_ } -Name offered
        $offers = Get-Offer $Line
        $offers[0].CompletionText | Should -BeExactly "$($s.Port)"
        $offers[0].ToolTip | Should -BeLike 'line server offered*'
        $offers.CompletionText | Should -Contain 80
        $offers.Where{ $_.CompletionText -eq '6379' }.ToolTip | Should -BeExactly Redis
    }

    It 'offers none for a handler: <Line>' -ForEach @(
        @{ Line = 'Connect-LineClient localhost -OnLine ' }
        @{ Line = 'Connect-LineClient localhost:80 ' }
    ) {
        Get-Completion $Line | Should -BeNullOrEmpty
    }

    It 'offers any free one, and those of a beginning, to listen on: <Line>' -ForEach @(
        @{ Line = 'Start-LineServer ' }
        @{ Line = 'Start-TcpServer -Port ' }
        @{ Line = 'Start-UdpServer ' }
        @{ Line = 'Start-HttpServer ' }
    ) {
        (Get-Completion $Line)[0] | Should -BeExactly 0
        Get-Completion "${Line}80" | Should -Be 8000, 8080, 80
    }

    It 'offers them within a place: <Line>' -ForEach @(
        @{ Line = 'Connect-LineClient localhost:112'; Wanted = 'localhost:11211' }
        @{ Line = 'Connect-LineClient tcp:host:112'; Wanted = 'tcp:host:11211' }
        @{ Line = 'Start-LineServer tcp:112'; Wanted = 'tcp:11211' }
        @{ Line = 'Start-LineServer localhost:112'; Wanted = 'localhost:11211' }
        @{ Line = 'Get-RemoteCars localhost:112'; Wanted = 'localhost:11211' }
    ) {
        Get-Completion $Line | Should -Be $Wanted
    }
}

Describe 'The completion of ports of metrics' {
    AfterEach {
        Stop-Everything
    }

    It 'offers the usual one, those of open pages, and any free one: <_>' -ForEach 'Start-LineServer 0 { }', 'Start-HttpServer 0 { }', 'Start-UdpServer 0 { }', 'New-Reactor' {
        Get-Completion "$_ -MetricsPort " | Should -Be 9464, 0
        $s = Start-LineServer 0 { $_ } -MetricsPort 0
        Get-Completion "$_ -MetricsPort " | Should -Be 9464, $s.MetricsPort, 0
    }
}

Describe 'The completion of addresses to listen on' {
    It 'offers them as they are meant: <_>' -ForEach @(
        'Start-LineServer 0 { } -Address', 'Start-TcpServer 0 { } -Address', 'Start-HttpServer 0 { } -Address', 'Start-UdpServer 0 { } -Address'
        'Start-LineServer 0 { } -MetricsAddress', 'Start-HttpServer 0 { } -MetricsAddress', 'New-Reactor -MetricsPort 0 -MetricsAddress'
    ) {
        Get-Completion "$_ " | Should -Be 127.0.0.1, ::1, 0.0.0.0, *
    }
}

Describe 'The completion of names' {
    AfterEach {
        Stop-Everything
    }

    It 'escapes wildcards, and what it offers is found: <Line>' -ForEach @(
        @{ Line = 'Get-LineClient ' }
        @{ Line = 'Send-Line -Line x -Connection ' }
    ) {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name 'a[1]*'
        $offer = Get-Completion $Line
        $offer | Should -BeExactly "'a``[1``]``*'"
        Invoke-Expression "$Line$offer" -ErrorVariable failed
        $failed | Should -BeNullOrEmpty
    }

    It 'of files is not that of patterns' -Skip:$IsWindows {
        $null = New-Item "$TestDrive/a[1].sock"
        Get-Completion "Start-LineServer unix:$TestDrive/a" | Should -BeExactly "'unix:$TestDrive/a[1].sock'"
    }
}

Describe 'The completion of hosts' {
    AfterEach {
        Stop-Everything
    }

    It 'offers this machine, and what has been connected to, the last one first: <Command>' -ForEach @(
        @{ Command = 'Connect-LineClient' }
        @{ Command = 'Connect-UdpClient' }
        @{ Command = 'Enter-LineClient -ComputerName' }
        @{ Command = 'Get-RemoteCars' }
        @{ Command = 'Send-Datagram x -To' }
        @{ Command = 'Connect-LineClient x 1 -TlsHost' }
    ) {
        Get-Completion "$Command " | Should -Contain localhost
        $s = Start-LineServer 0 { $_ } -Address 127.0.0.3
        $null = Connect-LineClient 127.0.0.3 $s.Port
        $u = Connect-UdpClient 127.0.0.4 9
        (Get-Completion "$Command 127.0.0.")[0, 1] | Should -Be '127.0.0.4', '127.0.0.3'
        Get-Completion "$Command 127.0.0.3" | Should -Be '127.0.0.3'
        Disconnect-UdpClient $u
    }

    It 'offers those whose cars were seen' {
        $cars = Start-TcpServer 0 -Address 127.0.0.5 -OnConnect { $Connection.Close() }
        Get-RemoteCars "127.0.0.5:$($cars.Port)" -Timeout 30
        (Get-Completion 'Get-RemoteCars ')[0] | Should -BeExactly '127.0.0.5'
    }

    It 'offers the names of the hosts file' -Skip:$IsWindows {
        $name = Get-Content /etc/hosts | Where-Object { $_ -match '^\s*[\da-f.:]+\s+(\S+)' } | ForEach-Object { $Matches[1] } | Select-Object -Last 1
        Get-Completion 'Connect-LineClient ' | ForEach-Object { $_.Trim("'") } | Should -Contain $name
    }

    It 'offers the peers of servers to Get-ReactorConnection -Address' {
        $s = Start-LineServer 0 -OnConnect { 'hello' } -OnLine { $_ }
        $null = Receive-Line (Connect-LineClient 127.0.0.1 $s.Port) -Timeout 30
        Get-Completion 'Get-ReactorConnection -Address 127' | Should -Be '127.0.0.1'
    }
}

# PowerShell marks what a completer has offered, and between those of two parameters at one position the mark is left, without a text.
# PSReadLine fails on it.
Describe 'The completion of parameters that share a position' {
    It 'offers nothing without a text, of any cmdlet' {
        $s = Start-LineServer 0 { $_ } -Name shared
        $null = Connect-LineClient 127.0.0.1 $s.Port -Name shared
        $d = New-Deferred -Name shared
        $offers = 0
        $commands = Get-Command -Module TwistedPS | Where-Object {
            $_.ParameterSets.Parameters | Where-Object Position -GE 0 | Select-Object Name, Position -Unique | Group-Object Position | Where-Object Count -GT 1
        }
        $commands.Count | Should -BeGreaterThan 6
        foreach ($command in $commands) {
            foreach ($rest in '', 'sh', 'lo', 'x lo', 'localhost 8') {
                foreach ($offer in Get-Offer "$command $rest") {
                    $offers++
                    $offer.CompletionText | Should -Not -BeNullOrEmpty -Because "it is for $command $rest"
                }
            }
        }
        $offers | Should -BeGreaterThan 100
        Stop-Deferred $d
        Stop-Everything
    }

    It 'offers all that may stand there: <Line>' -ForEach @(
        @{ Line = 'Enter-LineClient lo'; Wanted = 'local client', 'localhost' }
        @{ Line = 'Enter-LineClient -Client lo'; Wanted = 'local client' }
        @{ Line = 'Enter-LineClient -ComputerName loc'; Wanted = 'localhost' }
    ) {
        $s = Start-LineServer 0 { $_ }
        $null = Connect-LineClient 127.0.0.1 $s.Port -Name 'local client'
        $found = Get-Completion $Line | ForEach-Object { $_.Trim("'") }
        $Wanted | Where-Object { $_ -notin $found } | Should -BeNullOrEmpty
        if ($Line -like '*-Client*') { $found | Should -Be $Wanted }
        Stop-Everything
    }
}

Describe 'The completion of subjects' {
    AfterEach {
        Stop-Reactor $r
    }

    It 'offers those of the topics of this session: <Line>' -ForEach @(
        @{ Line = 'Publish-ReactorMessage ' }
        @{ Line = 'Send-ReactorRequest -Subject ' }
        @{ Line = 'Register-ReactorTopic ' }
    ) {
        $r = New-Reactor
        'it.b', 'it.a', 'it.a', 'it.*', 'it.>' | ForEach-Object { $null = Register-ReactorTopic $_ { } -Reactor $r }
        Get-Completion $Line | Should -Be it.b, it.a
        (Get-Offer $Line)[0].ToolTip | Should -BeExactly 'topic it.b (it.b)'
        Get-Completion "${Line}it.a" | Should -Be it.a
    }

    It 'offers the topics to unregister, and the queues to join' {
        $r = New-Reactor
        $null = Register-ReactorTopic it { } -Name 'a topic' -Queue workers -Reactor $r
        $null = Register-ReactorTopic it { } -Name other -Queue workers -Reactor $r
        Get-Completion 'Unregister-ReactorTopic ' | Should -Be "'a topic'", other
        Get-Completion 'Register-ReactorTopic it { } -Queue ' | Should -Be workers
    }
}

Describe 'The completion of keys' {
    It 'offers those of values that were found or set, the last one first' {
        $s = Start-LineServer 0 { Set-ReactorValue completed.handler -Increment $_ }
        Set-ReactorValue completed.a 1
        Send-Line (Connect-LineClient 127.0.0.1 $s.Port) '1' -Receive -Timeout 30 | Should -Be 1
        Set-ReactorValue completed.b $null -Expected 2
        Get-ReactorValue completed.mistyped
        Get-ReactorValue completed.a
        foreach ($command in 'Get-ReactorValue', 'Set-ReactorValue', 'Set-ReactorValue -Increment 1 -Key') {
            Get-Completion "$command completed." | Should -Be completed.a, completed.b, completed.handler
        }
        Set-ReactorValue completed.a $null
        Set-ReactorValue completed.handler $null
        Stop-Everything
    }
}

Describe 'The completion of brokers' {
    It 'offers a beginning for each kind: <Typed>' -ForEach @(
        @{ Typed = ''; Wanted = 'nats://localhost:4222', 'redis://localhost:6379', 'tls://localhost:4222', 'rediss://localhost:6379' }
        @{ Typed = 'red'; Wanted = 'redis://localhost:6379', 'rediss://localhost:6379' }
        @{ Typed = 'nats://lo'; Wanted = 'nats://localhost:4222' }
    ) {
        Get-Completion "Join-ReactorCluster $Typed" | ForEach-Object { $_.Trim("'") } | Should -Be $Wanted
    }
}

Describe 'The completion of times' {
    It 'offers usual ones to every parameter that is one' {
        $parameters = foreach ($command in Get-Command -Module TwistedPS) {
            $command.Parameters.Values | Where-Object { ([Nullable]::GetUnderlyingType($_.ParameterType) ?? $_.ParameterType) -eq [timespan] } |
                ForEach-Object { "$command -$($_.Name)" }
        }
        $parameters.Count | Should -BeGreaterThan 40
        foreach ($parameter in $parameters) {
            Get-Completion "$parameter " | Should -Be 500ms, 1s, 5s, 30s, 1m, 5m, 1h -Because "it is $parameter"
        }
    }

    It 'offers the units of a number, all of which are times' {
        Get-Completion 'Wait-LineServer x -Timeout 2' | Should -Be 2ms, 2s, 2m, 2h
        Get-Completion 'Wait-LineServer x -Timeout 1.5' | Should -Be 1.5ms, 1.5s, 1.5m, 1.5h
        Get-Completion 'Wait-LineServer x -Timeout 10m' | Should -Be 10ms, 10m
        $attribute = (Get-Command Wait-LineServer).Parameters.Timeout.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }
        $spans = Get-Completion 'Wait-LineServer x -Timeout ' | ForEach-Object { $attribute.Transform($null, $_).TotalSeconds }
        $spans | Should -Be 0.5, 1, 5, 30, 60, 300, 3600
    }
}

Describe 'The completion of programs' -Skip:$IsWindows {
    It 'offers those on the PATH' {
        Get-Completion 'Start-ReactorProcess mkfif' | Should -Be mkfifo
        Get-Completion 'Start-ReactorProcess -FilePath mkfif' | Should -Be mkfifo
        Get-Completion 'Start-ReactorProcess Start-Line' | Should -BeNullOrEmpty
    }
}
