<#
.SYNOPSIS
    The chat server: channels, nicks and messages for whoever connects. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -LogPath chat.log
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1234,

    # A file that tells who came and went, and why.
    [string] $LogPath
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$options = & $PSScriptRoot/handlers.ps1
if ($LogPath) {
    $options.LogPath = $LogPath
}
Start-LineServer $Port @options -Wait -PassThru | ForEach-Object { "Serving on $($_.EndPoint); Ctrl+C ends it." }
