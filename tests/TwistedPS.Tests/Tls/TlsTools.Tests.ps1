BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $openssl, $curl, $ncat = 'openssl', 'curl', 'ncat' | ForEach-Object { [bool](Find-RealProgram $_) }
    $python = [bool](Find-PythonWith ssl -Package python3)
    $versions = @{ Version = 'Tls12'; Option = '-tls1_2'; Name = 'TLSv1.2' }, @{ Version = 'Tls13'; Option = '-tls1_3'; Name = 'TLSv1.3' }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
    New-TestCertificate "$TestDrive"
    $own = @{ Certificate = "$TestDrive/server.pem"; CertificateKey = "$TestDrive/server.key" }
    $asClient = @{ TrustedCertificate = "$TestDrive/ca.pem"; Certificate = "$TestDrive/client.pem"; CertificateKey = "$TestDrive/client.key" }
    $wantsClient = @{ ClientCertificate = 'Require'; TrustedCertificate = "$TestDrive/ca.pem" }

    function Start-EchoServer ([hashtable] $Options = @{ }) {
        Start-LineServer 0 @own @Options { if ($_ -eq 'bye') { "bye, $($Connection.Tls.PeerCertificate.Subject)"; $Connection.Close() } else { "<$_>" } }
    }

    # What has its own port says nothing, so it is looked whether it listens.
    function Start-ListeningProgram ([string] $Program, [scriptblock] $Arguments) {
        $port = Get-UnusedPort
        $process = Start-Program (Find-RealProgram $Program) (& $Arguments $port)
        $null = $process.StandardOutput.ReadToEndAsync()
        Wait-Until { Test-Listening $port }
        $process, $port
    }
}

AfterAll { Stop-Everything }

Describe 'openssl' -Skip:(-not $openssl) {
    It 's_client gets its lines back over <Version>, checks the server, and shows its certificate' -ForEach $versions {
        $s = Start-EchoServer ($wantsClient + @{ ApplicationProtocol = 'imap'; TlsVersion = $Version })
        $said = Invoke-Program openssl (-split "s_client -connect localhost:$($s.Port) -servername localhost -verify_hostname localhost -verify_return_error
            -CAfile $TestDrive/ca.pem -cert $TestDrive/client.pem -key $TestDrive/client.key -alpn pop3,imap -ign_eof $Option") "a`nb`nbye`n"
        $said | Should -Match '(?s)<a>.*<b>.*bye, CN=somebody\r'
        $said | Should -Match "New, $Name, "
        $said | Should -Match 'ALPN protocol: imap'
        $said | Should -Match 'Verification: OK'
    }

    It 's_client refuses what we would refuse' {
        $s = Start-EchoServer @{ Name = 'Refused' }
        { Invoke-Program openssl (-split "s_client -connect localhost:$($s.Port) -verify_return_error") } | Should -Throw '*unable to get local issuer*'
        Wait-Until { $s.Log.Message -match 'handshake failed|Lost client' }
        { Invoke-Program openssl (-split "s_client -connect localhost:$($s.Port) -CAfile $TestDrive/ca.pem -verify_hostname elsewhere -verify_return_error") } |
            Should -Throw '*hostname mismatch*'
    }

    It 's_client asks by name for one of several certificates' {
        $other = New-ReactorCertificate other.example.org
        $s = Start-LineServer 0 { $Connection.Close() } -Certificate @{ '*' = $own.Certificate, $own.CertificateKey; 'other.example.org' = $other }
        foreach ($name in 'localhost', 'other.example.org', 'else.where') {
            $said = Invoke-Program openssl (-split "s_client -connect localhost:$($s.Port) -servername $name -ign_eof") "x`n"
            $said | Should -Match "subject=CN ?= ?$($name -replace 'else.where', 'localhost')\b"
        }
    }

    It 's_server reverses our lines over <Version>, and has our certificate' -ForEach $versions {
        $process, $port = Start-ListeningProgram openssl {
            -split "s_server -accept $args -cert $TestDrive/server.pem -key $TestDrive/server.key -Verify 1 -verify_return_error -CAfile $TestDrive/ca.pem -alpn imap -rev $Option"
        }
        $c = Connect-LineClient localhost $port @asClient -ApplicationProtocol imap, pop3
        Send-Line $c hello -Receive -Timeout 30 | Should -BeExactly olleh
        $c.Connection.Tls.Version | Should -Be $Version
        $c.Connection.Tls.ApplicationProtocol | Should -BeExactly imap
        Disconnect-LineClient $c
        (Get-Failure { Connect-LineClient 127.0.0.1 $port @asClient -TlsHost elsewhere }).Id | Should -BeExactly CertificateNameMismatch
        $process.Kill()
    }

    It 'says the same of a certificate in each form that it writes: <Form>' -ForEach @(
        @{ Form = 'PKCS#1'; Make = 'rsa -traditional'; Key = 'genrsa 2048' }
        @{ Form = 'PKCS#8'; Make = 'pkcs8 -topk8 -nocrypt'; Key = 'genrsa 2048' }
        @{ Form = 'encrypted PKCS#8'; Make = 'pkcs8 -topk8 -passout pass:tea'; Key = 'genrsa 2048'; Password = 'tea' }
        @{ Form = 'SEC 1'; Make = 'ec'; Key = 'ecparam -genkey -name prime256v1' }
        @{ Form = 'PKCS#12'; Make = 'pkcs8 -topk8 -nocrypt'; Key = 'ecparam -genkey -name secp384r1'; Password = 'tea'; IsPfx = $true }
    ) {
        $folder = (New-Item "$TestDrive/$Form" -ItemType Directory).FullName
        Invoke-Program openssl (-split $Key) | Set-Content "$folder/first.key"
        $null = Invoke-Program openssl ((-split $Make) + '-in', "$folder/first.key", '-out', "$folder/a.key")
        $opening = if ($Password) { @{ CertificatePassword = ConvertTo-SecureString $Password -AsPlainText } } else { @{ } }
        $null = Invoke-Program openssl ((-split 'req -x509 -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost') + '-key', "$folder/first.key", '-out', "$folder/a.pem")
        chmod 600 "$folder/a.key"
        $given = @{ Certificate = "$folder/a.pem"; CertificateKey = "$folder/a.key" }
        if ($IsPfx) {
            $null = Invoke-Program openssl ('pkcs12', '-export', '-passout', "pass:$Password", '-inkey', "$folder/a.key", '-in', "$folder/a.pem", '-out', "$folder/a.pfx")
            $given = @{ Certificate = "$folder/a.pfx" }
            chmod 600 "$folder/a.pfx"
        }
        $s = Start-LineServer 0 { $_ } @given @opening -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        Send-Line (Connect-LineClient localhost $s.Port -TrustedCertificate "$folder/a.pem") x -Receive -Timeout 30 | Should -BeExactly x
    }

    It 'makes a revocation list that we go by' {
        "unique_subject = no`n" | Set-Content "$TestDrive/index.txt.attr"
        '' | Set-Content "$TestDrive/index.txt" -NoNewline
        "[ca]`ndefault_ca = d`n[d]`ndatabase = $TestDrive/index.txt`ndefault_md = sha256`ndefault_crl_days = 1`n" | Set-Content "$TestDrive/ca.cnf"
        $authority = '-config', "$TestDrive/ca.cnf", '-cert', "$TestDrive/ca.pem", '-keyfile', "$TestDrive/ca.key"
        $null = Invoke-Program openssl ('ca', '-gencrl', '-out', "$TestDrive/none.crl" + $authority)
        $null = Invoke-Program openssl ('ca', '-revoke', "$TestDrive/server.pem" + $authority)
        $null = Invoke-Program openssl ('ca', '-gencrl', '-out', "$TestDrive/one.crl" + $authority)
        $s = Start-EchoServer
        (Connect-LineClient localhost $s.Port -TrustedCertificate "$TestDrive/ca.pem" -RevocationList "$TestDrive/none.crl").Status | Should -Be Connected
        (Get-Failure { Connect-LineClient localhost $s.Port -TrustedCertificate "$TestDrive/ca.pem" -RevocationList "$TestDrive/one.crl" }).Id |
            Should -BeExactly CertificateRevoked
    }
}

Describe 'curl' -Skip:(-not $curl) {
    It 'gets a page of a server of lines, with its certificate checked and one of its own' {
        $s = Start-LineServer 0 @own @wantsClient -ApplicationProtocol 'http/1.1' -Delimiter CRLF -OnLine {
            if ($_) { $Connection.State.First ??= $_; return }
            $body = "$($Connection.State.First), $($Connection.Tls.PeerCertificate.Subject), $($Connection.Tls.ApplicationProtocol)"
            'HTTP/1.1 200 OK', "Content-Length: $($body.Length)", 'Connection: close', ''
            $Connection.Write($body)
            $Connection.Close()
        }
        $said = Invoke-Program curl (-split "-sS --cacert $TestDrive/ca.pem --cert $TestDrive/client.pem --key $TestDrive/client.key https://localhost:$($s.Port)/tea")
        $said | Should -BeExactly 'GET /tea HTTP/1.1, CN=somebody, http/1.1'
        { Invoke-Program curl (-split "-sS https://localhost:$($s.Port)/tea") } | Should -Throw '*certificate*'
    }
}

Describe 'ncat' -Skip:(-not $ncat) {
    It 'gets its lines back' {
        $s = Start-EchoServer
        Invoke-Program ncat (-split "--ssl-verify --ssl-trustfile $TestDrive/ca.pem localhost $($s.Port)") "a`nbye`n" |
            Should -BeExactly "<a>`r`nbye, `r`n"
    }

    It 'answers a client of ours' {
        $process, $port = Start-ListeningProgram ncat {
            -split "--ssl --ssl-cert $TestDrive/server.pem --ssl-key $TestDrive/server.key --keep-open --exec /bin/cat -l 127.0.0.1 $args"
        }
        $c = Connect-LineClient localhost $port -TrustedCertificate "$TestDrive/ca.pem"
        Send-Line $c 'a', 'b' -Receive -Timeout 30 | Should -BeExactly a, b
        Disconnect-LineClient $c -DrainTime 0
        $process.Kill($true)
    }
}

Describe "Python's ssl" -Skip:(-not $python) {
    BeforeAll {
        $program = Find-PythonWith ssl -Package python3
        $script = "$PSScriptRoot/../Support/tls_peer.py"
    }

    It 'gets many lines back, shows its certificate, and agrees on a protocol' {
        $s = Start-EchoServer ($wantsClient + @{ ApplicationProtocol = 'imap' })
        $said = (Invoke-Program $program ($script, 'client', $s.Port, "$TestDrive")) -split '\r?\n'
        $said[0, 1] | Should -BeExactly 'TLSv1.3 imap', '10001 bye, CN=somebody'
    }

    It 'sees the certificate of a client of ours, and ends in order' {
        $process = Start-Program $program ($script, 'server', 0, "$TestDrive")
        $c = Connect-LineClient localhost (Read-ChildLine $process) @asClient -ApplicationProtocol imap
        Receive-Line $c -Timeout 30 | Should -BeExactly 'somebody imap'
        Send-Line $c ('x' * 10000) -Receive -Timeout 30 | Should -BeExactly ('x' * 10000)
        Disconnect-LineClient $c
        $c.Connection.CloseReason | Should -Be Done
        Wait-ChildShell $process | Should -Be 0 -Because $process.Errors.Result
    }
}
