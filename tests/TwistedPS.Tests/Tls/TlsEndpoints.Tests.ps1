BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $ca = New-ReactorCertificate -CertificateAuthority -Path $TestDrive/ca.pem
    $middle = New-ReactorCertificate -CertificateAuthority -Issuer $ca -Path $TestDrive/middle.pem
    $null = New-ReactorCertificate -Issuer $middle -Path $TestDrive/short.pem -KeyPath $TestDrive/short.key
    $null = New-ReactorCertificate -Issuer $ca -Path $TestDrive/cert.pem -KeyPath $TestDrive/key.pem
    $null = New-ReactorCertificate -Issuer $ca -Client -Subject CN=somebody -Path $TestDrive/client.pem -KeyPath $TestDrive/client.key
    Get-Content $TestDrive/cert.pem, $TestDrive/key.pem | Set-Content $TestDrive/both.pem
    $null = New-Item -ItemType Directory $TestDrive/roots
    Copy-Item $TestDrive/ca.pem $TestDrive/roots
    # Only the first certificate, as OpenSSL's users keep it.
    (Get-Content $TestDrive/short.pem -Raw) -match '(?s)-----BEGIN.*?-----END CERTIFICATE-----' | Out-Null
    Set-Content $TestDrive/short.pem $Matches[0]
    chmod 600 (Get-ChildItem $TestDrive/*.key, $TestDrive/both.pem, $TestDrive/key.pem)
    Push-Location $TestDrive
}

AfterAll { Pop-Location }

Describe 'An endpoint string of TLS' {
    AfterEach { Stop-Everything }

    It 'listens and connects: <Server>, <Client>' -ForEach @(
        @{ Server = 'ssl:0:certKey=cert.pem:privateKey=key.pem'; Client = 'tls:localhost:{0}:trustRoots=roots' }
        @{ Server = 'ssl:0:key.pem:cert.pem'; Client = 'ssl:localhost:{0}:caCertsDir=roots' }
        @{ Server = 'tls:0:privateKey=both.pem'; Client = 'tls:localhost:{0}:trustRoots=ca.pem' }
        @{ Server = 'ssl:0:certKey=short.pem:privateKey=short.key:extraCertChain=middle.pem'; Client = 'tls:localhost:{0}:trustRoots=ca.pem' }
        @{ Server = 'ssl:0:certKey=both.pem:sslmethod=TLSv1_2_METHOD'; Client = 'tls:localhost:{0}:trustRoots=ca.pem'; Version = 'Tls12' }
        @{ Server = 'ssl:0:certKey=both.pem:interface=127.0.0.1'; Client = 'ssl:127.0.0.1:{0}:hostname=localhost:caCertsDir=roots' }
    ) {
        $s = Start-LineServer $Server { "$_ $($Connection.Tls.Version)" }
        $c = Connect-LineClient ($Client -f $s.Port)
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeLike "a $($Version ?? 'Tls1?')"
    }

    It 'shows the certificate of a client' {
        $s = Start-LineServer ssl:0:certKey=both.pem { $Connection.Tls.PeerCertificate.Subject } -ClientCertificate Require -TrustedCertificate ca.pem
        $c = Connect-LineClient "tls:localhost:$($s.Port):trustRoots=roots:certificate=client.pem:privateKey=client.key"
        Send-Line $c 'a' -Receive -Timeout 30 | Should -BeExactly CN=somebody
    }

    It 'is for bytes as well' {
        $s = Start-TcpServer ssl:0:certKey=both.pem { $_ }
        $c = Connect-TcpClient "tls:localhost:$($s.Port):trustRoots=roots"
        Send-TcpData $c 'ab'
        Receive-TcpData $c -Count 2 -AsString -Timeout 30 | Should -BeExactly ab
    }

    It 'checks the server as -Tls does: <Client>' -ForEach @(
        @{ Client = 'tls:localhost:{0}'; Id = 'CertificateUntrusted' }
        @{ Client = 'ssl:127.0.0.1:{0}:caCertsDir=roots:hostname=example.org'; Id = 'CertificateNameMismatch' }
    ) {
        $s = Start-LineServer ssl:0:certKey=both.pem { $_ }
        (Get-Failure { Connect-LineClient ($Client -f $s.Port) }).Id | Should -BeExactly $Id
    }

    It 'is refused: <Call>' -ForEach @(
        @{ Call = { Start-LineServer ssl:443 { $_ } }; Id = 'CertificateMissing'; Message = "'ssl:443' names no certificate.*-Certificate*" }
        @{ Call = { Start-LineServer ssl:0:certKey=both.pem { $_ } -Certificate cert.pem }; Id = 'EndpointContradicted'; Message = '-Certificate contradicts*' }
        @{ Call = { Start-LineServer ssl:0:certKey=both.pem:sslmethod=SSLv3_METHOD { $_ } }; Id = 'EndpointUnsupported'; Message = '*SSLv3_METHOD*' }
        @{ Call = { Start-LineServer ssl:0:certKey=gone.pem { $_ } }; Id = 'CertificateNotFound'; Message = '*gone.pem*' }
        @{ Call = { Connect-LineClient tls:localhost:1:trustRoots=gone { } }; Id = 'CertificateNotFound'; Message = '*gone*' }
        @{ Call = { Connect-LineClient tls:localhost:1:trustRoots=roots -TrustedCertificate ca.pem }; Id = 'EndpointContradicted'; Message = '-TrustedCertificate contradicts*' }
        @{ Call = { Connect-LineClient ssl:localhost:1:hostname=a -TlsHost b }; Id = 'EndpointContradicted'; Message = '-TlsHost contradicts*' }
        @{ Call = { Enter-LineClient -Client nobody -Tls }; Id = 'ParameterWithoutEffect'; Message = '-Tls has no effect with -Client*' }
        @{ Call = { Enter-LineClient ssl:localhost:1:caCertsDir=gone }; Id = 'CertificateNotFound'; Message = '*gone*' }
        @{ Call = { Start-HttpServer ssl:0:certKey=both.pem { 1 } }; Id = 'EndpointUnsupported'; Message = '*listens on TCP*' }
    ) {
        $failure = Get-Failure $Call
        $failure.Id | Should -BeExactly $Id
        $failure.Message | Should -BeLike $Message
    }
}
