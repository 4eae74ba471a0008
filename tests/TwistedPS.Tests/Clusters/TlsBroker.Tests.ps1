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
    }

    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'encrypts what nodes tell each other, where the authority of the broker is trusted' {
        $broker = Start-Broker -Tls $TestDrive
        $hears, $says = Invoke-Trusting $TestDrive {
            Start-Node $broker.Url it '$null = Register-ReactorTopic it { [Console]::WriteLine("heard $_") }; (Get-ReactorCluster).Broker'
            Start-Node $broker.Url it 'Publish-ReactorMessage it hello'
        }
        $hears.Lines | Should -Be $broker.Url
        Read-ChildLine $hears | Should -Be 'heard hello'
        Stop-Node $says
        Stop-Node $hears
    }

    It 'says that the certificate of the broker is not trusted: <_>' -ForEach 'tls', 'nats' {
        $broker = Start-Broker -Tls $TestDrive
        $url = $broker.Url.Replace('tls:', "${_}:")
        { Join-ReactorCluster $url } | Should -Throw "The broker $url can't be reached: *certificate*" -ErrorId 'BrokerUnreachable,*'
    }
}
