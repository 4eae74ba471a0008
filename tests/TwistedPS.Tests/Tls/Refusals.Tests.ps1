BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $now = Get-Date
    $refusals = @(
        @{ Kind = 'has expired'; Id = 'CertificateExpired'; Says = '*: it expired on 2*'; Make = @{ NotBefore = $now.AddDays(-2); NotAfter = $now.AddDays(-1) } }
        @{ Kind = 'is not valid yet'; Id = 'CertificateNotYetValid'; Says = '*: it is not valid before 2*'; Make = @{ NotBefore = $now.AddDays(1) } }
        @{ Kind = 'signs itself'; Id = 'CertificateUntrusted'; Says = '*: it is self-signed and not trusted.*'; Make = @{ }; IsSelfSigned = $true }
        @{ Kind = 'has an unknown root'; Id = 'CertificateUntrusted'; Says = "*: its issuer 'nobody' is unknown.*"; Make = @{ }; IsUnknown = $true }
        @{ Kind = 'was revoked'; Id = 'CertificateRevoked'; Says = "*: it was revoked by 'Test authority'.*"; Make = @{ }; IsRevoked = $true }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    $ca = New-ReactorCertificate -CertificateAuthority
    $nobody = New-ReactorCertificate -CertificateAuthority -Subject CN=nobody
    $good = New-ReactorCertificate -Issuer $ca
    $goodClient = New-ReactorCertificate -Issuer $ca -Client

    function New-Refused ([hashtable] $Case, [switch] $Client) {
        $more = $Case.Make
        $issuer = if ($Case.IsUnknown) { @{ Issuer = $nobody } } elseif (-not $Case.IsSelfSigned) { @{ Issuer = $ca } } else { @{ } }
        New-ReactorCertificate @more @issuer -Client:$Client
    }

    # Revokes it, and nothing else.
    function Write-RevocationList ([object] $Certificate, [string] $Path) {
        $builder = [System.Security.Cryptography.X509Certificates.CertificateRevocationListBuilder]::new()
        $builder.AddEntry($Certificate)
        [IO.File]::WriteAllBytes($Path, $builder.Build($ca, 1, [DateTimeOffset]::Now.AddDays(1), 'SHA256'))
    }
}

Describe 'A certificate that <Kind>' -ForEach $refusals {
    BeforeAll { $case = $_ }

    AfterEach { Stop-Everything }

    Context 'on <Poller>' -ForEach (Get-ReactorKind -Background | ForEach-Object { @{ Poller = $_.Kind; ReactorOptions = $_.ReactorOptions } }) {
        BeforeAll { $reactor = New-Reactor @ReactorOptions }

        AfterAll { Stop-Reactor $reactor }

        It 'is refused by a client, with an error that says so, and another is not' {
            $bad = New-Refused $case
            $options = @{ TrustedCertificate = $ca; Reactor = $reactor }
            if ($case.IsRevoked) {
                Write-RevocationList $bad $TestDrive/list.crl
                $options.RevocationList = "$TestDrive/list.crl"
            }
            $s = Start-LineServer 0 { $_ } -Certificate $bad -Reactor $reactor
            $failure = Get-Failure { Connect-LineClient localhost $s.Port @options }
            $failure.Id | Should -BeExactly $case.Id
            $failure.Category | Should -BeExactly SecurityError
            $failure.Target | Should -BeExactly "localhost:$($s.Port)"
            $failure.IsTerminating | Should -BeTrue
            $failure.Message | Should -BeLike $case.Says
            $s = Start-LineServer 0 { $_ } -Certificate $good -Reactor $reactor
            Send-Line (Connect-LineClient localhost $s.Port @options) x -Receive -Timeout 30 | Should -BeExactly x
        }

        It 'is refused by a server, with an entry of its log that says so, and another is not' {
            $bad = New-Refused $case -Client
            $options = @{ TrustedCertificate = $ca; Reactor = $reactor }
            if ($case.IsRevoked) {
                Write-RevocationList $bad $TestDrive/list.crl
                $options.RevocationList = "$TestDrive/list.crl"
            }
            $s = Start-LineServer 0 { $_ } -Certificate $good -ClientCertificate Require @options
            $c = Connect-LineClient localhost $s.Port -Certificate $bad -TrustedCertificate $ca -Reactor $reactor -ErrorAction Ignore
            Wait-Handled $reactor { $s.Log.Message -match 'handshake failed' }
            @($s.Log.Message -match 'handshake failed') | Should -BeLike "TLS handshake failed: The certificate of 'Test client' was refused$($case.Says)"
            $s.Errors | Should -BeNullOrEmpty
            $c = Connect-LineClient localhost $s.Port -Certificate $goodClient -TrustedCertificate $ca -Reactor $reactor
            Send-Line $c x -Receive -Timeout 30 | Should -BeExactly x
        }
    }
}

Describe 'A client' {
    AfterEach { Stop-Everything }

    It 'refuses a certificate for another name, unless it is told that name' {
        $s = Start-LineServer 0 { $_ } -Certificate (New-ReactorCertificate elsewhere, 127.0.0.2 -Issuer $ca)
        $failure = Get-Failure { Connect-TcpClient localhost $s.Port -TrustedCertificate $ca }
        $failure.Id | Should -BeExactly CertificateNameMismatch
        $failure.Message | Should -BeLike "*: it is for 'elsewhere', '127.0.0.2', not for 'localhost'.*-TlsHost*"
        (Get-Failure { Connect-TcpClient 127.0.0.1 $s.Port -TrustedCertificate $ca }).Id | Should -BeExactly CertificateNameMismatch
        (Connect-TcpClient 127.0.0.1 $s.Port -TrustedCertificate $ca -TlsHost elsewhere).Status | Should -Be Connected
    }

    It 'accepts any with -SkipCertificateCheck' {
        $s = Start-LineServer 0 { $_ } -Certificate (New-ReactorCertificate elsewhere -NotBefore '2020-01-01' -NotAfter '2020-01-02')
        (Get-Failure { Connect-LineClient localhost $s.Port -Tls }).Message | Should -BeLike '*expired on 2020-01-02*; it is for*; it is self-signed*'
        Send-Line (Connect-LineClient localhost $s.Port -SkipCertificateCheck) x -Receive -Timeout 30 | Should -BeExactly x
    }

    It 'tries again with -Reconnect, and says why it has to' {
        $s = Start-LineServer 0 { $_ } -Certificate (New-ReactorCertificate)
        $c = Connect-LineClient localhost $s.Port -Tls -ReconnectEvery 10m -WarningVariable warning -WarningAction Ignore
        $c.Status | Should -Be Waiting
        "$warning" | Should -BeLike '*self-signed*tried again*'
    }

    It 'fails with plain text on the other side' {
        $s = Start-LineServer 0 -OnConnect { 'Welcome, who speaks plain text' } -OnLine { $_ }
        (Get-Failure { Connect-LineClient localhost $s.Port -Tls }).Id | Should -BeIn HandshakeFailed, ConnectFailed
    }

    It 'says that a client without TLS is at a server with it, and the other way round, in the log of the server' {
        $s = Start-LineServer 0 { $_ } -Certificate (New-ReactorCertificate) -TlsVersion Tls12
        $c = Connect-LineClient localhost $s.Port
        Send-Line $c 'hello'
        $null = Wait-LineClient $c -Timeout 30
        Wait-Until { $s.Log.Message -like '*TLS handshake failed: The peer does not speak TLS here.' }
    }
}
