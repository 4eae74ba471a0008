BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $logger = [bool](Find-RealProgram logger -Package bsdutils)
    $rsyslogd = (Find-RealProgram rsyslogd -Package 'rsyslog rsyslog-openssl') -and $logger
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $null = New-ReactorCertificate -CertificateAuthority -Path $TestDrive/ca.pem | New-ReactorCertificate -Path $TestDrive/both.pem

    function Start-Collector ([hashtable] $Parameters = @{}) {
        $script:read = 0
        $server = Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/syslog.ps1" (@{
                Path = "$TestDrive/all.log"; TlsPort = 0; Certificate = "$TestDrive/both.pem"
            } + $Parameters)
        $server | Add-Member TlsPort ([int] ($server.Said -replace '^.*:(\d+)\.$', '$1')) -PassThru
    }

    # The lines that are written since the last call, without the time and the port of the sender, once there are so many.
    function Get-Collected ([int] $Count) {
        Wait-Until { @(Get-Content $TestDrive/all.log).Count -eq $script:read + $Count }
        (Get-Content $TestDrive/all.log | Select-Object -Skip $script:read) -replace '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d 127\.0\.0\.1:\d+ '
        $script:read += $Count
    }
}

AfterAll { Stop-AllExample }

Describe 'The syslog collector' {
    AfterEach {
        Get-UdpClient | Disconnect-UdpClient
        Close-Peer
    }

    BeforeAll { $server = Start-Collector }

    It 'writes what it is sent, a line for each message, and goes on after what is no message' {
        $client = Connect-UdpClient 127.0.0.1 $server.Port
        Send-Datagram $client '<12>one', 'no message', '<192>no priority', "<15>two`nlines", ([byte[]](0x3C, 0x31, 0x3E, 0xFF)), '<8>last'
        Get-Collected 4 | Should -BeExactly 'warning: one', 'debug: two lines', "alert: $([char]0xFFFD)", 'emergency: last'
    }

    It 'reads counted messages in whatever pieces they come' {
        $peer = Connect-Peer $server.Port
        foreach ($byte in '8 <12>a<9>7 <8>last'.ToCharArray()) { Send-Peer $peer $byte }
        Get-Collected 2 | Should -BeExactly 'warning: a<9>', 'emergency: last'
    }

    It 'ends a connection whose messages are <Name>' -ForEach @{ Name = 'not counted'; Text = "<12>text`n" }, @{ Name = 'too long'; Text = '999999 ' } {
        Invoke-Peer $server.Port "5 <8>ok$Text" | Should -BeExactly ''
        Get-Collected 1 | Should -BeExactly 'emergency: ok'
    }

    It 'hears logger over <Way>' -Skip:(-not $logger) -ForEach @(
        @{ Way = 'UDP'; Options = '--udp' }
        @{ Way = 'TCP'; Options = '--tcp', '--octet-count' }
    ) {
        $format = '--rfc5424=notime,notq,nohost', '--priority', 'user.warning', '--tag', 'test'
        $null = Invoke-Program logger (@('--server', '127.0.0.1', '--port', $server.Port) + $Options + $format + 'the disk is full: äöü')
        Get-Collected 1 | Should -BeExactly 'warning: 1 - - test - - - the disk is full: äöü'
    }

    It 'hears rsyslogd over TLS' -Skip:(-not $rsyslogd) {
        Set-Content $TestDrive/rsyslog.conf @"
global(workDirectory="$TestDrive" DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="$TestDrive/ca.pem")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$TestDrive/log" CreatePath="off")
template(name="raw" type="string" string="<%PRI%>%syslogtag%%msg%")
action(type="omfwd" target="127.0.0.1" port="$($server.TlsPort)" protocol="tcp" template="raw" TCP_Framing="octet-counted"
    StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost")
"@
        $process = Start-Program (Find-RealProgram rsyslogd) -ArgumentList '-n', '-f', "$TestDrive/rsyslog.conf", '-i', "$TestDrive/rsyslog.pid"
        try {
            Wait-Until { Test-Path $TestDrive/log }
            $null = Invoke-Program logger ('--socket', "$TestDrive/log", '--priority', 'user.warning', '--tag', 'test', 'the disk is full')
            Get-Collected 1 | Should -BeExactly 'warning: test: the disk is full'
        }
        finally {
            $process.Kill()
            $process.WaitForExit()
        }
    }
}

Describe 'The syslog collector, told the least severity' {
    AfterEach {
        Get-UdpClient | Disconnect-UdpClient
        Close-Peer
    }

    It 'leaves out what is less severe' {
        $server = Start-Collector @{ MaxSeverity = 3 }
        $client = Connect-UdpClient 127.0.0.1 $server.Port
        Send-Datagram $client '<12>warning', '<11>error', '<15>debug', '<8>emergency'
        Get-Collected 2 | Should -BeExactly 'error: error', 'emergency: emergency'
    }
}
