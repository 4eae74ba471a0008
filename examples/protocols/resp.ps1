<#
.SYNOPSIS
    A little Redis: keys and values in memory, over its protocol RESP. Ctrl+C ends it.
.DESCRIPTION
    It knows PING, ECHO, SET, GET, DEL, INCR, KEYS, FLUSHALL and QUIT. Keys and values may be any bytes.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./resp.ps1
    redis-cli set greeting hello
    redis-benchmark -t ping,set,get,incr -n 10000
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSUseLiteralInitializerForHashtable', '', Justification = 'Keys are case-sensitive.')]
param([ValidateRange(0, 65535)] [int] $Port = 6379)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# Unlike those of @{}, its keys are case-sensitive.
$store = [hashtable]::new()
# The number of words of each command, its name included; a negative one is the least.
$counts = @{ ping = -1; echo = 2; set = 3; get = 2; del = -2; incr = 2; keys = 2; flushall = -1; quit = -1 }

function Send-Text ($Text) { $Connection.Write($null -eq $Text ? "`$-1`r`n" : "`$$($Text.Length)`r`n$Text`r`n") }

function Invoke-RedisCommand ([string] $Name, [string[]] $Words) {
    $count, $given = $counts[$Name], ($Words.Count + 1)
    if (-not $count) { return "-ERR unknown command '$Name'" -replace '[\r\n]', ' ' }
    if ($count -gt 0 ? $given -ne $count : $given -lt -$count) {
        return "-ERR wrong number of arguments for '$($Name.ToLower())' command"
    }
    $key, $value = $Words
    switch ($Name) {
        'ping' { if ($given -gt 1) { Send-Text $key } else { '+PONG' } }
        'echo' { Send-Text $key }
        'set' { $store[$key] = $value; '+OK' }
        'get' { Send-Text $store[$key] }
        'del' { $before = $store.Count; $Words | ForEach-Object { $store.Remove($_) }; ":$($before - $store.Count)" }
        'incr' {
            if (($store[$key] ?? '0') -notmatch '^(0|-?[1-9]\d{0,17})$') { return '-ERR value is not an integer or out of range' }
            ":$(($store[$key] = "$(1 + [long] $store[$key])"))"
        }
        'keys' { $found = @($store.Keys -clike $key); "*$($found.Count)"; $found | ForEach-Object { Send-Text $_ } }
        'flushall' { $store.Clear(); '+OK' }
        'quit' { '+OK'; $Connection.Close() }
    }
}

Start-LineServer $Port -Encoding latin1 -MaxDataLength 128MB -Wait -OnLine {
    # A command is the number of its words, then for each the number of its bytes and the word. One typed by hand is a line.
    $state = $Connection.State
    if (-not $state.Left -and $_ -match '^\*(\d{1,6}|-1)$') { $state.Left = [Math]::Max(0, [int] $Matches[1]); $state.Words = @() }
    elseif ($state.Left -and $_ -match '^\$(\d{1,8})$') { $Connection.ReadBytes([int] $Matches[1] + 2) }
    elseif ($state.Left -or $_[0] -eq '*') { '-ERR Protocol error: invalid length'; $Connection.Close() }
    elseif ($_.Trim()) { $name, $rest = -split $_; Invoke-RedisCommand $name $rest }
} -OnData {
    $state = $Connection.State
    $state.Words += [Text.Encoding]::Latin1.GetString($_, 0, $_.Count - 2)
    if (--$state.Left -eq 0) { $name, $rest = $state.Words; Invoke-RedisCommand $name $rest }
}
