<#
.SYNOPSIS
    Builds TwistedPS, tests it, shows it, measures it, or packs it.
.EXAMPLE
    ./build.ps1 Demo
.EXAMPLE
    ./build.ps1 Bench --runs 1 --loads fifty --peers twistedps,twisted
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Format', 'Demo', 'Bench', 'Package')]
    [string] $Task = 'Build',

    # What to measure and how; without any, all of it, for the page in docs.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $BenchOptions = ('--output', "$PSScriptRoot/docs")
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$module = "$PSScriptRoot/src/TwistedPS/TwistedPS.csproj"
$solution = "$PSScriptRoot/TwistedPS.sln"
$results = "$PSScriptRoot/TestResults"
Import-Module "$PSScriptRoot/tests/ChildShell.psm1"

function Build ([string] $Project) {
    try {
        dotnet restore $Project --verbosity quiet
    }
    catch [System.Management.Automation.NativeCommandExitException] {
        $wanted = Select-Xml -Path (Get-ChildItem $PSScriptRoot -Recurse -Include *.csproj, Directory.Build.props) -XPath //PackageReference |
            ForEach-Object { "  $($_.Node.Include) $($_.Node.Version)" } | Sort-Object -Unique
        throw "Packages could not be fetched from NuGet. Where there is no network, put these and what they depend on into a folder by hand, " +
            "and name it with 'dotnet nuget add source':`n$($wanted -join "`n")"
    }
    dotnet build $Project --no-restore --configuration Release --nologo --verbosity quiet
}

function Test-Engine {
    try {
        dotnet test $solution --configuration Release --no-build --nologo --results-directory $results --logger 'trx;LogFilePrefix=engine' | Out-Host
    }
    catch [System.Management.Automation.NativeCommandExitException] {
        # The counts below say what failed.
        Write-Warning 'The engine has failing tests.'
    }
    foreach ($file in Get-Item "$results/engine*.trx") {
        $counters = ([xml](Get-Content $file)).TestRun.ResultSummary.Counters
        [pscustomobject]@{
            Passed  = [int] $counters.passed
            Failed  = [int] $counters.failed
            Skipped = [int] $counters.total - [int] $counters.executed
        }
    }
}

# Most tests wait more than they work, so several shells share the files.
function Test-Module {
    $pester = dotnet msbuild "$PSScriptRoot/tests/TwistedPS.Reactor.Tests" -getProperty:PkgPester
    $command = Get-ShellCommand '-File', "$PSScriptRoot/tests/Invoke-Tests.ps1", "$pester/tools/Pester.psd1", $results
    1..([Environment]::ProcessorCount + 1) | ForEach-Object -ThrottleLimit 100 -Parallel {
        $program, $arguments = $using:command
        & $program @arguments
    } | Out-Host
    Get-Item "$results/*.json" | ForEach-Object { Get-Content $_ -Raw | ConvertFrom-Json }
}

function Test {
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item $results -ItemType Directory
    $halves = @(Test-Engine; Test-Module)
    $sum = @{}
    foreach ($count in 'Passed', 'Failed', 'Skipped') {
        $sum[$count] = ($halves | Measure-Object $count -Sum).Sum
    }
    "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    exit [int]($sum.Failed -gt 0)
}

function Test-Format {
    dotnet format $solution --verify-no-changes --no-restore
    $faults = foreach ($script in git -C $PSScriptRoot ls-files '*.ps1' '*.psm1' '*.psd1') {
        $found = $null
        $null = [Management.Automation.Language.Parser]::ParseFile((Join-Path $PSScriptRoot $script), [ref] $null, [ref] $found)
        $found | ForEach-Object { "${script}:$($_.Extent.StartLineNumber): $($_.Message)" }
    }
    if ($faults) {
        throw $faults -join "`n"
    }
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
    'Build' { Build $solution }
    'Test' { Build $solution; Test }
    'Format' { Build $solution; Test-Format }
    'Demo' { Build $module; & "$PSScriptRoot/examples/pesto/demo.ps1" }
    'Bench' {
        Build $solution
        dotnet run --project "$PSScriptRoot/bench/TwistedPS.Bench" --configuration Release --no-build -- @BenchOptions
    }
    'Package' { Build $module; Package }
}
