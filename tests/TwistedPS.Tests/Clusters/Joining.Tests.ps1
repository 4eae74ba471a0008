BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $brokers = @(Get-BrokerKind)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force
}

Describe 'Join-ReactorCluster' {
    It 'refuses what is no address of a broker, and does not tell its password: <Address>' -ForEach @(
        @{ Address = 'localhost'; Shown = 'localhost'; Why = 'it has no scheme, such as nats://' }
        @{ Address = 'ann:sword@localhost'; Shown = 'localhost'; Why = 'it has no scheme, such as nats://' }
        @{ Address = 'nats:'; Shown = 'nats:'; Why = 'it has no scheme, such as nats://' }
        @{ Address = 'http://:sword@localhost'; Shown = 'http://localhost'; Why = 'its scheme is none of nats, tls, redis, rediss' }
        @{ Address = 'nats://'; Shown = 'nats://'; Why = 'it has no host' }
        @{ Address = 'redis://ann:sw@rd@'; Shown = 'redis://'; Why = 'it has no host' }
        @{ Address = 'nats://ann:sword@127.0.0.1:99999'; Shown = 'nats://127.0.0.1:99999'; Why = 'its port is none of 1 to 65535' }
        @{ Address = 'nats://localhost:no'; Shown = 'nats://localhost:no'; Why = 'its port is none of 1 to 65535' }
        @{ Address = 'nats://localhost:0'; Shown = 'nats://localhost:0'; Why = 'its port is none of 1 to 65535' }
        @{ Address = 'nats://:sword@a b'; Shown = 'nats://a b'; Why = 'its host is not valid' }
        @{ Address = 'redis://:sword@localhost:6379/3'; Shown = 'redis://localhost:6379/3'; Why = 'it goes on after the host and port' }
        @{ Address = 'redis://:sw/rd@localhost'; Shown = 'redis://localhost'; Why = 'its user or password has characters that must be encoded, such as %2F for /' }
    ) {
        $failed = { Join-ReactorCluster $Address } | Should -Throw "'$Shown' is no address of a broker: $Why." -ErrorId 'BrokerInvalid,*' -PassThru
        $failed.TargetObject | Should -Be $Shown
    }

    It 'refuses what is no name of a cluster: <_>' -ForEach 'a.b', '_a', 'a b' {
        { Join-ReactorCluster nats://localhost -Name $_ } | Should -Throw "'$_' is no name of a cluster: *" -ErrorId 'ClusterNameInvalid,*'
    }

    It 'says that there is no broker: <_>' -ForEach 'nats', 'tls', 'redis', 'rediss' {
        $url = "${_}://127.0.0.1:$(Get-UnusedPort)"
        { Join-ReactorCluster $url } | Should -Throw "The broker $url can't be reached: *refused*" -ErrorId 'BrokerUnreachable,*'
        (Get-ReactorCluster).Status | Should -Be Alone
    }

    It 'says that a host is unknown: <_>' -ForEach 'nats', 'redis' {
        $reason = { [Net.Dns]::GetHostAddresses('twistedps.invalid') } | Should -Throw -PassThru
        { Join-ReactorCluster "${_}://twistedps.invalid:1" } |
            Should -Throw "The broker ${_}://twistedps.invalid:1 can't be reached: $($reason.Exception.InnerException.Message.TrimEnd('.'))." -ErrorId 'BrokerUnreachable,*'
    }

    It 'waits as long as it is told to for what neither takes nor refuses connections: <_>' -ForEach 'nats', 'redis' {
        $url = "${_}://127.0.0.1:$((New-DeafListener).Port)"
        # Longer than the clients wait by themselves.
        { Join-ReactorCluster $url -Timeout 2.5 } | Should -Throw 'The broker at 127.0.0.1 has not answered within 2.5 s.' -ErrorId 'BrokerUnreachable,*'
    }

    It 'says that its package is missing: <Package>' -ForEach @(
        @{ Package = 'TwistedPS.Nats'; Url = 'nats://localhost' }
        @{ Package = 'TwistedPS.Redis'; Url = 'redis://localhost' }
    ) {
        Remove-Item $TestDrive/TwistedPS -Recurse -Force -ErrorAction Ignore
        $null = New-Item $TestDrive/TwistedPS -ItemType Directory
        Copy-Item $PSScriptRoot/../../../TwistedPS.psd1, $PSScriptRoot/../../../lib $TestDrive/TwistedPS -Recurse
        $child = Start-ChildShell '-Command', "`$env:PSModulePath = ''; Import-Module '$TestDrive/TwistedPS/TwistedPS.psd1'; try { Join-ReactorCluster $Url } catch { ""`$(`$_.FullyQualifiedErrorId): `$_"" }"
        Read-ChildLine $child | Should -Be "BackplaneMissing,TwistedPS.Commands.JoinReactorClusterCommand: '$Url' needs the module $Package, which is not installed."
        Assert-ChildSucceeded $child
    }
}

Describe 'A broker' {
    It 'is tested if it is installed: <Kind>' -ForEach (Get-BrokerKind -All) {
        if (-not $Program) { Set-ItResult -Skipped -Because 'it is not installed' }
    }
}

Describe 'Join-ReactorCluster, at <Kind>' -ForEach $brokers {
    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'joins once' {
        $broker = Start-Broker $Kind
        $cluster = Join-ReactorCluster $broker.Url -Name it
        $cluster.Name, $cluster.Broker, $cluster.Status | Should -Be 'it', $broker.Url, 'Connected'
        { Join-ReactorCluster $broker.Url -Name it } | Should -Throw "This process is node * of cluster it * already." -ErrorId 'AlreadyJoined,*'
        Get-ReactorCluster | Exit-ReactorCluster
        (Get-ReactorCluster).Status | Should -Be Alone
        Exit-ReactorCluster
    }

    It 'is refused without the right credentials, and takes them either way' {
        $broker = Start-Broker $Kind -User me -Password 'se:cret'
        { Join-ReactorCluster $broker.Url } | Should -Throw "The broker $($broker.Url) refuses: *" -ErrorId 'BrokerRefused,*'
        { Join-ReactorCluster $broker.Url.Replace('//127', '//me:wrong@127') } | Should -Throw -ErrorId 'BrokerRefused,*'
        $cluster = Join-ReactorCluster $broker.Url.Replace('//127', '//me:se%3Acret@127')
        $cluster.Broker | Should -Be $broker.Url
        Exit-ReactorCluster
        $null = Join-ReactorCluster $broker.Url -Credential ([pscredential]::new('me', (ConvertTo-SecureString 'se:cret' -AsPlainText -Force)))
    }

    It 'takes a token' {
        $broker = Start-Broker $Kind -Password secret
        { Join-ReactorCluster $broker.Url } | Should -Throw -ErrorId 'BrokerRefused,*'
        (Join-ReactorCluster $broker.Url.Replace('//127', '//secret@127')).Status | Should -Be Connected
        Exit-ReactorCluster
        (Join-ReactorCluster $broker.Url.Replace('//127', '//:secret@127')).Status | Should -Be Connected
    }

    It 'refuses messages that the broker does not carry' {
        $broker = Start-Broker $Kind
        $null = Join-ReactorCluster $broker.Url
        Publish-ReactorMessage it ('x' * 9MB) -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike "A message of 9437184 bytes is too long: the broker $($broker.Url) carries *."
        $failed.FullyQualifiedErrorId | Should -BeLike 'MessageTooLong,*'
    }

    It 'knows one of another kind: <_>' -ForEach 'nats', 'tls', 'redis', 'rediss' {
        $broker = Start-Broker $Kind
        $url = "${_}://127.0.0.1:$($broker.Port)"
        $why = @{
            'NATS nats' = $null; 'NATS tls' = 'it has no TLS, so its address begins otherwise'
            'NATS redis' = 'what answers there is not Redis'; 'NATS rediss' = 'what answers there is not Redis'
            'Redis redis' = $null; 'Redis rediss' = 'it has no TLS, so its address begins otherwise'
            'Redis nats' = 'what answers there is not NATS'; 'Redis tls' = 'what answers there is not NATS'
        }["$Kind $_"]
        if ($why) { { Join-ReactorCluster $url -Timeout 30 } | Should -Throw "The broker $url can't be reached: $why." -ErrorId 'BrokerUnreachable,*' }
        else { (Join-ReactorCluster $url -Timeout 30).Status | Should -Be Connected }
    }

    It 'is left when the module is removed' {
        $broker = Start-Broker $Kind
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $child = Start-ChildShell '-Command', "Import-Module '$module'; `$c = Join-ReactorCluster $($broker.Url); Remove-Module TwistedPS; `$c.Status"
        Read-ChildLine $child | Should -Match 'The module TwistedPS was removed, which has left the cluster \w+\.'
        Read-ChildLine $child | Should -Be Alone
        Assert-ChildSucceeded $child
    }
}
