BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'An error that nobody handles' {
    BeforeEach {
        # What is lost in the function can be collected once it has returned.
        function Invoke-Lost {
            param([scriptblock] $Make)
            $null = . $Make
        }
        function Receive-Warning {
            $found = [System.Collections.Generic.List[object]]::new()
            Wait-Until {
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
                $shown = @()
                $null = Get-Reactor -WarningVariable shown -WarningAction SilentlyContinue
                $shown | ForEach-Object { $found.Add("$_") }
                $found.Count -gt 0
            }
            $found
        }
    }

    It 'is shown by the next cmdlet as a warning, with the file and the line' {
        Invoke-Lost { Start-Deferred { throw 'nobody looks' } | Wait-Deferred -Timeout 30 }
        Receive-Warning | Should -BeLike "Nobody has handled the error of deferred *, made at *UnhandledErrors.Tests.ps1:*: nobody looks"
        @((New-Deferred).Reactor.Log.Message) -like '*: nobody looks' | Should -Not -BeNullOrEmpty
    }

    It 'is not shown to a handler or to work that calls a cmdlet' {
        $gate = New-Gate
        $task = (Start-Deferred { ($using:gate).Wait(); Get-Reactor } | Add-DeferredCallback { Get-Reactor }).AsTask()
        $reactor = (New-Deferred).Reactor
        $before = (@($reactor.Log.Message) -like '*: nobody looks').Count
        Invoke-Lost { Start-Deferred { throw 'nobody looks' } | Wait-Deferred -Timeout 30 }
        Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); (@($reactor.Log.Message) -like '*: nobody looks').Count -gt $before }
        $gate.Set()
        $task.Wait(30000) | Should -BeTrue
        Receive-Warning | Should -BeLike '*: nobody looks'
    }

    It 'is that of a callback, too' {
        Invoke-Lost { $d = New-Deferred | Add-DeferredCallback { throw 'in the callback' }; Complete-Deferred $d }
        Receive-Warning | Should -BeLike '*: in the callback'
    }

    It 'is not one that was <Name>' -ForEach @(
        @{ Name = 'received'; Handle = { $null = Receive-Deferred $d -ErrorAction SilentlyContinue } }
        @{ Name = 'caught'; Handle = { $null = Add-DeferredCallback $d -OnError { } } }
        @{ Name = 'taken over by a task'; Handle = { $null = $d.AsTask() } }
        @{ Name = 'taken over by -All'; Handle = { $null = New-Deferred -All $d -Reactor $r | Add-DeferredCallback -OnError { } } }
    ) {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'handled'
        . $Handle
        $null = Invoke-Reactor -Reactor $r { }
        Stop-Reactor $r
        @($r.Log.Message) -like '*Nobody*' | Should -BeNullOrEmpty
    }

    It 'is shown when its reactor ends' {
        $r = New-Reactor
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'still there'
        $shown = @()
        Stop-Reactor $r -WarningVariable shown -WarningAction SilentlyContinue
        "$shown" | Should -BeLike "Nobody has handled the error of deferred $($d.Id), made at *UnhandledErrors.Tests.ps1:*: still there"
        $r.Log[-1].Message | Should -BeExactly "$shown"
    }

    It 'is shown when its foreground reactor ends' {
        $r = New-Reactor -Foreground
        $d = New-Deferred -Reactor $r
        Complete-Deferred $d -ErrorRecord 'still there'
        $shown = @()
        Stop-Reactor $r -WarningVariable shown -WarningAction SilentlyContinue
        "$shown" | Should -BeLike "Nobody has handled the error of deferred $($d.Id), made at *: still there"
    }

    It 'is shown by a script that ends <Name>' -ForEach @(
        @{ Name = 'by itself'; Leave = '' }
        @{ Name = 'with an exit'; Leave = 'exit' }
    ) {
        $file = Join-Path $TestDrive lost.ps1
        Set-Content $file @"
Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
`$alive = Start-Deferred { throw 'alive' } | Wait-Deferred
`$ahead = New-Deferred -Reactor (New-Reactor -Foreground)
Complete-Deferred `$ahead -ErrorRecord 'in the foreground'
function Lose {
    `$null = Start-Deferred { throw 'collected' } | Wait-Deferred
}
Lose
[GC]::Collect(); [GC]::WaitForPendingFinalizers()
$Leave
"@
        $shell = Start-ChildShell '-File', $file
        $output = Read-ChildRest $shell
        Assert-ChildSucceeded $shell
        $shown = ($output -replace '\s+', ' ').Trim() -split ' ?WARNING: ' | Select-Object -Skip 1 | Sort-Object
        $shown | Should -HaveCount 3
        $shown[0] | Should -BeLike 'Nobody has handled the error of deferred 1, made at *lost.ps1:2: alive'
        $shown[1] | Should -BeLike 'Nobody has handled the error of deferred 2, made at *lost.ps1:3: in the foreground'
        $shown[2] | Should -BeLike 'Nobody has handled the error of deferred 3, made at *lost.ps1:6: collected'
    }
}
