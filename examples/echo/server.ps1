<#
.SYNOPSIS
    The echo server: what a peer sends comes back, byte for byte. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1234
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
Start-TcpServer $Port { $Connection.Send($_) } -Name Echo -Wait
