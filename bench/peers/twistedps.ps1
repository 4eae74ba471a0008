<#
.SYNOPSIS
    The module as its user runs it: a background server whose handler is a scriptblock.
#>
[CmdletBinding()]
param(
    [ValidateSet('echo', 'work', 'broadcast', 'datagrams')]
    [string] $Handler = 'echo',

    [ValidateSet('Auto', 'Epoll', 'Pool')]
    [string] $Poller = 'Auto'
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

$handlers = @{
    echo      = { $_ }
    work      = {
        switch -Regex ($_) {
            '^ADD (\d+) (\d+)$' { [int] $Matches[1] + [int] $Matches[2] }
            '^UPPER (.+)$' { $Matches[1].ToUpper() }
            '^LEN (.+)$' { $Matches[1].Length }
            '^ECHO (.+)$' { $Matches[1] }
            default { 'ERR unknown command' }
        }
    }
    broadcast = {
        if ($_ -match '^ALL ') {
            Send-Line -Server $Server $_
        }
        else {
            $_
        }
    }
}
$reactor = New-Reactor -Poller $Poller
$server = if ($Handler -eq 'datagrams') {
    Start-UdpServer 0 { $_ } -Reactor $reactor
}
else {
    Start-LineServer 0 $handlers[$Handler] -Reactor $reactor
}
"PORT $($server.Port)"
$null = [Console]::In.ReadLine()
