# Runs the files of tests that no other shell has begun, one after the other, and leaves the counts of each in a folder, beside
# what Pester says of it. Ends with 3 where another shell has to go on: what PowerShell and Pester have compiled and kept of each
# file stays in memory. A shell whose file, or exit, does not come to an end is killed.
param([string] $Pester, [string] $Results, [long] $MostMemory = 500MB, [timespan] $Limit = '00:15:00')

Import-Module $Pester
# First come those that wait more than they work, beside the engine's tests, and then the slowest, so that no shell is left with
# one when the others have done.
$first = 'HandlerCalls', 'ReconnectingClient', 'StartDeferred', 'Stuck', 'WaitDeferred', 'Echo', 'RemoteCars', 'Session', 'Leaks',
    'RandomHandlers', 'CommandServer', 'HelpExamples', 'Chat', 'Pesto', 'Load', 'Inlining', 'Process', 'UnhandledErrors', 'Package'
$files = Get-ChildItem $PSScriptRoot/.., $PSScriptRoot/../../examples -Recurse -Filter *.Tests.ps1 | Sort-Object {
    $at = $first.IndexOf($_.Name.Split('.')[0])
    $at -lt 0 ? $first.Count : $at
}

$watch = [Threading.CancellationTokenSource]::new($Limit)
$null = $watch.Token.Register([Diagnostics.Process]::GetCurrentProcess().Kill)
foreach ($file in $files) {
    try {
        $counts = [IO.StreamWriter]::new([IO.File]::Open("$Results/$($file.BaseName).json", 'CreateNew'))
    }
    catch [IO.IOException] {
        continue
    }
    $said = [IO.StreamWriter]::new("$Results/$($file.BaseName).log")
    $said.AutoFlush = $true
    $watch.CancelAfter($Limit)
    $run = Invoke-Pester $file.FullName -Output Detailed -PassThru 6>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.InformationRecord]) {
            $said.Write("$_$($_.MessageData.NoNewLine ? '' : "`n")")
        }
        else {
            $_
        }
    }
    $said.Dispose()
    $failed = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
    if ($failed) {
        Get-Content "$Results/$($file.BaseName).log"
    }
    '{0}: {1} tests with {2} failures in {3:n1} s' -f (Resolve-Path $file -Relative), $run.TotalCount, $failed, $run.Duration.TotalSeconds
    $counts.Write((@{
                Passed  = $run.PassedCount
                Failed  = $failed
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
