BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $commands = Get-Command -Module TwistedPS | ForEach-Object { @{ Command = $_.Name } }
    $shared = 'InitializationScript', 'Reactor', 'Name', 'LogPath', 'LogLevel', 'OnConnect', 'OnEnd', 'OnDrain', 'OnDisconnect', 'SendBufferLimit', 'IdleTimeout', 'KeepAlive', 'BytesPerSecond', 'ConnectionTimeLimit', 'TrafficLog', 'MetricsPort', 'MetricsAddress', 'Detached',
    'Certificate', 'CertificateKey', 'CertificatePassword', 'TrustedCertificate', 'RevocationList', 'TlsVersion', 'ApplicationProtocol', 'HandshakeTimeout', 'StartTls', 'TlsHost', 'SkipCertificateCheck' |
        ForEach-Object { @{ Parameter = $_ } }
    # What begins something has nothing to take yet, and the figures are those of all.
    $takers = Get-Command -Module TwistedPS -Verb Get | ForEach-Object { Get-Command -Module TwistedPS -Noun $_.Noun } |
        Where-Object { $_.Verb -notin 'Get', 'New', 'Start', 'Connect', 'Register', 'Join', 'Measure', 'Watch' } |
        ForEach-Object { @{ Command = $_.Name; Source = "Get-$($_.Noun)" } }
}

Describe '<Command>' -ForEach $commands {
    BeforeAll {
        $classes = for ($class = (Get-Command $Command).ImplementingType; $class.Assembly -ne [psobject].Assembly; $class = $class.BaseType) {
            $class
        }
    }

    It 'is at most four classes deep, with PSCmdlet' {
        $classes.Count | Should -BeLessOrEqual 3
    }

    It 'has its parameters in its own class and one base' {
        $classes | Where-Object {
            $_.GetProperties('DeclaredOnly, Public, Instance') | Where-Object { $_.IsDefined([Parameter], $false) }
        } | Measure-Object | ForEach-Object Count | Should -BeLessOrEqual 2
    }
}

Describe 'The parameter <Parameter> of whatever starts something' -ForEach $shared {
    It 'is the same everywhere' {
        Get-Command -Module TwistedPS -Verb Start, Connect, Enter -Noun *Server, *Client, Reactor* | Where-Object { $_.Parameters.ContainsKey($Parameter) } | ForEach-Object {
            $found = $_.Parameters[$Parameter]
            "$($found.ParameterType) $($found.Attributes | Where-Object { $_.GetType().Name -ne 'NullableAttribute' } | ForEach-Object { $_.GetType().Name; $_.MinRange; $_.MaxRange; $_.Type })"
        } | Select-Object -Unique | Should -HaveCount 1
    }
}

Describe '<Source> | <Command>' -ForEach $takers {
    It 'is bound' {
        (Get-Command $Command).ParameterSets.Parameters.Where{ $_.ValueFromPipeline } | Should -Not -BeNullOrEmpty
    }
}
