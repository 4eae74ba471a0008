<#
.SYNOPSIS
    The chat server: channels, nicks and messages for whoever connects, with a page for browsers. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -LogPath chat.log
.EXAMPLE
    ./server.ps1 -Broker nats://broker.example.org
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the last line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1234,

    # The port of the page; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $WebPort = 8080,

    # A file that tells who came and went, and why.
    [string] $LogPath,

    # The broker of a cluster, such as nats://broker.example.org: all servers there are one chat.
    [string] $Broker
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$options = & $PSScriptRoot/handlers.ps1
if ($LogPath) {
    $options.LogPath = $LogPath
}
$page = Get-Item $PSScriptRoot/page.html
if ($Broker) {
    $null = Join-ReactorCluster $Broker -Name Chat
}
try {
    Start-LineServer $Port @options -Wait -PassThru | ForEach-Object {
        # A browser that opens a WebSocket is a client of the chat like any other.
        $web = Start-HttpServer $WebPort { $page } -WebSocketServer $_ -Reactor $_.Reactor
        "The page is http://localhost:$($web.Port)/."
    }
}
finally {
    if ($Broker) {
        Exit-ReactorCluster
    }
}
