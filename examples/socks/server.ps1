<#
.SYNOPSIS
    A SOCKS 5 proxy: connects whoever asks to wherever they say. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1080
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$options = & $PSScriptRoot/handlers.ps1
Start-TcpServer $Port @options -Wait -PassThru | ForEach-Object { "Serving on $($_.EndPoint); Ctrl+C ends it." }
