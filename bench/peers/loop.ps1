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

# The parameters of Send-Line in a cmdlet that does nothing: PowerShell's share of what it costs.
Add-Type -PassThru -TypeDefinition @'
using System;
using System.Management.Automation;
[Cmdlet("Send", "Line", DefaultParameterSetName = "One")]
public sealed class SendLineCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "One"), Alias("Client", "Group")] public object Connection { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "All")] public object[] Server { get; set; }
    [Parameter] public object[] Except { get; set; }
    [Parameter(Position = 1, ValueFromPipeline = true, ParameterSetName = "One")]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Peer")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "All")]
    public object[] Line { get; set; }
    [Parameter] public SwitchParameter NoNewline { get; set; }
    [Parameter(ParameterSetName = "One")] public SwitchParameter Receive { get; set; }
    [Parameter, ValidateRange(1, int.MaxValue)] public int Count { get; set; } = 1;
    [Parameter, ValidateNotNull] public object Until { get; set; }
    [Parameter] public TimeSpan? Timeout { get; set; }
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
