BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $shells = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

    function Start-Script {
        param([string] $Script)
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'`n$Script"
        $shell = Start-ChildShell '-File', $file
        $shells.Add($shell)
        $shell
    }

    function Send-Signal {
        param([string] $Signal, [System.Diagnostics.Process] $Process)
        /bin/kill -s $Signal $Process.Id
    }

    function Test-Process {
        param([int] $Id)
        Test-Path "/proc/$Id"
    }
}

Describe 'A signal that ends a shell' -Skip:(-not $IsLinux) {
    AfterEach {
        Close-Peer
        $shells | Where-Object { -not $_.HasExited } | ForEach-Object Kill
        $shells.Clear()
    }

    It 'ends a server script as a service: what is answered is delivered, OnStop runs, no child is left' {
        $log = Join-Path $TestDrive service.log
        $shell = Start-Script @"
            `$child = Start-ReactorProcess sleep 1000
            `$behind = Start-LineServer 0 -LogPath '$log' -Name behind -OnDisconnect { [Console]::WriteLine("behind `$_") } -OnStop { [Console]::WriteLine('behind stops') } -OnLine {
                Start-Deferred { 'z' * 4MB }
            }
            try {
                try {
                    Start-LineServer 0 -Wait -Reactor (New-Reactor -Foreground -Poller Pool) -OnStart { [Console]::WriteLine("`$(`$Server.Port) `$(`$behind.Port) `$(`$child.ProcessId)") } -OnLine {
                        if (`$_ -ne 'later') { 'y' * 4MB; return }
                        Start-Deferred { [Console]::WriteLine('working'); `$null = [Console]::ReadLine(); 'later' }
                    } -OnDisconnect {
                        [Console]::WriteLine("front `$_")
                    } -OnStop { [Console]::WriteLine('front stops'); Format-Table -InputObject @{ a = 1 } } 6> `$null
                }
                catch { [Console]::WriteLine('caught') }
                [Console]::WriteLine('went on')
            }
            finally { `$null = Get-Date; [Console]::WriteLine('finally') }
"@
        $frontPort, $behindPort, $child = (Read-ChildLine $shell) -split ' '
        $front, $behind = $frontPort, $behindPort | ForEach-Object { Connect-Peer $_ }
        $front, $behind | ForEach-Object { Send-Peer $_ "x`n" }
        $late = Connect-Peer $frontPort
        Send-Peer $late "later`n"
        Read-ChildLine $shell | Should -BeExactly working
        $null = Receive-Peer $front -Length 1000
        $null = Receive-Peer $behind -Length 1000

        Send-Signal TERM $shell
        Wait-Until { Test-PortFree $frontPort }
        $shell.StandardInput.WriteLine()
        Receive-Peer $late -End | Should -BeExactly "later`r`n"
        (Receive-Peer $front -End).Length | Should -Be (4MB + 2 - 1000)
        (Receive-Peer $behind -End).Length | Should -Be (4MB + 2 - 1000)
        $front, $behind, $late | ForEach-Object { $_.Close() }
        Wait-ChildShell $shell | Should -Be 143
        $said = (Read-ChildRest $shell).Trim() -split "`n"
        $said | Sort-Object | Should -BeExactly 'behind ServerStopped', 'behind stops', 'finally', 'front ServerStopped', 'front ServerStopped', 'front stops'
        $said[-1] | Should -BeExactly 'finally'
        $shell.Errors.Result | Should -BeExactly ''
        Wait-Until { -not (Test-Process $child) }
        (Get-Content $log)[-1] | Should -BeLike '* `[behind`] Stopped'
    }

    It 'ends a script that is busy with something else, and is watched only while there are reactors' {
        $shell = Start-Script @"
            function Test-Caught {
                `$mask = [Convert]::ToUInt64((Select-String SigCgt: /proc/self/status).Line.Substring(8), 16)
                [bool](`$mask -band 1)
            }
            [Console]::WriteLine((Test-Caught))
            `$null = Start-LineServer 0 { }
            [Console]::WriteLine((Test-Caught))
            `$global:WarningPreference = 'SilentlyContinue'
            Remove-Module TwistedPS
            [Console]::WriteLine((Test-Caught))
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$idle = Start-ReactorProcess sleep 1000 -Reactor (New-Reactor -Foreground)
            `$behind = Start-LineServer 0 { } -OnStop { [Console]::WriteLine('behind stops') }
            try { [Console]::WriteLine(`$idle.ProcessId); Wait-Event Never } finally { [Console]::WriteLine('finally') }
"@
        1..3 | ForEach-Object { Read-ChildLine $shell } | Should -BeExactly 'False', 'True', 'False'
        $child = Read-ChildLine $shell
        Send-Signal HUP $shell
        Wait-ChildShell $shell | Should -Be 129
        $said = (Read-ChildRest $shell).Trim() -split "`n"
        $said | Should -BeExactly 'behind stops', 'finally'
        $shell.Errors.Result | Should -BeExactly ''
        Wait-Until { -not (Test-Process $child) }
    }

    It 'ends it at once when it comes again, whatever a handler does' {
        $shell = Start-Script @'
            $child = Start-ReactorProcess sleep 1000
            $null = Start-LineServer 0 { } -OnStop {
                try { [Console]::WriteLine('stuck'); while ($true) { } } finally { [Console]::WriteLine('interrupted') }
            }
            [Console]::WriteLine($child.ProcessId)
            Wait-Event Never
'@
        $child = Read-ChildLine $shell
        Send-Signal TERM $shell
        Read-ChildLine $shell | Should -BeExactly stuck
        Wait-Until { Send-Signal TERM $shell; $shell.WaitForExit(100) }
        Wait-ChildShell $shell | Should -Be 143
        Read-ChildRest $shell | Should -BeExactly ''
        Wait-Until { -not (Test-Process $child) }
    }

    It 'lets a prompt whose terminal is closed stop as well, though it can read no more' -Skip:(-not (Get-Command python3 -CommandType Application -ErrorAction Ignore)) {
        $begun, $stopped = 'begun', 'stopped' | ForEach-Object { Join-Path $TestDrive $_ }
        $go = New-SlowFile
        $file = Join-Path $TestDrive prompt.ps1
        Set-Content $file @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$s = Start-LineServer 0 { Start-Deferred { `$null = New-Item '$begun'; `$null = [IO.File]::ReadAllText('$go'); 'later' } } -OnStop { 'x' > '$stopped' }
            "<`$(`$s.Port)>"
            function prompt { 'READY' }
"@
        $shell = Start-TerminalShell '-NoExit', '-File', $file
        $shells.Add($shell)
        $port = [regex]::Match((Read-ChildText $shell 'READY'), '<(\d+)>').Groups[1].Value
        $peer = Connect-Peer $port

        # What is typed is shown once keys are read. PowerShell crashes by itself if it loses its terminal on the way there.
        $shell.StandardInput.Write('#')
        $null = Read-ChildText $shell '#'
        Send-Peer $peer "x`n"
        Wait-Until { Test-Path $begun }
        $shell.StandardInput.Close()
        Wait-Until { -not (Test-Listening $peer.Client.RemoteEndPoint.Port) }
        Write-Slowly $go
        Receive-Peer $peer -End | Should -BeExactly "later`r`n"
        $peer.Close()
        Wait-ChildShell $shell | Should -Be 129
        Test-Path $stopped | Should -BeTrue
    }
}
