<#
.SYNOPSIS
    The body of a handler in PowerShell's own foreach over the lines of its input, without any server: for as long as the
    warm-up lasts and then for as long as is measured. Prints the number of lines measured, the time and the CPU time.
#>
[CmdletBinding()]
param(
    [double] $WarmUp,
    [double] $Measured,
    [string] $Handler
)

$ErrorActionPreference = 'Stop'

# The least that a cmdlet with two parameters costs.
Add-Type -PassThru -TypeDefinition @'
using System.Management.Automation;
[Cmdlet("Send", "Line")]
public sealed class SendLineCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public object Connection { get; set; }
    [Parameter(Mandatory = true, Position = 1)] public object[] Line { get; set; }
}
'@ | ForEach-Object Assembly | Import-Module
$bodies = & $PSScriptRoot/bodies.ps1
. $bodies.Initialization

$Connection = @{ State = @{} }
$lines = [Console]::In.ReadToEnd().Split([string[]] "`r`n", 'RemoveEmptyEntries')
$process = [Diagnostics.Process]::GetCurrentProcess()
$clock = [Diagnostics.Stopwatch]::new()
$loop = [scriptblock]::Create(@"
    `$clock.Restart()
    `$process.Refresh()
    `$before = `$process.TotalProcessorTime
    for (`$rounds = 0; `$clock.Elapsed.TotalSeconds -lt `$args[0]; `$rounds++) {
        `$null = foreach (`$_ in `$lines) {$($bodies[$Handler])}
    }
    `$process.Refresh()
    `$rounds * `$lines.Count
    `$clock.Elapsed.TotalSeconds
    (`$process.TotalProcessorTime - `$before).TotalSeconds
"@)
$null = . $loop $WarmUp
. $loop $Measured
