<#
.SYNOPSIS
    The text server: greets, answers hello and goodbye, and saves what follows 'write: '. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -Path messages.txt
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1234,

    # The file that messages are appended to. By default it is in the temporary folder.
    [string] $Path = (Join-Path ([IO.Path]::GetTempPath()) messages.txt)
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$handlers = & $PSScriptRoot/handlers.ps1 -Path $Path
"Saving messages in $Path."
Start-LineServer $Port @handlers -Wait
