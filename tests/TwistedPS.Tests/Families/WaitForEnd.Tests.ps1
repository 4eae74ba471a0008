BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1
    $families = @(
        @{ Noun = 'LineServer'; Start = { Start-LineServer 0 { $_ } -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'TcpServer'; Start = { Start-TcpServer 0 { $_ } -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'UdpServer'; Start = { Start-UdpServer 0 { $_ } -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'HttpServer'; Start = { Start-HttpServer 0 { 'x' } -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'LineClient'; Start = { $s = Start-LineServer 0 { $_ } -Reactor $r; Connect-LineClient 127.0.0.1 $s.Port -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'TcpClient'; Start = { $s = Start-TcpServer 0 { $_ } -Reactor $r; Connect-TcpClient 127.0.0.1 $s.Port -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'UdpClient'; Start = { Connect-UdpClient 127.0.0.1 9 -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'ReactorTimer'; Start = { Start-ReactorTimer -Every 1h { } -Reactor $r }; End = { $it.Dispose() } }
        @{ Noun = 'ReactorProcess'; Start = { Start-ReactorProcess ([Environment]::ProcessPath) '--version' -Reactor $r }; End = { } ; EndsItself = $true }
    )
    $cases = foreach ($kind in Get-ReactorKind) { foreach ($family in $families) { $kind + $family } }
    $nouns = (Get-Command -Module TwistedPS -Verb Stop, Disconnect).Noun | Where-Object { $_ -notin 'Reactor', 'ReactorConnection' } | ForEach-Object { @{ Noun = $_ } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Wait-<Noun> on a <Kind> reactor' -ForEach $cases {
    BeforeEach {
        $r = New-Reactor @ReactorOptions
        $it = & $Start
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'waits until its end, and outputs it' {
        if (-not $EndsItself) {
            $failure = Get-Failure { & "Wait-$Noun" $it -Timeout 20ms }
            $failure.Id, $failure.Target, $failure.IsTerminating | Should -Be WaitTimeout, $it, $false
        }
        & $End
        & "Wait-$Noun" $it -TimeoutSec 30 | Should -Be $it
        $it | & "Wait-$Noun" | Should -Be $it
    }
}

Describe 'Whatever ends' {
    It 'can be listed and waited for: <Noun>' -ForEach $nouns {
        Get-Command "Get-$Noun", "Wait-$Noun" -Module TwistedPS | Should -HaveCount 2
    }

    It 'is refused to a handler that would wait for its own reactor' {
        $s = Start-TcpServer 0 { try { Wait-TcpServer $Server } catch { "$_" } }
        try {
            Invoke-Peer $s.Port x | Should -BeLike 'Wait-TcpServer would deadlock*Use -OnStop instead.'
        }
        finally {
            Stop-Everything
        }
    }

    It 'is a process with its exit code' -Skip:$IsWindows {
        $p = Start-ReactorProcess sh '-c', 'exit 3'
        ($p | Wait-ReactorProcess -Timeout 30).ExitCode | Should -Be 3
    }

    It 'is a timer after its last call' {
        $r = New-Reactor -Foreground
        $t = Start-ReactorTimer -Every 1ms -Count 3 { } -Reactor $r
        (Wait-ReactorTimer $t -Timeout 30).Calls | Should -Be 3
        Stop-Reactor $r
    }
}
