BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $curl, $socat = 'curl', 'socat' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $text = -join (1..300 | ForEach-Object { "$_ $('x' * 990)`n" })
}

AfterAll { Stop-Everything }

Describe '-BytesPerSecond, on the <Poller> poller' -ForEach @{ Poller = 'Auto' }, @{ Poller = 'Pool' } {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock -Poller $Poller
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'lets a server send that many, after what a fifth of a second has' {
        $s = Start-TcpServer 0 { } -OnConnect { [byte[]]::new(30000) } -BytesPerSecond 10000 -Reactor $r
        $c = Connect-TcpClient 127.0.0.1 $s.Port -Reactor $r
        Wait-Reactor $r -Until { $s.BytesOut -eq 2000 } -Timeout 30
        Wait-Reactor $r -Advance 1
        $s.BytesOut | Should -BeIn (11000..12000)
        $s.Connections[0].UnsentBytes | Should -Be (30000 - $s.BytesOut)
        Wait-Reactor $r -Advance 2
        (Receive-TcpData $c -Count 30000 -Timeout 30).Count | Should -Be 30000
    }

    It 'lets a client receive no more than that, and a server all its connections with -ServerBytesPerSecond' {
        $s = Start-LineServer 0 { $_ } -OnConnect { 1..2 | ForEach-Object { 'y' * 2498 } } -ServerBytesPerSecond 10000 -Reactor $r
        $c = 1..2 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port -BytesPerSecond 5000 -Reactor $r }
        $c[0].BytesPerSecond, $s.ServerBytesPerSecond, $s.BytesPerSecond | Should -Be 5000, 10000, $null
        Wait-Reactor $r -Until { $s.ConnectionCount -eq 2 } -Timeout 30
        Wait-Reactor $r -Advance 600ms
        $s.BytesOut | Should -BeIn (5500..8000)
        Wait-Until {
            Wait-Reactor $r -Advance 100ms
            ($c.WaitingLines | Measure-Object -Sum).Sum -eq 4
        }
        $s.BytesOut | Should -Be 10000
    }
}

Describe 'A download that is throttled' {
    It 'is whole in curl' -Skip:(-not $curl) {
        $s = Start-LineServer 0 {
            if (-not $_) {
                'HTTP/1.0 200 OK', "Content-Length: $($using:text.Length)", ''
                $Connection.Write($using:text)
                $Connection.Close()
            }
        } -BytesPerSecond 2MB
        $got = Invoke-Program curl '-sS', "http://127.0.0.1:$($s.Port)/"
        $got -ceq $text | Should -BeTrue
    }

    It 'is whole in socat, that of a UNIX socket as well' -Skip:(-not $socat -or -not $IsLinux) {
        $s = Start-TcpServer -Path '@twistedps-throttled' { } -OnConnect { $using:text; $Connection.Close() } -ServerBytesPerSecond 2MB
        $got = Invoke-Program socat '-u', 'ABSTRACT-CONNECT:twistedps-throttled', '-'
        $got -ceq $text | Should -BeTrue
        $s.BytesOut | Should -Be $text.Length
    }
}
