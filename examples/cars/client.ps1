<#
.SYNOPSIS
    Asks several car servers at once, and outputs all their cars.
.EXAMPLE
    ./client.ps1 north:8000, south:8000 | Group-Object Brand
#>
[CmdletBinding()]
param(
    # The servers: host, or host:port.
    [string[]] $ComputerName = '127.0.0.1:8000',

    # A file that the log is appended to.
    [string] $LogPath
)

Import-Module $PSScriptRoot/../../TwistedPS.psd1
$PSBoundParameters.ComputerName = $ComputerName
Get-RemoteCars @PSBoundParameters
