BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $ways = foreach ($broker in Get-BrokerKind) {
        $broker + @{ Name = $broker.Kind; IsEncrypted = $false }
        if ($IsLinux) { $broker + @{ Name = "$($broker.Kind) with TLS"; IsEncrypted = $true } }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
}

Describe 'Something that takes connections and says nothing' {
    AfterEach {
        Stop-Everything
    }

    It 'is no broker, as Join-ReactorCluster says: <Scheme>' -ForEach @(
        @{ Scheme = 'nats'; Kind = 'NATS' }
        @{ Scheme = 'tls'; Kind = 'NATS' }
        @{ Scheme = 'redis'; Kind = 'Redis' }
        @{ Scheme = 'rediss'; Kind = 'Redis' }
    ) {
        $url = "${Scheme}://127.0.0.1:$((New-MuteListener).LocalEndpoint.Port)"
        { Join-ReactorCluster $url -Timeout 60 } | Should -Throw "The broker $url can't be reached: it does not answer as $Kind does." -ErrorId 'BrokerUnreachable,*'
        (Get-ReactorCluster).Status | Should -Be Alone
    }
}

Describe 'The nodes of a cluster at <Name>' -ForEach $ways {
    BeforeAll {
        if ($IsEncrypted) { New-TestCertificate $TestDrive }
        $place = @{ Kind = $Kind; Tls = $IsEncrypted ? $TestDrive : '' }
    }

    AfterEach {
        $asked, $asking | ForEach-Object { Stop-Node $_ }
        Stop-Everything
        Stop-Broker $broker
    }

    It 'hear each other again when something that says nothing had the place of their broker' {
        $broker = Start-Broker @place
        $start = {
            Start-Node $broker.Url it '$null = Register-ReactorTopic ask { "asked $_" }'
            Start-Node $broker.Url it @'
(Start-LineServer 0 {
    $reply = Send-ReactorRequest ask $_ -ErrorAction SilentlyContinue
    if ($reply) { $reply | Add-DeferredCallback -OnError { 'nobody' } } else { 'nobody' }
}).Port
'@
        }
        $asked, $asking = $IsEncrypted ? (Invoke-Trusting $TestDrive $start) : (& $start)
        $client = Connect-LineClient 127.0.0.1 $asking.Lines
        Send-Line $client 'before' -Receive -Timeout 30 | Should -Be 'asked before'

        Stop-Broker $broker
        $mute = New-MuteListener $broker.Port
        # They are left open, as by a machine that has lost its power.
        1..2 | ForEach-Object { Receive-Connection $mute }
        $mute.Stop()
        $broker = Start-Broker @place -Port $broker.Port
        Wait-Until { (Send-Line $client 'again' -Receive -Timeout 30) -eq 'asked again' }
    }
}
