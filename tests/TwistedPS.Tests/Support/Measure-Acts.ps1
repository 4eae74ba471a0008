# Does what each line of input says, and outputs a line with what there was before and after it.
$ErrorActionPreference = 'Stop'
# On a busy machine the module warns of handlers that take long, and warnings would stand in the output.
$WarningPreference = 'SilentlyContinue'
Import-Module $PSScriptRoot/../../../TwistedPS.psd1, $PSScriptRoot/ChildShell.psm1

# Idle workers stay for a while, a few whatever there was to do.
function Get-Worker { Get-Runspace | Where-Object Name -EQ 'TwistedPS worker' }

function Test-Idle {
    -not (Get-Worker | Where-Object RunspaceAvailability -NE Available) -and -not (Get-Reactor).Services
}

function Measure-Process {
    $workers = @(Get-Worker).Count
    [pscustomobject]@{
        Threads     = [Diagnostics.Process]::GetCurrentProcess().Threads.Count - $workers
        Runspaces   = @(Get-Runspace).Count - $workers
        Descriptors = @(Get-Descriptor).Count
        Children    = @(Get-Process | Where-Object { $_.Parent.Id -eq $PID }).Count
        Services    = @((Get-Reactor).Services).Count
        Megabytes   = [GC]::GetTotalMemory($true) / 1MB
    }
}

while ($line = [Console]::ReadLine()) {
    $request = $line | ConvertFrom-Json
    $act = [scriptblock]::Create($request.Act)
    # The first time loads assemblies and fills pools.
    & $act 50
    Wait-Until { Test-Idle }
    $before = Measure-Process
    & $act $request.Times
    Wait-Until { Test-Idle }
    Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); @(Get-Descriptor).Count -le $before.Descriptors + 5 }
    $before, (Measure-Process) | ConvertTo-Json -Compress
}
