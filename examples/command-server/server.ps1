<#
.SYNOPSIS
    The command server: shows the end of a log file, and computes the hashes of files. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -LogFile /var/log/syslog -Root /srv/files
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 9999,

    # How many clients are served at once.
    [ValidateRange(1, [int]::MaxValue)]
    [int] $ClientsMax = 10,

    # The file that lastlog shows the end of.
    [string] $LogFile = '/var/log/syslog',

    # The folder that comphash is confined to; without it, clients may ask for any file that the server can read.
    [string] $Root,

    # A file that the server's own log is appended to.
    [string] $LogPath
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$options = & $PSScriptRoot/handlers.ps1 -LogFile $LogFile -Root $Root
if ($LogPath) {
    $options.LogPath = $LogPath
}
Start-LineServer $Port @options -MaxConnections $ClientsMax -Wait
