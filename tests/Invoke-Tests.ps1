# Runs the files of tests that no other shell has begun, one after the other, and leaves the counts of each in a folder.
param([string] $Pester, [string] $Results)

Import-Module $Pester
$files = Get-ChildItem $PSScriptRoot, $PSScriptRoot/../examples -Recurse -Filter *.Tests.ps1 | Sort-Object Length -Descending
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
}
