<#
.SYNOPSIS
    Joins the chat: type /nick, /join, /leave and /msg, 'exit' to leave.
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

# What is heard is longer than what was said: names are put before it.
$client = Connect-LineClient $ComputerName $Port -MaxLineLength 65536
try {
    Enter-LineClient $client
}
finally {
    Disconnect-LineClient $client
}
