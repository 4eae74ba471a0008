<#
.SYNOPSIS
    A collector of log messages as syslog sends them over UDP, which writes them to a file. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1
.EXAMPLE
    ./server.ps1 -Path /var/log/collected -MaxSeverity 4
    Errors and warnings only.
#>
[CmdletBinding()]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1514,

    # The file to which the messages are appended.
    [string] $Path = './collected.log',

    # The least important severity that is written, from 0, an emergency, to 7, for debugging.
    [ValidateRange(0, 7)]
    [int] $MaxSeverity = 7
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$levels = 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'information', 'debug'
$fullPath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
Start-UdpServer $Port -Name Syslog -AsText -Wait -PassThru -OnStart {
    $script:file = [IO.StreamWriter]::new($fullPath, $true)
    $script:file.AutoFlush = $true
} -OnDatagram {
    # <number>text: the number is 8 times what sends it, plus how severe it is.
    if ($_ -notmatch '(?s)\A<(\d{1,3})>(.*)\z' -or [int]$Matches[1] -gt 191) {
        Write-ReactorLog 'No syslog message.' -Level Warning
        return
    }
    $severity = $Matches[1] % 8
    if ($severity -le $MaxSeverity) {
        $script:file.WriteLine("$(Get-Date -Format s) $Peer $($levels[$severity]): $($Matches[2] -replace '[\x00-\x1F\x7F]', ' ')")
    }
} -OnStop { $script:file.Dispose() } |
    ForEach-Object { "Serving on $($_.EndPoint); Ctrl+C ends it." }
