<#
.SYNOPSIS
    The text server and a conversation with it, in one session, without anybody typing.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$path = New-TemporaryFile
$handlers = & $PSScriptRoot/handlers.ps1 -Path $path
$server = Start-LineServer 0 @handlers
try {
    "A line server is listening on $($server.EndPoint). Its protocol is examples/pesto/handlers.ps1."
    ''
    $client = Connect-LineClient 127.0.0.1 $server.Port
    "< $(Receive-Line $client -Timeout 10)"
    foreach ($line in 'hello', 'write: PowerShell has a reactor now', 'goodbye') {
        "> $line"
        "< $(Send-Line $client $line -Receive -Timeout 10)"
    }
    Wait-LineClient $client -Timeout 10 | ForEach-Object { "The server has closed the connection: $($_.Connection.CloseReason)." }
    ''
    "Saved: $(Get-Content $path)"
    $server | Format-Table | Out-String -Width 120
}
finally {
    Stop-LineServer $server
    Remove-Item $path
}
