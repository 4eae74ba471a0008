BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $shells = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

    function Start-Session {
        param([string] $Script, [object[]] $ArgumentList = @(), [switch] $AsCommand)
        # Most get by without the helpers, which take a while to load.
        $helpers = if ($Script -match '-Peer|Test-PortFree') { "; Import-Module '$PSScriptRoot/../Support/Helpers.psm1'" }
        $text = "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'$helpers`n$Script"
        if ($AsCommand) {
            $arguments = '-Command', $text
        }
        else {
            $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
            Set-Content $file $text
            $arguments = @('-File', $file) + $ArgumentList
        }
        $shell = Start-ChildShell $arguments
        $shells.Add($shell)
        $shell
    }
}

Describe 'Leaving a shell' {
    AfterEach {
        Close-Peer
        $shells | Where-Object { -not $_.HasExited } | ForEach-Object Kill
        $shells.Clear()
    }

    It 'is not kept from ending by a server, its client and a second reactor' {
        $shell = Start-Session @'
            $s = Start-LineServer 0 { $_ }
            $other = Start-LineServer 0 { $_ } -Reactor (New-Reactor)
            $front = Start-LineServer 0 { $_ } -Reactor (New-Reactor -Foreground)
            $c = Connect-LineClient 127.0.0.1 $s.Port
            Send-Line $c 'reply' -Receive -Timeout 30
            "$($s.Port) $($other.Port) $($front.Port)"
'@
        Read-ChildLine $shell | Should -BeExactly reply
        $ports = (Read-ChildLine $shell) -split ' '
        Assert-ChildSucceeded $shell
        $ports | ForEach-Object { Test-PortFree $_ } | Should -Be @($true, $true, $true)
    }

    It 'is not kept from ending by handlers that loop or wait for ever' {
        $shell = Start-Session @'
            # A handler that holds its reactor is told of where the machine is slow.
            $WarningPreference = 'SilentlyContinue'
            foreach ($stuck in { while ($true) { } }, { Wait-Event Never }) {
                $started = [System.Threading.ManualResetEventSlim]::new($false)
                $s = Start-LineServer 0 { ($using:started).Set(); . $using:stuck } -Reactor (New-Reactor)
                $c = Connect-LineClient 127.0.0.1 $s.Port
                Send-Line $c 'go'
                $started.Wait(30000)
            }
'@
        1..2 | ForEach-Object { Read-ChildLine $shell | Should -BeExactly True }
        Assert-ChildSucceeded $shell
    }

    It 'calls OnDisconnect and OnStop, and writes the log to its end: <Name>' -ForEach @(
        @{ Name = 'at the end of a script'; Leave = '' }
        @{ Name = 'with exit'; Leave = 'exit 3' }
        @{ Name = 'with an error'; Leave = 'throw "the end"' }
    ) {
        $path = Join-Path $TestDrive "left-$([guid]::NewGuid()).txt"
        $shell = Start-Session @"
            `$s = Start-LineServer 0 { `$_ } -LogPath '$path.log' -Name short -OnDisconnect { Add-Content '$path' "disconnect `$_" } -OnStop { Add-Content '$path' 'stop' }
            `$c = Connect-LineClient 127.0.0.1 `$s.Port
            `$null = Send-Line `$c 'a' -Receive -Timeout 30
            $Leave
"@
        $null = Wait-ChildShell $shell
        Get-Content $path | Should -BeExactly @('disconnect ServerStopped', 'stop')
        (Get-Content "$path.log")[-1] | Should -BeLike '* `[short`] Stopped'
    }
}

Describe 'Removing the module' {
    BeforeAll {
        $shell = Start-Session @"
            `$before = @(Get-Runspace).Count
            `$s = Start-LineServer 0 { `$_ } -OnStop { [Console]::WriteLine('stop') }
            `$other = Start-LineServer 0 { `$_ } -Reactor (New-Reactor)
            `$peer = Connect-Peer `$s.Port
            `$c = Connect-LineClient 127.0.0.1 `$other.Port
            `$global:WarningPreference = 'SilentlyContinue'
            Remove-Module TwistedPS
            "`$(`$s.Status) `$(`$other.Status) `$(`$c.Status)"
            "end of stream: [`$(Receive-Peer `$peer -End)]"
            Test-PortFree `$s.Port
            [System.Threading.SpinWait]::SpinUntil({ @(Get-Runspace).Count -eq `$before }, 10000)

            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$again = Start-LineServer `$s.Port { "again `$_" }
            (Invoke-Peer `$again.Port "a``n").Trim()
            @(Get-LineServer).Count

            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1' -Force
            `$again.Status
            @(Get-LineServer).Count
            `$third = Start-LineServer `$s.Port { "third `$_" }
            (Invoke-Peer `$third.Port "a``n").Trim()
"@
    }

    AfterAll {
        Assert-ChildSucceeded $shell
        $shells.Clear()
    }

    It 'frees the port, ends the connections and leaves no runspace' {
        'stop', 'Stopped Stopped Disconnected', 'end of stream: []', 'True', 'True' | ForEach-Object {
            Read-ChildLine $shell | Should -BeExactly $_
        }
    }

    It 'is followed by an import that works' {
        'again a', '1' | ForEach-Object { Read-ChildLine $shell | Should -BeExactly $_ }
    }

    It 'works with Import-Module -Force while a server runs' {
        'Stopped', '0', 'third a' | ForEach-Object { Read-ChildLine $shell | Should -BeExactly $_ }
    }
}

Describe 'Ctrl+C in a shell' {
    AfterEach {
        Close-Peer
        $shells | Where-Object { -not $_.HasExited } | ForEach-Object Kill
        $shells.Clear()
    }

    It 'ends <Name>, frees the port, and calls OnStop' -ForEach @(
        @{ Name = 'Start-LineServer -Wait'; Script = 'Start-LineServer 0 { $_ } -OnStart { [Console]::WriteLine($Server.Port) } -OnStop { [Console]::WriteLine("stop") } -Wait 6> $null' }
        @{ Name = 'Wait-Reactor'; Script = '$r = New-Reactor -Foreground; $s = Start-LineServer 0 { $_ } -Reactor $r -OnStart { [Console]::WriteLine($Server.Port) } -OnStop { [Console]::WriteLine("stop") }; Wait-Reactor $r' }
        @{ Name = 'Receive-Line'; Script = '$s = Start-LineServer 0 { $_ } -OnStop { [Console]::WriteLine("stop") }; $c = Connect-LineClient 127.0.0.1 $s.Port; [Console]::WriteLine($s.Port); Receive-Line $c' }
    ) {
        $shell = Start-Session "$Script; [Console]::WriteLine('went on')"
        $port = Read-ChildLine $shell
        Send-Peer (Connect-Peer $port) "a`n"
        Stop-ChildShell $shell
        $null = Wait-ChildShell $shell
        (Read-ChildRest $shell).Trim() | Should -BeExactly stop
        Test-PortFree $port | Should -BeTrue
    }

    It 'ends a Connect-LineClient that nobody answers' {
        $deaf = New-DeafListener
        $shell = Start-Session "[Console]::WriteLine('connecting'); Connect-LineClient 127.0.0.1 $($deaf.Port); [Console]::WriteLine('went on')"
        Read-ChildLine $shell | Should -BeExactly connecting
        Stop-ChildShell $shell
        $null = Wait-ChildShell $shell
        Read-ChildRest $shell | Should -BeNullOrEmpty
    }

    It 'leaves a -Command that handles the end in finally in good order' {
        $shell = Start-Session -AsCommand @'
            $s = Start-LineServer 0 { $_ }
            [Console]::WriteLine($s.Port)
            try { Wait-LineServer $s; [Console]::WriteLine('went on') } finally { Stop-LineServer $s -DrainTime 0; [Console]::WriteLine("finally $($s.Status)") }
'@
        $port = Read-ChildLine $shell
        Stop-ChildShell $shell
        $null = Wait-ChildShell $shell
        (Read-ChildRest $shell).Trim() | Should -BeExactly 'finally Stopped'
        Test-PortFree $port | Should -BeTrue
    }
}

Describe 'Stopping a pipeline' {
    BeforeEach {
        $seen = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'ends Start-LineServer -Wait at once, with OnDisconnect and OnStop, and frees the port' {
        $pipeline = Start-Pipeline {
            param($seen)
            Start-LineServer 0 { $_ } -Wait -OnStart { $seen.Enqueue($Server.Port) } -OnDisconnect { $seen.Enqueue("disconnect $_") } -OnStop { $seen.Enqueue('stop') }
            $seen.Enqueue('went on')
        } $seen
        Wait-Until { $seen.Count -eq 1 }
        $port = @($seen)[0]
        $peer = Connect-Peer $port
        Send-Peer $peer "a`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "a`r`n"
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        @($seen)[1..9] | Should -BeExactly @('disconnect ServerStopped', 'stop')
        Test-PortFree $port | Should -BeTrue
        Receive-Peer $peer -End | Should -BeExactly ''
    }

    It 'ends Start-LineServer -Wait at once in a handler that <Name>' -ForEach @(
        @{ Name = 'loops for ever'; Handler = { $seen.Enqueue('in'); while ($true) { } } }
        @{ Name = 'waits for ever'; Handler = { $seen.Enqueue('in'); Wait-Event Never } }
    ) {
        $pipeline = Start-Pipeline {
            param($seen, $handler)
            $handler = [scriptblock]::Create($handler)
            Start-LineServer 0 $handler -Wait -OnStart { $seen.Enqueue($Server.Port) } -OnStop { $seen.Enqueue('stop') }
        } $seen, "$Handler"
        Wait-Until { $seen.Count -eq 1 }
        $port = @($seen)[0]
        Send-Peer (Connect-Peer $port) "a`n"
        Wait-Until { $seen.Count -eq 2 }
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        @($seen)[2] | Should -BeExactly stop
        Test-PortFree $port | Should -BeTrue
    }

    It 'ends Start-LineServer -Wait at once with a client that does not read' {
        $pipeline = Start-Pipeline {
            param($seen)
            Start-LineServer 0 { 'y' * 10000; $seen.Enqueue($Connection) } -Wait -OnStart { $seen.Enqueue($Server.Port) }
        } $seen
        Wait-Until { $seen.Count -eq 1 }
        $port = @($seen)[0]
        $peer = Connect-Peer $port
        Send-Peer $peer ("`n" * 2000)
        Wait-Until { $seen.Count -gt 1 -and @($seen)[1].UnsentBytes -gt 1MB }
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        Test-PortFree $port | Should -BeTrue
    }

    It 'ends <Name> at once' -ForEach @(
        @{ Name = 'Wait-LineServer'; Script = { param($seen) $s = Start-LineServer 0 { $_ }; $seen.Enqueue($s); Wait-LineServer $s } }
        @{ Name = 'Receive-Line'; Script = { param($seen) $s = Start-LineServer 0 { $_ }; $c = Connect-LineClient 127.0.0.1 $s.Port; $seen.Enqueue($s); Receive-Line $c } }
        @{ Name = 'Receive-Line -Follow'; Script = { param($seen) $s = Start-LineServer 0 { $_ }; $c = Connect-LineClient 127.0.0.1 $s.Port; $seen.Enqueue($s); Receive-Line $c -Follow } }
        @{ Name = 'Send-Line -Receive'; Script = { param($seen) $s = Start-LineServer 0 { }; $c = Connect-LineClient 127.0.0.1 $s.Port; $seen.Enqueue($s); Send-Line $c 'a' -Receive } }
        @{ Name = 'Wait-LineClient'; Script = { param($seen) $s = Start-LineServer 0 { $_ }; $c = Connect-LineClient 127.0.0.1 $s.Port; $seen.Enqueue($s); Wait-LineClient $c } }
        @{ Name = 'Invoke-Reactor'; Script = { param($seen) $s = Start-LineServer 0 { $_ }; $seen.Enqueue($s); Invoke-Reactor -Server $s { while ($true) { } } } }
        @{ Name = 'Wait-Reactor'; Script = { param($seen) $r = New-Reactor -Foreground; $s = Start-LineServer 0 { $_ } -Reactor $r; $seen.Enqueue($s); Wait-Reactor $r } }
        @{ Name = 'a start whose OnStart loops for ever'; Script = { param($seen) Start-LineServer 0 { $_ } -OnStart { ($using:seen).Enqueue($Server); while ($true) { } } } }
    ) {
        $pipeline = Start-Pipeline $Script $seen
        Wait-Until { $seen.Count -eq 1 }
        $s = @($seen)[0]
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        Close-Pipeline $pipeline
        Wait-Until { $s.Status -eq 'Stopped' } -Timeout 20
        Test-PortFree $s.Port | Should -BeTrue
    }

    It 'ends a Connect-LineClient that nobody answers at once, and leaves no client' {
        $deaf = New-DeafListener
        $pipeline = Start-Pipeline {
            param($seen, $port)
            Connect-LineClient 127.0.0.1 $port -OnConnecting { ($using:seen).Enqueue($Client) }
        } $seen, $deaf.Port
        Wait-Until { $seen.Count -eq 1 }
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        $c = @($seen)[0]
        Wait-Until { $c.Status -eq 'Disconnected' }
        $c.Reactor.Services | Should -BeNullOrEmpty
    }

    It 'ends Stop-LineServer at once while it waits for a client' {
        $s = Start-LineServer 0 { $_ }
        $peer = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $pipeline = Start-Pipeline { param($s) Stop-LineServer $s -DrainTime 1000 } $s
        Wait-Until { $s.Status -eq 'Stopping' }
        Stop-Pipeline $pipeline | Should -BeLessThan 4
        $peer.Close()
        Wait-LineServer $s -Timeout 30 | Should -Be $s
    }

    It 'leaves servers of another session alone, and closing a session stops its own' {
        $mine = Start-LineServer 0 { $_ }
        $pipeline = Start-Pipeline { param($seen) $seen.Enqueue((Start-LineServer 0 { $_ } -OnStop { ($using:seen).Enqueue('stop') })); $seen.Enqueue(@(Get-LineServer).Count) } $seen
        Test-Pipeline $pipeline | Should -BeTrue
        $theirs, $count = @($seen)
        $count | Should -Be 1
        @(Get-LineServer).Id | Should -Be $mine.Id
        Invoke-Peer $theirs.Port "a`n" | Should -BeExactly "a`r`n"
        Close-Pipeline $pipeline
        Wait-Until { $theirs.Status -eq 'Stopped' }
        @($seen)[2] | Should -BeExactly stop
        Test-PortFree $theirs.Port | Should -BeTrue
        Invoke-Peer $mine.Port "a`n" | Should -BeExactly "a`r`n"
    }
}
