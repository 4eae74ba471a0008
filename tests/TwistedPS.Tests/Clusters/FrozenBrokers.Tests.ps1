using namespace System.Net.Sockets

BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $brokers = @(Get-BrokerKind)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force

    # It relays the next connection to a broker. The task ends with the connection, in an error if it was reset.
    function Start-Relay ([TcpListener] $Listener, [int] $Port) {
        $accepted = $Listener.AcceptTcpClientAsync()
        if (-not $accepted.Wait(30000)) { throw 'Nobody has connected.' }
        $from, $to = $accepted.Result.GetStream(), [TcpClient]::new('127.0.0.1', $Port).GetStream()
        $null = $to.CopyToAsync($from)
        $from.CopyToAsync($to)
    }
}

Describe 'A broker that is frozen, of <Kind>' -Skip:$IsWindows -ForEach $brokers {
    BeforeEach {
        $broker = Start-Broker $Kind
    }

    AfterEach {
        if ($node) { Stop-Node $node }
        Stop-Everything
        Close-Peer
        Stop-Broker $broker
    }

    It 'is left alone by a join that was given up, also when it goes on' {
        $listener = New-MuteListener
        $url = "${Scheme}://127.0.0.1:$($listener.LocalEndpoint.Port)"
        { Join-ReactorCluster $url -Timeout 1.5 } | Should -Throw '*has not answered within 1.5 s.'
        $relays = while ($listener.Pending()) { Start-Relay $listener $broker.Port }
        Wait-Until { $relays.IsCompleted -notcontains $false }
    }

    It 'is noticed where nothing is sent, and when it is back' {
        $cluster = Join-ReactorCluster $broker.Url -Name it
        Suspend-Broker $broker
        Wait-Until { $cluster.Status -eq 'Reconnecting' }
        Get-ReactorCluster -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be $cluster
        "$warnings" | Should -BeLike "The broker $($broker.Url) of cluster it is lost;*"
        Resume-Broker $broker
        Wait-Until { $cluster.Status -eq 'Connected' }
    }

    It 'is an error of Publish-ReactorMessage, whose message may be lost' {
        $cluster = Join-ReactorCluster $broker.Url -Name it
        Suspend-Broker $broker
        Publish-ReactorMessage any 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "The broker $($broker.Url) has not confirmed what was sent, which may be lost."
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerUnreachable,*'
        Wait-Until { $cluster.Status -eq 'Reconnecting' }
    }

    It 'gets nothing later of what was sent on a connection that was given up' {
        $listener = New-MuteListener
        $url = "${Scheme}://127.0.0.1:$($listener.LocalEndpoint.Port)"
        $node = Start-ChildShell '-Command', "Import-Module '$((Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName)'; (Join-ReactorCluster $url).Status; [Console]::ReadLine()"
        # First it tries whether anybody is there.
        $null = Start-Relay $listener $broker.Port
        $relays = 1..($Kind -eq 'Redis' ? 2 : 1) | ForEach-Object { Start-Relay $listener $broker.Port }
        Read-ChildLine $node | Should -Be Connected
        Suspend-Broker $broker
        Wait-Until { $relays.IsCompleted -notcontains $false }
        $relays.Status | ForEach-Object { $_ | Should -Be Faulted }
    }
}
