<#
.SYNOPSIS
    A little memcached: items in memory for a while, over its protocol of text. Ctrl+C ends it.
.DESCRIPTION
    It knows get, set, add, replace, delete, flush_all, version and quit. An item may be any bytes, less than 1 MB.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./memcached.ps1
    memccp --servers=localhost:11211 file.txt
    memccat --servers=localhost:11211 file.txt
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSUseLiteralInitializerForHashtable', '', Justification = 'Keys are case-sensitive.')]
param([ValidateRange(0, 65535)] [int] $Port = 11211)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# Unlike those of @{}, its keys are case-sensitive.
$items = [hashtable]::new()

function Find-Item ([string] $Key) { if ($items[$Key].End -gt [datetime]::UtcNow) { $items[$Key] } }

# Relative up to 30 days, a UNIX time above that, 0 for ever.
function Get-End ([long] $Time) {
    $start = $Time -gt 30 * 86400 ? [datetime]::UnixEpoch : [datetime]::UtcNow
    $Time -eq 0 ? [datetime]::MaxValue : $start.AddSeconds($Time)
}

Start-LineServer $Port -Encoding latin1 -Wait -OnLineTooLong { 'CLIENT_ERROR line too long' } -OnLine {
    $reply = switch -Regex -CaseSensitive ($_) {
        '^(set|add|replace) (\S{1,250}) (\d{1,10}) (-?\d{1,10}) (\d{1,6})( noreply)?$' {
            # The item comes next, and a line end.
            $Connection.State.Request = $Matches[1, 2, 3, 4, 6]
            $Connection.ReadBytes([int] $Matches[5] + 2)
            break
        }
        '^(set|add|replace) \S+ \d+ -?\d+ \d{7}' { 'SERVER_ERROR object too large for cache'; $Connection.Close(); break }
        '^get( \S{1,250})+ *$' {
            -split $_ | Select-Object -Skip 1 | ForEach-Object { Find-Item $_ } | ForEach-Object {
                $Connection.Write("VALUE $($_.Key) $($_.Flags) $($_.Text.Length)`r`n$($_.Text)`r`n")
            }
            'END'; break
        }
        '^delete (\S{1,250})( noreply)?$' { (Find-Item $Matches[1]) ? 'DELETED' : 'NOT_FOUND'; $items.Remove($Matches[1]); break }
        '^flush_all( noreply)?$' { $items.Clear(); 'OK'; break }
        '^version$' { 'VERSION 1.0'; break }
        '^quit$' { $Connection.Close(); break }
        '^(get|set|add|replace|delete) ' { 'CLIENT_ERROR bad command line format'; break }
        default { 'ERROR' }
    }
    if ($_ -cnotmatch '^(?!get ).* noreply$') { $reply }
} -OnData {
    $verb, $key, $flags, $time, $isSilent = $Connection.State.Request
    $text = [Text.Encoding]::Latin1.GetString($_)
    $reply = if ($text -cnotlike "*`r`n") { 'CLIENT_ERROR bad data chunk' }
    elseif ($verb -ne 'set' -and ($verb -eq 'add') -eq [bool] (Find-Item $key)) { 'NOT_STORED' }
    else { $items[$key] = @{ Key = $key; Flags = $flags; Text = $text.Remove($text.Length - 2); End = Get-End $time }; 'STORED' }
    if (-not $isSilent) { $reply }
}
