# Runs the files of tests that no other shell has begun, one after the other, and leaves the counts of each in a folder.
param([string] $Pester, [string] $Results)

Import-Module $Pester
# The slowest come first, so that no shell is left with one when the others have done.
$slowest = 'Leaks', 'Session', 'RandomHandlers', 'ReconnectingClient', 'CommandServer', 'Chat', 'Pesto', 'Load', 'StartDeferred', 'HandlerCalls', 'Inlining', 'Package', 'UnhandledErrors'
$files = Get-ChildItem $PSScriptRoot/.., $PSScriptRoot/../../examples -Recurse -Filter *.Tests.ps1 | Sort-Object {
    $at = $slowest.IndexOf($_.Name.Split('.')[0])
    $at -lt 0 ? $slowest.Count : $at
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
            } | ConvertTo-Json))
    $counts.Dispose()
    [GC]::Collect(2, 'Aggressive', $true, $true)
}
