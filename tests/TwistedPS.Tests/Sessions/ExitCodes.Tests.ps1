BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1 -Force
    $module = "$PSScriptRoot/../../../TwistedPS.psd1"

    function Start-Script ([string] $Script) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "Import-Module '$module'`n$Script"
        Start-ChildShell '-File', $file
    }

    # What the page says of each way to end.
    function Get-Code ([string] $Way) {
        $row = Select-String -LiteralPath "$PSScriptRoot/../../../docs/concepts.md" '^\| (?<Way>.+) \| (?<Code>\d+) \|$' |
            Where-Object { $_.Matches[0].Groups['Way'].Value -eq $Way -or $_.Matches[0].Groups["Way"].Value -like $Way }
        @($row) | Should -HaveCount 1
        [int] $row.Matches[0].Groups['Code'].Value
    }
}

# Those of signals are tested with what else signals do.
Describe 'The exit code of a script' -Skip:(-not $IsLinux) {
    It 'is what the page of concepts says' {
        # All at once, since each takes a second to start.
        $server = Start-Script 'Start-LineServer 0 { $_ } -Wait; "went on"'
        $failing = Start-Script '$ErrorActionPreference = "Stop"; Start-LineServer http { $_ } -Wait'
        $exiting = Start-Script '
            $reactor = New-Reactor -Foreground
            Start-LineServer 0 { $Server.Dispose(); exit 5 } -Wait -Reactor $reactor -OnStart {
                $null = Connect-LineClient 127.0.0.1 $Server.Port -Reactor $reactor -OnConnect { "x" } -OnLine { }
            } 6> $null
            exit 3'
        Read-ChildLine $server | Should -Match '^Serving on 127\.0\.0\.1:\d+; Ctrl\+C ends it\.$'
        Stop-ChildShell $server
        Wait-ChildShell $server | Should -Be (Get-Code 'by Ctrl+C')
        Read-ChildRest $server | Should -BeNullOrEmpty
        Wait-ChildShell $failing | Should -Be (Get-Code 'by an error*')
        Wait-ChildShell $exiting | Should -Be (Get-Code 'by `exit 3`')
        Read-ChildRest $exiting | Should -BeNullOrEmpty
        Get-Code 'by SIGTERM' | Should -Be (128 + 15)
        Get-Code 'by SIGHUP' | Should -Be (128 + 1)
    }
}
