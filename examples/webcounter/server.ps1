<#
.SYNOPSIS
    The web counter: tells each request its number. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -Port 8080
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 8080
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$count = 0
Start-HttpServer $Port -Get { "I am request #$((++$script:count))" } -Wait
