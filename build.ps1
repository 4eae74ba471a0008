<#
.SYNOPSIS
    Builds TwistedPS, tests it, analyzes its scripts, shows it, draws it, measures it, lets it run for long, or packs it.
.EXAMPLE
    ./build.ps1 Demo
.EXAMPLE
    ./build.ps1 Bench --runs 1 --loads fifty --peers twistedps,twisted
.EXAMPLE
    ./build.ps1 Soak -Minutes 60
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Format', 'Analyze', 'Demo', 'Picture', 'Bench', 'Soak', 'Package')]
    [string] $Task = 'Build',

    # The length of a soak test.
    [double] $Minutes = 10,

    # What to measure and how; without any, all of it, for the page in docs.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $BenchOptions = ('--output', "$PSScriptRoot/docs")
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$module = "$PSScriptRoot/src/TwistedPS/TwistedPS.csproj"
$backplanes = 'Nats', 'Redis' | ForEach-Object { "$PSScriptRoot/src/TwistedPS.$_/TwistedPS.$_.csproj" }
$solution = "$PSScriptRoot/TwistedPS.sln"
$results = "$PSScriptRoot/TestResults"
Import-Module "$PSScriptRoot/tests/TwistedPS.Tests/Support/ChildShell.psm1"

function Build ([string] $Project) {
    try {
        dotnet build $Project --configuration Release --nologo --verbosity quiet
    }
    catch [System.Management.Automation.NativeCommandExitException] {
        Assert-Restored $Project
        throw
    }
}

function Assert-Restored ([string] $Project) {
    try {
        dotnet restore $Project --verbosity quiet
    }
    catch [System.Management.Automation.NativeCommandExitException] {
        $files = Get-ChildItem (Split-Path $Project) -Recurse -Include *.csproj, Directory.Build.props
        $wanted = Select-Xml -Path $files -XPath //PackageReference | ForEach-Object { "    $($_.Node.Include) $($_.Node.Version)" }
        [Console]::Error.WriteLine(@"

These packages could not be fetched from NuGet:
$($wanted | Sort-Object -Unique | Out-String)
Without a network, put them and what they need into a folder, and name it with: dotnet nuget add source <folder>
"@)
        exit 1
    }
}

# Most tests wait more than they work, so those of the engine and several shells with those of the cmdlets run at once.
function Test {
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item $results -ItemType Directory
    $pester = dotnet msbuild "$PSScriptRoot/tests/TwistedPS.Engine.Tests" -getProperty:PkgPester
    $assemblies = Get-ChildItem "$PSScriptRoot/tests" -Recurse -Filter *.csproj |
        ForEach-Object { "$($_.Directory)/bin/Release/net8.0/$($_.BaseName).dll" }
    $commands = @(
        , (@('dotnet', 'test') + $assemblies + @('--nologo', '--results-directory', $results, '--logger', 'trx;LogFileName=xunit.trx') +
            @('--blame-hang-timeout', '10m', '--blame-hang-dump-type', 'none', '--', 'xUnit.MaxParallelThreads=1'))
        foreach ($number in 1..[Environment]::ProcessorCount) {
            , @(Get-ShellCommand '-File', "$PSScriptRoot/tests/TwistedPS.Tests/Invoke-Tests.ps1", "$pester/tools/Pester.psd1", $results)
        }
    )
    # A shell that ends soon gains nothing from being profiled.
    $env:DOTNET_TieredPGO = '0'
    # None of them is to need more than 1 GB.
    $env:DOTNET_GCConserveMemory = '5'
    $killed = [Collections.Concurrent.ConcurrentQueue[string]]::new()
    $commands | ForEach-Object -ThrottleLimit $commands.Count -Parallel {
        $words = $_
        do {
            & $words[0] $words[1..$words.Count] 2>&1
            # The other one is that of Windows.
            $isKilled = $LASTEXITCODE -in 137, -1
            if ($isKilled) {
                ($using:killed).Enqueue('A shell with tests has been killed.')
            }
        } while ($LASTEXITCODE -eq 3 -or $isKilled)
    } | Out-Host

    $counts = @(
        [pscustomobject]@{ Passed = 0; Failed = $killed.Count; Skipped = 0; Faults = @($killed) }
        Read-Count xunit.trx
        Get-ChildItem "$PSScriptRoot/tests", "$PSScriptRoot/examples" -Recurse -Filter *.Tests.ps1 |
            ForEach-Object { Read-Count "$($_.BaseName).json" }
    )
    $counts | ForEach-Object Faults | ForEach-Object { "Failed: $_" }
    $passed, $failed, $skipped = 'Passed', 'Failed', 'Skipped' | ForEach-Object { ($counts | Measure-Object $_ -Sum).Sum }
    "$passed passed, $failed failed, $skipped skipped"
    exit [int] ($failed -gt 0)
}

# Tests that broke off have failed.
function Read-Count ([string] $File) {
    $text = Get-Content "$results/$File" -Raw -ErrorAction Ignore
    if (-not $text) {
        $said = Get-Content ([IO.Path]::ChangeExtension("$results/$File", 'log')) -Tail 5 -ErrorAction Ignore
        return [pscustomobject]@{ Passed = 0; Failed = 1; Skipped = 0; Faults = @("$File has not been run to its end. It ends with:`n$($said -join "`n")") }
    }
    if ($File -like '*.json') {
        return $text | ConvertFrom-Json
    }
    $run = ([xml] $text).TestRun
    $counters = $run.ResultSummary.Counters
    [pscustomobject]@{
        Passed  = [int] $counters.passed
        Failed  = [int] $counters.failed
        Skipped = [int] $counters.total - [int] $counters.executed
        Faults  = @($run.Results.UnitTestResult | Where-Object outcome -EQ Failed | ForEach-Object { "$($_.testName): $($_.Output.ErrorInfo.Message)" })
    }
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

# What PSScriptAnalyzer says of the scripts that users read: the examples, those of the build, and the blocks of the pages.
function Test-Analysis {
    if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        throw 'There is no PSScriptAnalyzer to analyze with. It is installed by: Install-PSResource PSScriptAnalyzer'
    }
    Import-Module "$PSScriptRoot/tests/TwistedPS.Tests/Support/CodeBlock.psm1"
    Import-Module "$PSScriptRoot/TwistedPS.psd1"
    $found = @(
        Get-ChildItem "$PSScriptRoot/*.ps1", "$PSScriptRoot/docs/*.ps1" | ForEach-Object { Invoke-ScriptAnalyzer $_ }
        Invoke-ScriptAnalyzer "$PSScriptRoot/examples" -Recurse
        foreach ($page in Get-ChildItem "$PSScriptRoot/*.md", "$PSScriptRoot/docs" -Recurse -Include *.md, *.help.txt) {
            $blocks = (Get-CodeBlock $page | Where-Object File -EQ '').Block
            # The tutorial is one session; the blocks of other pages stand alone.
            foreach ($block in $page.Name -eq 'tutorial.md' ? $blocks -join "`n" : $blocks) {
                Invoke-ScriptAnalyzer -ScriptDefinition $block | Add-Member ScriptName $page.Name -Force -PassThru
            }
        }
    )
    $found | Format-Table Severity, RuleName, ScriptName, Line, Message -Wrap | Out-Host
    if ($found) {
        throw "PSScriptAnalyzer has found $($found.Count) faults."
    }
}

switch ($Task) {
    'Build' { Build $solution }
    'Test' { Build $solution; Test }
    'Format' { Build $solution; Test-Format }
    'Analyze' { Build $module; Test-Analysis }
    'Demo' { Build $module; & "$PSScriptRoot/examples/pesto/demo.ps1" }
    'Picture' { Build $module; & "$PSScriptRoot/docs/demo.ps1" }
    'Bench' {
        Build $solution
        $shell = (Get-ShellCommand @()) -join ','
        dotnet run --project "$PSScriptRoot/bench/TwistedPS.Bench" --configuration Release --no-build -- --powershell $shell @BenchOptions
    }
    'Soak' {
        Build $solution
        dotnet run --project "$PSScriptRoot/bench/TwistedPS.Soak" --configuration Release --no-build -- $Minutes $results @(Get-ShellCommand @())
    }
    'Package' {
        @($module) + $backplanes | ForEach-Object { Build $_ }
        & "$PSScriptRoot/pack.ps1" | ForEach-Object { "A package is $_" }
    }
}
