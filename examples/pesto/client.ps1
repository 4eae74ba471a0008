<#
.SYNOPSIS
    The interactive client of the text server: type lines, 'reconnect' to connect anew, 'exit' to leave.
.EXAMPLE
    ./client.ps1
#>
[CmdletBinding()]
param(
    # The server's host.
    [string] $ComputerName = '127.0.0.1',

    # The server's port.
    [ValidateRange(1, 65535)]
    [int] $Port = 1234
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
Enter-LineClient $ComputerName $Port
