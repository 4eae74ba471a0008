BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $ca = New-ReactorCertificate -CertificateAuthority -Path $TestDrive/ca.pem
    $cert = New-ReactorCertificate -Issuer $ca -Path $TestDrive/a.pem -KeyPath $TestDrive/a.key
    $secret = ConvertTo-SecureString 'tea & biscuits' -AsPlainText

    function Get-Name ([object] $Certificate) {
        $names = $Certificate.Extensions.Where{ $_.Oid.Value -eq '2.5.29.17' }[0]
        $names.EnumerateDnsNames()
        $names.EnumerateIPAddresses().ForEach{ "IP $_" }
    }

    function Test-Served ([hashtable] $Server, [hashtable] $Client = @{ TrustedCertificate = $ca }) {
        $s = Start-LineServer 0 { $_ } @Server -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        Send-Line (Connect-LineClient localhost $s.Port @Client) x -Receive -Timeout 30 | Should -BeExactly x
    }
}

AfterAll { Stop-Everything }

Describe 'New-ReactorCertificate' {
    It 'makes one for this machine by default, which is usable at once' {
        $made = New-ReactorCertificate
        $made | Should -BeOfType ([System.Security.Cryptography.X509Certificates.X509Certificate2])
        Get-Name $made | Should -BeExactly localhost, 'IP 127.0.0.1', 'IP ::1'
        $made.HasPrivateKey | Should -BeTrue
        $made.PublicKey.Oid.FriendlyName | Should -BeExactly ECC
        $made.NotBefore | Should -BeLessThan (Get-Date)
        ($made.NotAfter - $made.NotBefore).TotalDays | Should -Be 365
        Test-Served @{ Certificate = $made } @{ TrustedCertificate = $made }
    }

    It 'takes names and addresses, a subject and times' {
        $made = New-ReactorCertificate a.example, 10.0.0.1, fe80::1 -Subject 'CN=b, O=Tea' -NotBefore '2020-01-01' -NotAfter '2020-01-03'
        Get-Name $made | Should -BeExactly a.example, 'IP 10.0.0.1', 'IP fe80::1'
        $made.Subject | Should -BeExactly 'CN=b, O=Tea'
        $made.NotBefore, $made.NotAfter | Should -Be ([datetime]'2020-01-01'), ([datetime]'2020-01-03')
        $short = New-ReactorCertificate -ValidFor 2h
        ($short.NotAfter - $short.NotBefore).TotalHours | Should -Be 2
        (New-ReactorCertificate a.example).Subject | Should -BeExactly CN=a.example
    }

    It 'ends no later than its issuer by default' {
        $short = New-ReactorCertificate -CertificateAuthority -ValidFor 2h
        ($short | New-ReactorCertificate).NotAfter | Should -Be $short.NotAfter
    }

    It 'makes a chain, whose parts are sent along from a <Form> file' -ForEach @(
        @{ Form = 'PEM'; Path = 'chain.pem' }
        @{ Form = 'PFX'; Path = 'chain.pfx' }
    ) {
        $between = New-ReactorCertificate -CertificateAuthority -Subject CN=between -Issuer $ca
        $null = New-ReactorCertificate -Issuer $between -Path $TestDrive/$Path
        Test-Served @{ Certificate = "$TestDrive/$Path" }
    }

    It 'writes <Path> <With>, and others can not read the key' -ForEach @(
        @{ Path = 'one.pem'; With = 'with its key'; Options = @{ } }
        @{ Path = 'two.crt'; With = 'and an encrypted key'; Options = @{ KeyPath = 'two.key'; HasPassword = $true } }
        @{ Path = 'three.pfx'; With = 'without a password'; Options = @{ } }
        @{ Path = 'four.P12'; With = 'with a password'; Options = @{ HasPassword = $true } }
    ) {
        Push-Location $TestDrive
        try {
            $key, $password = @{ }, @{ }
            if ($Options.KeyPath) { $key.CertificateKey = $Options.KeyPath }
            if ($Options.HasPassword) { $password.CertificatePassword = $secret }
            $written = @{ Path = $Path }
            if ($Options.KeyPath) { $written.KeyPath = $Options.KeyPath }
            if ($Options.HasPassword) { $written.Password = $secret }
            $null = New-ReactorCertificate -Issuer $ca @written
            Test-Served (@{ Certificate = $Path } + $key + $password)
            if ($Options.HasPassword) {
                (Get-Failure { Start-LineServer 0 { $_ } -Certificate $Path @key }).Id | Should -BeExactly CertificatePasswordInvalid
                $wrong = ConvertTo-SecureString 'coffee' -AsPlainText
                (Get-Failure { Start-LineServer 0 { $_ } -Certificate $Path -CertificatePassword $wrong @key }).Id | Should -BeExactly CertificatePasswordInvalid
            }
        }
        finally { Pop-Location }
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'an issuer that is no authority'; Id = 'IssuerUnusable'; Make = { New-ReactorCertificate -Issuer $cert } }
        @{ Case = 'an issuer without a key'; Id = 'IssuerUnusable'; Make = { New-ReactorCertificate -Issuer ([System.Security.Cryptography.X509Certificates.X509Certificate2]::new($ca.RawData)) } }
        @{ Case = 'times the wrong way round'; Id = 'CertificateNotMade'; Make = { New-ReactorCertificate -NotBefore '2021-01-01' -NotAfter '2020-01-01' } }
        @{ Case = 'a subject that is none'; Id = 'CertificateNotMade'; Make = { New-ReactorCertificate -Subject 'tea' } }
        @{ Case = 'a key file without a file'; Id = 'ParameterWithoutEffect'; Make = { New-ReactorCertificate -KeyPath x } }
        @{ Case = 'two ends'; Id = 'ParameterWithoutEffect'; Make = { New-ReactorCertificate -ValidFor 1h -NotAfter '2030-01-01' } }
        @{ Case = 'an authority that is a client'; Id = 'ParameterWithoutEffect'; Make = { New-ReactorCertificate -CertificateAuthority -Client } }
        @{ Case = 'a key file beside a PFX file'; Id = 'ParameterWithoutEffect'; Make = { New-ReactorCertificate -Path $TestDrive/x.pfx -KeyPath $TestDrive/x.key } }
        @{ Case = 'a folder that is not there'; Id = 'CertificateNotWritten'; Make = { New-ReactorCertificate -Path $TestDrive/no/x.pem } }
    ) {
        $failure = Get-Failure $Make
        $failure.Id | Should -BeExactly $Id
        $failure.IsTerminating | Should -BeTrue
    }
}

Describe 'A certificate of a server or client' {
    It 'may be <Case>' -ForEach @(
        @{ Case = 'an object'; Certificate = { $cert } }
        @{ Case = 'a file object'; Certificate = { Get-Item $TestDrive/ca.pem } }
        @{ Case = 'a path of the session'; Certificate = { 'TestDrive:/ca.pem' } }
    ) {
        (Start-LineServer 0 { $_ } -Certificate (& $Certificate)).Status | Should -Be Running
    }

    It 'is said to be unusable if <Case>' -ForEach @(
        @{ Case = 'there is no such file'; Id = 'CertificateNotFound'; Says = "There is no file '*no.pem'."; Options = { @{ Certificate = "$TestDrive/no.pem" } } }
        @{ Case = 'it has no key'; Id = 'PrivateKeyMissing'; Says = '*-CertificateKey names*'; Options = { @{ Certificate = "$TestDrive/a.pem" } } }
        @{ Case = 'the key is one of another'; Id = 'PrivateKeyMismatch'; Says = "*does not belong to the certificate of 'localhost'."; Options = { @{ Certificate = "$TestDrive/a.pem"; CertificateKey = "$TestDrive/ca.pem" } } }
        @{ Case = 'it is no certificate'; Id = 'CertificateUnreadable'; Says = "'5' is no certificate. *"; Options = { @{ Certificate = 5 } } }
        @{ Case = 'one of a table is no certificate'; Id = 'CertificateNotFound'; Says = 'There is no file *'; Options = { @{ Certificate = @{ a = $cert; b = 'no.pem' } } } }
        @{ Case = 'a key is given for an object'; Id = 'ParameterWithoutEffect'; Says = '*loaded already.'; Options = { @{ Certificate = $cert; CertificateKey = 'x' } } }
        @{ Case = 'a key is given for a table'; Id = 'ParameterWithoutEffect'; Says = '*with a table*'; Options = { @{ Certificate = @{ a = $cert }; CertificateKey = 'x' } } }
        @{ Case = 'the roots are no certificates'; Id = 'CertificateNotFound'; Says = 'There is no file *'; Options = { @{ Certificate = $cert; ClientCertificate = 'Allow'; TrustedCertificate = 'no.pem' } } }
        @{ Case = 'the revocation list is none'; Id = 'RevocationListUnreadable'; Says = "'*a.pem' can't be used as a revocation list: there is none in it"; Options = { @{ Certificate = $cert; ClientCertificate = 'Allow'; RevocationList = "$TestDrive/a.pem" } } }
    ) {
        $options = & $Options
        $failure = Get-Failure { Start-LineServer 0 { $_ } @options }
        $failure.Id | Should -BeExactly $Id
        $failure.Message | Should -BeLike $Says
        $failure.IsTerminating | Should -BeTrue
    }

    It 'is warned about if others can read its key' -Skip:$IsWindows {
        $null = New-ReactorCertificate -Path $TestDrive/open.pem
        chmod 640 $TestDrive/open.pem
        $s = Start-LineServer 0 { $_ } -Certificate $TestDrive/open.pem -WarningVariable warned -WarningAction Ignore
        $warned | Should -BeExactly "Others can read the private key in '$TestDrive/open.pem'. 'chmod 600 $TestDrive/open.pem' keeps it from them."
        $s = Start-LineServer 0 { $_ } -Certificate $cert -ClientCertificate Allow
        $null = Connect-LineClient localhost $s.Port -SkipCertificateCheck -Certificate $TestDrive/open.pem -WarningVariable warned -WarningAction Ignore
        $warned | Should -HaveCount 1
    }
}

Describe 'A parameter of TLS' {
    It 'is refused where it would do nothing: <Case>' -ForEach @(
        @{ Case = 'a server without a certificate'; Call = { Start-LineServer 0 { $_ } -StartTls } }
        @{ Case = 'versions of such a server'; Call = { Start-TcpServer 0 { $_ } -TlsVersion Tls13 } }
        @{ Case = 'roots for clients that are not asked'; Call = { Start-LineServer 0 { $_ } -Certificate $cert -TrustedCertificate $ca } }
        @{ Case = 'roots for a check that is skipped'; Call = { Connect-LineClient localhost 1 -SkipCertificateCheck -TrustedCertificate $ca } }
    ) {
        (Get-Failure $Call).Id | Should -BeExactly ParameterWithoutEffect
    }

    It 'turns TLS on for a client: <_>' -ForEach 'Tls', 'TlsHost', 'SkipCertificateCheck', 'TlsVersion', 'ApplicationProtocol', 'HandshakeTimeout' {
        $given = @{ $_ = @{ TlsHost = 'localhost'; TlsVersion = 'Tls13'; ApplicationProtocol = 'imap'; HandshakeTimeout = 5 }[$_] ?? $true }
        $s = Start-LineServer 0 { $_ } -Certificate (New-ReactorCertificate -NotBefore '2020-01-01' -NotAfter '2020-01-02')
        $failure = Get-Failure { $script:client = Connect-LineClient localhost $s.Port @given }
        if ($_ -eq 'SkipCertificateCheck') { $client.Connection.Tls | Should -Not -BeNullOrEmpty } else { $failure.Id | Should -BeExactly CertificateExpired }
    }

    It 'leaves TLS off where it is a switch that is not set' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient localhost $s.Port -Tls:$false -SkipCertificateCheck:$false
        Send-Line $c x -Receive -Timeout 30 | Should -BeExactly x
        $c.Connection.Tls | Should -BeNullOrEmpty
    }

    It 'is completed' {
        Push-Location $TestDrive
        try {
            '' | Set-Content x.txt
            $null = New-Item folder.d -ItemType Directory
            Get-Completion 'Start-LineServer 1 -TlsVersion ' | Should -BeExactly Tls12, Tls13
            Get-Completion 'Connect-LineClient h 1 -ApplicationProtocol h' | Should -BeExactly "'http/1.1'", h2
            Get-Completion 'Start-LineServer 1 -ClientCertificate R' | Should -BeExactly Require
            foreach ($parameter in 'Certificate', 'CertificateKey', 'TrustedCertificate', 'RevocationList') {
                $found = Get-Completion "Start-TcpServer 1 -$parameter ./" | Split-Path -Leaf
                $found | Should -Contain a.key -Because $parameter
                $found | Should -Contain folder.d
                $found | Should -Not -Contain x.txt
            }
        }
        finally { Pop-Location }
    }

    It 'is the same at the console of a client, which says why it is not connected' {
        $s = Start-LineServer 0 { "<$_>" } -Certificate $cert
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$module'
            Enter-LineClient localhost $($s.Port) -TrustedCertificate '$TestDrive/ca.pem'
            Enter-LineClient localhost $($s.Port) -Tls
"@
        $shell.StandardInput.WriteLine('hello')
        Read-ChildLine $shell | Should -BeExactly '<hello>'
        $shell.StandardInput.WriteLine('exit')
        $shell.StandardInput.Close()
        Read-ChildLine $shell | Should -BeExactly "Connection failed. The certificate of 'localhost' was refused: its issuer 'Test authority' is unknown."
        Assert-ChildSucceeded $shell
    }

    It 'shows in the view of a connection' {
        $s = Start-LineServer 0 { $_ } -Certificate $cert
        $c = Connect-LineClient localhost $s.Port -TrustedCertificate $ca
        Wait-Until { $s.ConnectionCount }
        $s.Connections | Format-List | Out-String | Should -Match 'Tls\s+: Tls1\d TLS_'
        $json = $s.Connections | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json
        $json.Tls.ServerName | Should -BeExactly localhost
        $json.Tls.PSObject.Properties.Name | Should -Not -Contain PeerCertificate
    }
}
