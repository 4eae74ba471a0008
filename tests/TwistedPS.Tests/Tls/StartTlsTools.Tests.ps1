BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $openssl = [bool](Find-RealProgram openssl)
    $python = [bool](Find-PythonWith ssl, smtplib -Package python3)
    $twisted = [bool](Find-PythonWith twisted, OpenSSL, service_identity -Package 'python3-twisted python3-openssl python3-service-identity')
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
    New-TestCertificate "$TestDrive"
    $own = @{ Certificate = "$TestDrive/server.pem"; CertificateKey = "$TestDrive/server.key" }
    $trusting = @{ TrustedCertificate = "$TestDrive/ca.pem" }
}

AfterAll { Stop-Everything }

Describe 'A server of mail that begins TLS when it is asked to' {
    BeforeAll { $s = Start-SmtpServer $own }

    BeforeEach { Invoke-Reactor -Server $s { $Server.State.Mails.Clear() } }

    It "gets a mail from Python's smtplib, encrypted" -Skip:(-not $python) {
        Invoke-Program (Find-PythonWith ssl -Package python3) ("$PSScriptRoot/../Support/tls_peer.py", 'smtp', $s.Port, "$TestDrive") | Should -BeLike 'TLSv1.*'
        Wait-Until { $s.State.Mails.Count }
        $s.State.Mails | Should -BeLike 'me@example.org you@example.org True Subject: tea||At five.|..'
    }

    It 'speaks with openssl s_client -starttls smtp' -Skip:(-not $openssl) {
        $said = Invoke-Program openssl (-split "s_client -starttls smtp -connect localhost:$($s.Port) -CAfile $TestDrive/ca.pem -verify_return_error -ign_eof -crlf -quiet") "NOOP`nQUIT`n"
        $said | Should -BeLike "*250 mail of ''*221 bye*"
    }

    It 'drops what came in plain text behind the request, and notes it' -Skip:(-not $python) {
        $said = Invoke-Program (Find-PythonWith ssl -Package python3) ("$PSScriptRoot/../Support/tls_peer.py", 'injection', $s.Port, "$TestDrive")
        $said.Trim() -split '\r?\n' | Should -BeExactly '220 go ahead', "250 mail of ''"
        $s.Log.Message -like 'Dropped 34 bytes *' | Should -HaveCount 1
    }

    It 'speaks with a client at our prompt' {
        $c = Connect-LineClient localhost $s.Port -Delimiter CRLF
        Receive-Line $c -Timeout 30 | Should -BeExactly '220 localhost ready'
        Send-Line $c 'EHLO me' -Receive -Count 3 -Timeout 30 | Should -Contain '250-STARTTLS'
        Send-Line $c STARTTLS -Receive -Timeout 30 | Should -BeExactly '220 go ahead'
        Start-ReactorTls $c @trusting
        Send-Line $c 'EHLO me' -Receive -Count 2 -Timeout 30 | Should -BeExactly '250-localhost', '250 8BITMIME'
    }
}

Describe 'Twisted' -Skip:(-not $twisted) {
    BeforeAll {
        $program = Find-PythonWith twisted, OpenSSL, service_identity -Package python3-twisted
        $script = "$PSScriptRoot/../Support/twisted_tls.py"
        $handler = { if ($_ -eq 'STARTTLS') { 'go ahead'; $Connection.StartTls() } else { "<$_> $([bool]$Connection.Tls)" } }
    }

    It 'answers a client of ours over TLS, and ends in order' {
        $process = Start-Program $program ($script, 'server', 0, "$TestDrive")
        $c = Connect-LineClient localhost (Read-ChildLine $process) @trusting
        Send-Line $c 'a', 'b' -Receive -Timeout 30 | Should -BeExactly '<a>', '<b>'
        Disconnect-LineClient $c
        $c.Connection.CloseReason | Should -Be Done
        $process.Kill()
    }

    It 'answers a client of ours over STARTTLS' {
        $process = Start-Program $program ($script, 'starttls-server', 0, "$TestDrive")
        $c = Connect-LineClient localhost (Read-ChildLine $process) -StartTls @trusting
        Send-Line $c 'a', 'STARTTLS' -Receive -Timeout 30 | Should -BeExactly '<a>', 'go ahead'
        Start-ReactorTls $c
        Send-Line $c 'b' -Receive -Timeout 30 | Should -BeExactly '<b>'
        $c.Connection.Tls.PeerCertificate.Subject | Should -BeExactly CN=localhost
        $process.Kill()
    }

    It 'is answered over TLS, and sees an orderly end' {
        $s = Start-LineServer 0 $handler @own
        (Invoke-Program $program ($script, 'client', $s.Port, "$TestDrive")).Trim() -split '\r?\n' | Should -BeExactly '<hello> True', 'ConnectionDone'
    }

    It 'is answered over STARTTLS, and sees an orderly end' {
        $s = Start-LineServer 0 $handler -StartTls @own
        (Invoke-Program $program ($script, 'starttls-client', $s.Port, "$TestDrive")).Trim() -split '\r?\n' |
            Should -BeExactly 'go ahead', '<hello> True', 'ConnectionDone'
    }
}
