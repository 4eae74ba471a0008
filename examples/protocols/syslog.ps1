<#
.SYNOPSIS
    A collector of log messages as syslog sends them over UDP, TCP and TLS, which writes them to a file. Ctrl+C ends it.
.DESCRIPTION
    Over UDP each datagram is a message (RFC 5426). Over TCP and TLS the number of its bytes comes first (RFC 6587, 5425).
.PARAMETER Port
    The port of UDP and TCP; 0 lets the system choose one, and the output says which.
.PARAMETER TlsPort
    The port of TLS, likewise.
.PARAMETER Path
    The file to which the messages are appended.
.PARAMETER MaxSeverity
    The least important severity that is written, from 0, an emergency, to 7, for debugging.
.PARAMETER Certificate
    A certificate, or a PEM or PFX file with its key; by default one that is made at the start, and that nobody trusts.
.EXAMPLE
    ./syslog.ps1 -MaxSeverity 4
    logger --server 127.0.0.1 --port 1514 --udp --priority user.warning 'the disk is full'
    logger --server 127.0.0.1 --port 1514 --tcp --octet-count --priority user.warning 'the disk is full'
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'MaxSeverity', Justification = 'A handler uses it.')]
param(
    [ValidateRange(0, 65535)] [int] $Port = 1514,
    [ValidateRange(0, 65535)] [int] $TlsPort = 6514,
    [string] $Path = './collected.log',
    [ValidateRange(0, 7)] [int] $MaxSeverity = 7,
    [object] $Certificate
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$levels = 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'information', 'debug'
$Certificate ??= New-ReactorCertificate

function Write-Message ([object] $From, [string] $Text) {
    # <number>text: the number is 8 times what sends it, plus how severe it is.
    if ($Text -notmatch '(?s)\A<(\d{1,3})>(.*)\z' -or [int] $Matches[1] -gt 191) {
        Write-ReactorLog 'No syslog message.' -Level Warning
    }
    elseif ($Matches[1] % 8 -le $MaxSeverity) {
        $file.WriteLine("$(Get-Date -Format s) $From $($levels[$Matches[1] % 8]): $($Matches[2] -replace '[\x00-\x1F\x7F]', ' ')")
    }
}

$file = [IO.StreamWriter]::new($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path), $true)
$file.AutoFlush = $true
$reactor = New-Reactor -Foreground
$counted = @{ Framing = 'Decimal'; Reactor = $reactor; OnData = { Write-Message $Connection.RemoteAddress $Connection.Decode($_) } }
try {
    $tls = Start-TcpServer $TlsPort @counted -Certificate $Certificate
    $server = Start-TcpServer $Port @counted
    $null = Start-UdpServer $server.Port -AsText -Reactor $reactor { Write-Message $Peer $_ }
    "Over TLS on $($tls.EndPoint)."
    "Serving on $($server.EndPoint); Ctrl+C ends it."
    Wait-Reactor $reactor
}
finally { Stop-Reactor $reactor; $file.Dispose() }
