BeforeDiscovery {
    $kinds = @(
        @{ Kind = 'line server'; Start = { Start-LineServer 0 { $_ } -Wait -OnStart { $Server.Dispose() } }; Said = 'Serving on 127\.0\.0\.1:[1-9]\d*; Ctrl\+C ends it\.' }
        @{ Kind = 'TCP server'; Start = { Start-TcpServer '[::1]:0' { $_ } -Wait -OnStart { $Server.Dispose() } }; Said = 'Serving on \[::1\]:[1-9]\d*; Ctrl\+C ends it\.' }
        @{ Kind = 'UDP server'; Start = { Start-UdpServer 0 { $_ } -Wait -OnStart { $Server.Dispose() } }; Said = 'Serving on 127\.0\.0\.1:[1-9]\d*; Ctrl\+C ends it\.' }
        @{ Kind = 'web server'; Start = { Start-HttpServer 0 { 'x' } -Wait -OnStart { $Server.Dispose() } }; Said = 'Serving on http://127\.0\.0\.1:[1-9]\d*/; Ctrl\+C ends it\.' }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A <Kind> with -Wait' -ForEach $kinds {
    It 'says once where it serves, and outputs nothing' {
        $records = @(& $Start 6>&1)
        $records | Should -HaveCount 1
        "$records" | Should -Match "\A$Said\z"
        $records[0] | Should -BeOfType System.Management.Automation.InformationRecord
        & $Start 6>$null | Should -BeNullOrEmpty
    }
}

Describe 'Where a server serves' {
    It 'is said at a UNIX socket, too' -Skip:$IsWindows {
        $path = Join-Path $TestDrive serving.sock
        "$(Start-LineServer -Path $path { $_ } -Wait -OnStart { $Server.Dispose() } 6>&1)" | Should -BeExactly "Serving on $path; Ctrl+C ends it."
    }

    It 'is shown by the host as Write-Host would, unless the caller wants silence' {
        $shown = Start-Pipeline { Start-LineServer 0 { $_ } -Wait -OnStart { $Server.Dispose() } }
        $silent = Start-Pipeline { Start-LineServer 0 { $_ } -Wait -OnStart { $Server.Dispose() } -InformationAction Ignore }
        $shown, $silent | ForEach-Object { Test-Pipeline $_ | Should -BeTrue }
        $shown.Shell.Streams.Information | Should -HaveCount 1
        $shown.Shell.Streams.Information[0].Tags | Should -Contain PSHOST
        $silent.Shell.Streams.Information | Should -BeNullOrEmpty
        $silent.Shell.Streams.Error | Should -BeNullOrEmpty
        Close-Peer
    }

    It 'is not said without -Wait, nor of a process' {
        Start-LineServer 0 { $_ } 6>&1 | Should -BeOfType TwistedPS.LineServer
        Start-ReactorProcess ([Environment]::ProcessPath) '--version' -Wait 6>&1 | Should -BeNullOrEmpty
        Stop-Everything
    }
}
