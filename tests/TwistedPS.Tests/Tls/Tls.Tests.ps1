BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    $ca = New-ReactorCertificate -CertificateAuthority -Path $TestDrive/ca.pem
    $cert = New-ReactorCertificate -Issuer $ca -Path $TestDrive/server.pem -KeyPath $TestDrive/server.key
    $clientCert = New-ReactorCertificate -Issuer $ca -Client -Subject CN=somebody
}

Describe 'TLS, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
        $on = @{ Reactor = $reactor }
        $trusting = @{ Reactor = $reactor; TrustedCertificate = $ca }
    }

    AfterEach { Stop-Everything }

    AfterAll { Stop-Reactor $reactor }

    It 'carries lines, with a certificate from files and a root from one' {
        $s = Start-LineServer 0 { "<$_> $($Connection.Tls.ServerName)" } -Certificate $TestDrive/server.pem -CertificateKey $TestDrive/server.key @on
        $c = Connect-LineClient localhost $s.Port -TrustedCertificate $TestDrive/ca.pem @on
        Send-Line $c 'a', 'b' -Receive -Timeout 30 | Should -BeExactly '<a> localhost', '<b> localhost'
        $c.Connection.Tls.Version | Should -BeIn Tls12, Tls13
        $c.Connection.Tls.PeerCertificate.Thumbprint | Should -BeExactly $cert.Thumbprint
        $s.Connections[0].Tls.Certificate.Thumbprint | Should -BeExactly $cert.Thumbprint
    }

    It 'carries bytes, many of them, both ways' {
        $s = Start-TcpServer 0 { $_ } -Certificate $cert @on
        $c = Connect-TcpClient 127.0.0.1 $s.Port -TrustedCertificate $ca @on
        $bytes = [byte[]]::new(300000)
        [Random]::new(1).NextBytes($bytes)
        Send-TcpData $c $bytes -EndSending
        $back = [byte[]](Receive-TcpData $c -ToEnd -Timeout 30)
        [Convert]::ToHexString($back) -ceq [Convert]::ToHexString($bytes) | Should -BeTrue
    }

    It 'shows the certificate of the client to the handlers' {
        $s = Start-LineServer 0 { $Connection.Tls.PeerCertificate.Subject ?? 'nobody' } -Certificate $cert -ClientCertificate Allow @trusting
        Send-Line (Connect-LineClient localhost $s.Port -Certificate $clientCert @trusting) x -Receive -Timeout 30 | Should -BeExactly CN=somebody
        Send-Line (Connect-LineClient localhost $s.Port @trusting) x -Receive -Timeout 30 | Should -BeExactly nobody
    }

    It 'refuses a client without a certificate, or with one that it does not trust, and goes on' {
        $s = Start-LineServer 0 { $_ } -Certificate $cert -ClientCertificate Require @trusting
        foreach ($given in @{ }, @{ Certificate = New-ReactorCertificate -Client }) {
            # With TLS 1.3 a client learns of it after its handshake only.
            $c = Connect-LineClient localhost $s.Port @trusting @given -ErrorAction Ignore
            if ($c) { Wait-LineClient $c -Timeout 30 | ForEach-Object { $_.Connection.CloseReason } | Should -Not -Be Done }
        }
        $said = { $s.Log.Message -match 'handshake failed' }
        Wait-Handled $reactor { @(& $said).Count -ge 2 }
        & $said | Should -HaveCount 2
        (& $said)[0] | Should -BeExactly 'TLS handshake failed: The client has given no certificate.'
        (& $said)[1] | Should -BeLike "*: The certificate of 'Test client' was refused: it is self-signed and not trusted."
        $s.Errors | Should -BeNullOrEmpty
        Send-Line (Connect-LineClient localhost $s.Port -Certificate $clientCert @trusting) x -Receive -Timeout 30 | Should -BeExactly x
    }

    It 'has a certificate for each server name' {
        $a, $any = 'a.example.org', '*.example.org' | ForEach-Object { New-ReactorCertificate $_ -Issuer $ca }
        $s = Start-LineServer 0 { $_ } -Certificate @{ 'a.example.org' = $a; '*.example.org' = $any; '*' = "$TestDrive/server.pem", "$TestDrive/server.key" } @on
        foreach ($name in 'a.example.org', 'b.example.org', 'localhost') {
            $c = Connect-LineClient 127.0.0.1 $s.Port -TlsHost $name @trusting
            Send-Line $c $name -Receive -Timeout 30 | Should -BeExactly $name
        }
        $s.Connections.Tls.Certificate.Subject | Should -BeExactly 'CN=a.example.org', 'CN=*.example.org', 'CN=localhost'
    }

    It 'takes the first of an ordered table for other names' {
        $s = Start-LineServer 0 { $_ } -Certificate ([ordered]@{ z = $cert; a = New-ReactorCertificate a }) @on
        Send-Line (Connect-LineClient localhost $s.Port @trusting) x -Receive -Timeout 30 | Should -BeExactly x
    }

    It 'agrees on a protocol and a version' {
        $s = Start-LineServer 0 { "$($Connection.Tls.ApplicationProtocol) $($Connection.Tls.Version)" } -Certificate $cert -ApplicationProtocol imap, 'http/1.1' @on
        Send-Line (Connect-LineClient localhost $s.Port -ApplicationProtocol 'http/1.1' -TlsVersion Tls12 @trusting) x -Receive -Timeout 30 |
            Should -BeExactly 'http/1.1 Tls12'
        Send-Line (Connect-LineClient localhost $s.Port -TlsVersion Tls13 @trusting) x -Receive -Timeout 30 | Should -BeExactly ' Tls13'
        $old = Start-LineServer 0 { $_ } -Certificate $cert -TlsVersion Tls12 @on
        (Get-Failure { Connect-LineClient localhost $old.Port -TlsVersion Tls13 @trusting }).Id | Should -BeIn HandshakeFailed, ConnectFailed
        Send-Line (Connect-LineClient localhost $old.Port @trusting) x -Receive -Timeout 30 | Should -BeExactly x
    }

    It 'begins when the handler and the prompt say so, and what was in plain text behind is dropped' {
        $s = Start-LineServer 0 {
            if ($_ -eq 'STARTTLS') { 'go ahead'; $Connection.StartTls() } else { "got $_, $([bool]$Connection.Tls)" }
        } -Certificate $cert -StartTls @on
        $c = Connect-LineClient localhost $s.Port @on
        Send-Line $c a -Receive -Timeout 30 | Should -BeExactly 'got a, False'
        Send-TcpData $c ([Text.Encoding]::ASCII.GetBytes("STARTTLS`ninjected`n"))
        Receive-Line $c -Timeout 30 | Should -BeExactly 'go ahead'
        Start-ReactorTls $c -TrustedCertificate $ca
        Send-Line $c b -Receive -Timeout 30 | Should -BeExactly 'got b, True'
        $s.Log.Message | Should -Not -Contain 'got injected*'
        $s.Log.Message -like 'Dropped 9 bytes*' | Should -HaveCount 1
        $c.Connection.Tls | Should -Not -BeNullOrEmpty
        (Get-Failure { Start-ReactorTls $c }).Id | Should -BeExactly TlsImpossible
    }

    It 'begins in the handler of a client, with the settings that it was connected with' {
        $s = Start-LineServer 0 -OnConnect { 'ready' } -OnLine { 'go ahead'; $Connection.StartTls() } -Certificate $cert -StartTls @on
        $seen = New-Queue
        $c = Connect-LineClient localhost $s.Port -StartTls @trusting -OnLine {
            ($using:seen).Enqueue($_)
            if ($_ -eq 'ready') { 'please' } else { $Connection.StartTls() }
        }
        Wait-Handled $reactor { $c.Connection.Tls -and $s.Connections[0].Tls }
        $seen | Should -BeExactly 'ready', 'go ahead'
    }

    It 'refuses the server at the prompt too when it begins later' {
        $s = Start-LineServer 0 { 'go ahead'; $Connection.StartTls() } -Certificate $cert -StartTls @on
        $c = Connect-LineClient localhost $s.Port @on
        $null = Send-Line $c x -Receive -Timeout 30
        $failure = Get-Failure { Start-ReactorTls $c -TrustedCertificate (New-ReactorCertificate -CertificateAuthority) }
        $failure.Id | Should -BeExactly CertificateUntrusted
        $failure.IsTerminating | Should -BeFalse
        Wait-Handled $reactor { $c.Status -eq 'Disconnected' }
        $c.Connection.CloseReason | Should -Be TlsFailed
    }

    It 'gives up a handshake that takes too long' {
        $s = Start-LineServer 0 { $_ } -Certificate $cert -HandshakeTimeout 50ms @on
        $c = Connect-LineClient localhost $s.Port @on
        $null = Wait-LineClient $c -Timeout 30
        Wait-Handled $reactor { $s.Log.Message -match 'The TLS handshake has not ended within 0.05 s' }
        $deaf = Start-LineServer 0 -OnConnect { } @on
        (Get-Failure { Connect-LineClient localhost $deaf.Port -HandshakeTimeout 50ms @trusting }).Message | Should -BeLike '*not ended within 0.05 s*'
    }
}
