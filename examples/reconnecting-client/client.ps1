<#
.SYNOPSIS
    Greets the server, answers each of its messages some seconds later, and connects again whenever that fails.
.DESCRIPTION
    Ctrl+C, -Count and -For end it, also while it waits to connect again.
.EXAMPLE
    ./client.ps1 -Count 3
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'Handlers use them.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingWriteHost', '', Justification = 'What a handler outputs is sent; this is for the screen.')]
param(
    # The server's host.
    [string] $ComputerName = '127.0.0.1',

    # The server's port.
    [ValidateRange(1, 65535)]
    [int] $Port = 9527,

    # How long an answer takes: a TimeSpan, a number of seconds, or text such as '500ms'.
    [ValidateNotNull()]
    [object] $Delay = 5,

    # How long after a loss or a failure it connects again.
    [ValidateNotNull()]
    [object] $RetryDelay = 30,

    # How long the server has to accept a connection.
    [ValidateNotNull()]
    [object] $ConnectTimeout = 30,

    # After how many messages of the server it ends; without limit by default.
    [ValidateRange(1, [int]::MaxValue)]
    [int] $Count = [int]::MaxValue,

    # How long after its first attempt it ends; without limit by default.
    [object] $For
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

function Get-Greeting {
    "Hello server, I am the client $(Get-Date -Format 'yyyy-MM-dd HH:mm:ss')"
}

$handlers = @{
    OnConnecting    = { Write-Host "Connecting to $($Client.Host):$($Client.Port)" }

    OnConnect       = {
        Write-Host 'Connected.'
        Get-Greeting
    }

    OnData          = {
        Write-Host "Received: $($Connection.Decode($_))"
        if (++$Client.State.Messages -lt $Count) {
            $null = Start-ReactorTimer -After $Delay { Get-Greeting }
        }
        else {
            Disconnect-TcpClient $Client
        }
    }

    OnDisconnect    = { Write-Host "Connection lost: $_" }
    OnConnectFailed = { Write-Host "Connection failed: $_" }
}

# It runs in this very script, until nothing is alive on it or the time is up.
$reactor = New-Reactor -Foreground
$limit = if ($For) { @{ Timeout = $For } } else { @{} }
try {
    $options = @{ ReconnectEvery = $RetryDelay; ConnectTimeout = $ConnectTimeout; WarningAction = 'SilentlyContinue' }
    $null = Connect-TcpClient $ComputerName $Port @handlers @options -Reactor $reactor
    Wait-Reactor $reactor @limit
}
finally {
    Stop-Reactor $reactor
}
