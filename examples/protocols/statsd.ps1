<#
.SYNOPSIS
    A StatsD server: sums up the metrics that programs send over UDP, and tells them over TCP. Ctrl+C ends it.
.DESCRIPTION
    It knows counters with sample rates, gauges that are set or changed, timings, and sets; anything else counts as a bad line. Over
    TCP it takes the commands stats, counters, gauges, timers, sets and quit.
.PARAMETER Port
    The port of UDP; 0 lets the system choose one, and the output says which.
.PARAMETER AdminPort
    The port of TCP, likewise.
.EXAMPLE
    ./statsd.ps1
    echo 'visits:1|c' | nc -u -w1 localhost 8125
    echo counters | nc -N localhost 8126
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSUseLiteralInitializerForHashtable', '', Justification = 'Keys are case-sensitive.')]
param(
    [ValidateRange(0, 65535)] [int] $Port = 8125,
    [ValidateRange(0, 65535)] [int] $AdminPort = 8126
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# Unlike those of @{}, the keys of these tables are case-sensitive.
$counters, $gauges, $timers, $sets = 1..4 | ForEach-Object { [hashtable]::new() }
$stats = @{ bad_lines_seen = 0; metrics_received = 0 }

function Add-Metric ([string] $Line) {
    if ($Line -cnotmatch '^([^:|@\s]+):(?:([+-]?\d+(?:\.\d+)?)\|(c|g|ms)|([^|]+)\|s)(?:\|@(0?\.\d*[1-9]\d*|1(?:\.0*)?))?$') {
        $stats.bad_lines_seen++
        return
    }
    $stats.metrics_received++
    $name, $number = $Matches[1], [double] $Matches[2]
    switch ($Matches[3] ?? 's') {
        'c' { $counters[$name] += $number / ($Matches[5] ?? 1) }
        'g' { $gauges[$name] = $Matches[2] -match '^[+-]' ? $gauges[$name] + $number : $number }
        'ms' { $timers["$name.count"]++; $timers["$name.sum"] += $number }
        's' { if ($Matches[4] -cnotin $sets[$name]) { $sets[$name] += , $Matches[4] } }
    }
}

$reactor = New-Reactor -Foreground
try {
    $admin = Start-LineServer $AdminPort -Delimiter LF -Reactor $reactor -OnLine {
        $table = @{ stats = $stats; counters = $counters; gauges = $gauges; timers = $timers; sets = $sets }[$_.Trim()]
        if ($_.Trim() -eq 'quit') { $Connection.Close() }
        elseif ($table) { $table.Keys | Sort-Object -CaseSensitive | ForEach-Object { "${_}: $($table[$_] -join ', ')" }; 'END' }
        else { 'ERROR' }
    }
    $server = Start-UdpServer $Port -AsText -Reactor $reactor { $_ -split '\n' -ne '' | ForEach-Object { Add-Metric $_ } }
    "Commands on $($admin.EndPoint)."
    "Serving on $($server.EndPoint); Ctrl+C ends it."
    Wait-Reactor $reactor
}
finally { Stop-Reactor $reactor }
