# Runs the files of tests that no other shell has begun, one after the other, and leaves the counts of each in a folder. Ends
# with 3 where another shell has to go on: what PowerShell and Pester have compiled and kept of each file stays in memory.
param([string] $Pester, [string] $Results, [long] $MostMemory = 500MB)

Import-Module $Pester
# First come those that wait more than they work, beside the engine's tests, and then the slowest, so that no shell is left with
# one when the others have done.
$first = 'HandlerCalls', 'ReconnectingClient', 'StartDeferred', 'Stuck', 'WaitDeferred', 'Echo', 'RemoteCars', 'Session', 'Leaks',
    'RandomHandlers', 'CommandServer', 'HelpExamples', 'Chat', 'Pesto', 'Load', 'Inlining', 'Process', 'UnhandledErrors', 'Package'
$files = Get-ChildItem $PSScriptRoot/.., $PSScriptRoot/../../examples -Recurse -Filter *.Tests.ps1 | Sort-Object {
    $at = $first.IndexOf($_.Name.Split('.')[0])
    $at -lt 0 ? $first.Count : $at
}
foreach ($file in $files) {
    try {
        $counts = [IO.StreamWriter]::new([IO.File]::Open("$Results/$($file.BaseName).json", 'CreateNew'))
    }
    catch [IO.IOException] {
        continue
    }
    $run = Invoke-Pester $file.FullName -Output Normal -PassThru
    $counts.Write((@{
                Passed  = $run.PassedCount
                Failed  = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
                Skipped = $run.SkippedCount + $run.NotRunCount
                Faults  = @($run.Failed + $run.FailedBlocks + $run.FailedContainers | ForEach-Object { "$($_.ExpandedPath ?? $_.Item): $($_.ErrorRecord)" })
            } | ConvertTo-Json))
    $counts.Dispose()
    [GC]::Collect(2, 'Aggressive', $true, $true)
    if ([Environment]::WorkingSet -gt $MostMemory) {
        exit 3
    }
}
exit 0
