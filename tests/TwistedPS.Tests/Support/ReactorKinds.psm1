# The kinds of reactors on which something has to be the same.

Import-Module $PSScriptRoot/ChildShell.psm1

function Get-ReactorKind {
    <# The name of each kind, and what New-Reactor is to be given for it. #>
    param([switch] $Background)
    foreach ($poller in 'Auto', 'Pool') {
        @{ Kind = "$poller poller, background"; ReactorOptions = @{ Poller = $poller } }
        if (-not $Background) {
            @{ Kind = "$poller poller, foreground"; ReactorOptions = @{ Poller = $poller; Foreground = $true } }
        }
    }
}

function Wait-Handled {
    <# Waits for what happens on a reactor, and for the handlers that were called meanwhile: a line counts before its handler has run. #>
    param(
        [Parameter(Mandatory)]
        [object] $Reactor,

        [Parameter(Mandatory)]
        [scriptblock] $Condition
    )
    Wait-Until {
        Invoke-Reactor -Reactor $Reactor { }
        & $Condition
    }
    Invoke-Reactor -Reactor $Reactor { }
}

function Get-Stream {
    <# All that a connection gets for a text, up to the end of the stream. #>
    param([object] $Server, [string] $Text)
    $peer = Connect-TcpClient 127.0.0.1 $Server.Port -Reactor $Server.Reactor -Encoding latin1
    Send-TcpData $peer $Text -EndSending
    Receive-TcpData $peer -ToEnd -AsString -Timeout 10
}

Export-ModuleMember -Function *
