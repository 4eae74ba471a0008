<#
.SYNOPSIS
    A port forwarder: whoever connects is connected on to another server. Ctrl+C ends it.
.DESCRIPTION
    Neither side is read faster than the other reads; a half-close is passed on, and a loss too. Whoever can't be connected on is
    disconnected.
.PARAMETER To
    The host and port of the other server.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./forwarder.ps1 example.com:80
    curl --header 'Host: example.com' http://localhost:8080/
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'To', Justification = 'A handler uses it.')]
param(
    [Parameter(Mandatory)] [string] $To,
    [ValidateRange(0, 65535)] [int] $Port = 8080
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

Start-TcpServer $Port -OnConnect { $Connection.RelayTo((Connect-TcpClient $To)) } -Wait
