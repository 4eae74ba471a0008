<#
.SYNOPSIS
    Says who connects, and answers each message some seconds after it has come. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -Delay 500ms
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Delay', Justification = 'A handler uses it.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingWriteHost', '', Justification = 'What a handler outputs is sent; this is for the screen.')]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 9527,

    # How long an answer takes: a TimeSpan, a number of seconds, or text such as '500ms'.
    [ValidateNotNull()]
    [object] $Delay = 5
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

$handlers = @{
    Name         = 'Delayed'
    OnConnect    = { Write-Host "$($Connection.RemoteEndPoint) has connected." }

    # The reactor goes on meanwhile, so nobody waits for the answers of others.
    OnData       = {
        $time = Get-Date -Format 'yyyy-MM-dd HH:mm:ss'
        $number = ++$Connection.State.Messages
        Write-Host "$($Connection.RemoteEndPoint), message ${number}: $($Connection.Decode($_))"
        $null = Start-ReactorTimer -After $Delay { "response from the server $using:time" }
    }

    OnDisconnect = { Write-Host "$($Connection.RemoteEndPoint) has gone: $_" }
}

Start-TcpServer $Port @handlers -Wait
