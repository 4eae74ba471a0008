BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $nats = [bool](Find-RealProgram nats-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
}

Describe 'Join-ReactorCluster, at a broker with TLS' -Skip:(-not $nats -or -not $IsLinux) {
    BeforeAll {
        New-TestCertificate $TestDrive
        $options = '--tls', '--tlscert', "$TestDrive/server.pem", '--tlskey', "$TestDrive/server.key"
        $null = $options
    }

    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'encrypts what nodes tell each other, where the authority of the broker is trusted' {
        $broker = Start-Broker -Options $options
        $url = $broker.Url.Replace('nats:', 'tls:')
        # .NET reads it once in a process.
        $env:SSL_CERT_FILE = "$TestDrive/ca.pem"
        try {
            $hears = Start-Node $url it '$null = Register-ReactorTopic it { [Console]::WriteLine("heard $_") }; (Get-ReactorCluster).Broker'
            $says = Start-Node $url it 'Publish-ReactorMessage it hello'
        }
        finally {
            $env:SSL_CERT_FILE = $null
        }
        $hears.Lines | Should -Be $url
        Read-ChildLine $hears | Should -Be 'heard hello'
        Stop-Node $says
        Stop-Node $hears
    }

    It 'says that the certificate of the broker is not trusted: <_>' -ForEach 'tls', 'nats' {
        $broker = Start-Broker -Options $options
        $url = $broker.Url.Replace('nats:', "${_}:")
        { Join-ReactorCluster $url } | Should -Throw "The broker $url can't be reached: *certificate*" -ErrorId 'BrokerUnreachable,*'
    }

    It 'says that a broker has no TLS' {
        $broker = Start-Broker
        $url = $broker.Url.Replace('nats:', 'tls:')
        { Join-ReactorCluster $url } | Should -Throw "The broker $url can't be reached: *TLS*" -ErrorId 'BrokerUnreachable,*'
    }
}
