<#
.SYNOPSIS
    Sends commands to a Redis server, all at once, and outputs the replies.
.DESCRIPTION
    A reply is a text, a number, an array or $null; one that is an error is written as an error. Texts are in UTF-8.
.PARAMETER Command
    The commands: each a text, whose words are separated by spaces, or an array of words.
.PARAMETER Port
    The port of the server, on ComputerName.
.EXAMPLE
    ./redis-client.ps1 'SET greeting hello', ('SET', 'poem', "two`nlines"), 'GET poem', 'KEYS *'
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [object[]] $Command,
    [string] $ComputerName = '127.0.0.1',
    [ValidateRange(1, 65535)] [int] $Port = 6379
)
Import-Module $PSScriptRoot/../../TwistedPS.psd1
# Whole replies, and arrays that are not whole.
$replies, $open = [Collections.Generic.List[object]]::new(), [Collections.Generic.Stack[object]]::new()

function Add-Reply ($Value) {
    while ($open.Count) {
        $open.Peek().Add($Value)
        if ($open.Peek().Count -lt $open.Peek().Capacity) { return }
        $Value = $open.Pop().ToArray()
    }
    $replies.Add($Value)
    if ($replies.Count -eq $Command.Count) { $Connection.Close() }
}

$reactor = New-Reactor -Foreground
try {
    Connect-LineClient $ComputerName $Port -Delimiter CRLF -MaxDataLength 1GB -Reactor $reactor -ErrorAction Stop -OnConnect {
        foreach ($one in $Command) {
            $words = @($one -is [string] ? -split $one : $one)
            $texts = $words | ForEach-Object { "`$$([Text.Encoding]::UTF8.GetByteCount($_))`r`n$_`r`n" }
            $Connection.Write("*$($words.Count)`r`n$(-join $texts)")
        }
    } -OnLine {
        switch -Regex ($_) {
            '^\+(.*)' { Add-Reply $Matches[1] }
            '^-(.*)' { Add-Reply ([InvalidOperationException] $Matches[1]) }
            '^:(.*)' { Add-Reply ([long] $Matches[1]) }
            '^[$*]-1' { Add-Reply $null }
            '^\*0' { Add-Reply @() }
            '^\*([1-9]\d*)' { $open.Push([Collections.Generic.List[object]]::new([int] $Matches[1])) }
            '^\$(\d+)' { $Connection.ReadBytes([int] $Matches[1] + 2) }
        }
    } -OnData { Add-Reply ([Text.Encoding]::UTF8.GetString($_, 0, $_.Count - 2)) } | Wait-LineClient | Out-Null
}
finally { Stop-Reactor $reactor }
$replies | ForEach-Object { if ($_ -is [Exception]) { Write-Error $_ } else { , $_ } }
if ($replies.Count -lt $Command.Count) { Write-Error 'The connection has ended too early.' }
