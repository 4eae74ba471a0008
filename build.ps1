<#
.SYNOPSIS
    Builds TwistedPS, tests it, shows it, or measures it.
.EXAMPLE
    ./build.ps1 Demo
.EXAMPLE
    ./build.ps1 Bench --runs 1 --loads fifty --peers twistedps,twisted
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Bench', 'Package')]
    [string] $Task = 'Build',

    # What to measure and how; without any, all of it, for the page in docs.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $BenchOptions = ('--output', "$PSScriptRoot/docs")
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$solution = "$PSScriptRoot/TwistedPS.sln"

function Build {
    dotnet build $solution --configuration Release --nologo --verbosity quiet
}

function Test-Engine {
    $results = "$PSScriptRoot/TestResults/engine.trx"
    try {
        dotnet test $solution --configuration Release --no-build --nologo --logger "trx;LogFileName=$results" | Out-Host
    }
    catch [System.Management.Automation.NativeCommandExitException] {
        # The counts below say what failed.
        Write-Warning 'The engine has failing tests.'
    }
    $counters = ([xml](Get-Content $results)).TestRun.ResultSummary.Counters
    [pscustomobject]@{
        Passed  = [int] $counters.passed
        Failed  = [int] $counters.failed
        Skipped = [int] $counters.total - [int] $counters.executed
    }
}

function Test-Module {
    if (-not (Get-Module -ListAvailable Pester | Where-Object Version -GE '5.5')) {
        Write-Warning 'SKIPPED: the tests of the cmdlets. They need Pester 5.5 or later: Install-Module Pester'
        return [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 1 }
    }
    Import-Module Pester -MinimumVersion 5.5
    $ErrorActionPreference = 'Continue'
    $run = Invoke-Pester -Path "$PSScriptRoot/tests", "$PSScriptRoot/examples" -Output Detailed -PassThru
    [pscustomobject]@{
        Passed  = $run.PassedCount
        Failed  = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
        Skipped = $run.SkippedCount + $run.NotRunCount
    }
}

function Test-Format {
    dotnet format $solution --verify-no-changes --no-restore
}

function Package {
    $version = (Import-PowerShellDataFile "$PSScriptRoot/TwistedPS.psd1").ModuleVersion
    $target = "$PSScriptRoot/out/TwistedPS/$version"
    Remove-Item $target -Recurse -Force -ErrorAction Ignore
    New-Item $target -ItemType Directory -Force | Out-Null
    'TwistedPS.psd1', 'lib', 'examples', 'README.md', 'CHANGELOG.md', 'LICENSE' |
        ForEach-Object { Copy-Item "$PSScriptRoot/$_" $target -Recurse }
    "The module is in $target"
}

switch ($Task) {
    'Build' { Build }
    'Test' {
        Build
        Test-Format
        $halves = @(Test-Engine; Test-Module)
        $sum = @{}
        foreach ($count in 'Passed', 'Failed', 'Skipped') {
            $sum[$count] = ($halves | Measure-Object $count -Sum).Sum
        }
        "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
        exit [int]($sum.Failed -gt 0)
    }
    'Demo' {
        Build
        & "$PSScriptRoot/examples/pesto/demo.ps1"
    }
    'Bench' {
        Build
        dotnet run --project "$PSScriptRoot/bench/TwistedPS.Bench" --configuration Release --no-build -- @BenchOptions
    }
    'Package' {
        Build
        Package
    }
}
