<#
.SYNOPSIS
    The finger service: tells the status of users, lets it be set, and shows all of them on a page. Ctrl+C ends it.
.EXAMPLE
    ./server.ps1 -Path users.txt
#>
[CmdletBinding()]
param(
    # The port that tells; 0 lets the system choose one, and the output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 1079,

    # The port that sets, likewise.
    [ValidateRange(0, 65535)]
    [int] $SetterPort = 1080,

    # The port of the page, likewise.
    [ValidateRange(0, 65535)]
    [int] $WebPort = 8079,

    # The file of users, 'name: status' in each line; made if it is not there. By default it is in the temporary folder.
    [string] $Path = (Join-Path ([IO.Path]::GetTempPath()) users.txt),

    # A PFX file, or a PEM file with the key in it. With it, the port that tells speaks TLS.
    [string] $Certificate
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$users = @{}
$handlers = & $PSScriptRoot/handlers.ps1 -Users $users
$finger, $setter, $page = $handlers.Finger, $handlers.Setter, $handlers.Page
if ($Certificate) {
    $finger.Certificate = $Certificate
}

function Read-User {
    foreach ($line in Get-Content -LiteralPath $Path -ErrorAction Ignore) {
        $name, $status = ($line -split ':', 2).Trim()
        $users[$name] = $status
    }
}

# The old file stays whole until the new one is.
function Save-User {
    $users.GetEnumerator() | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Value)" } | Set-Content -LiteralPath "$Path.new"
    Move-Item -LiteralPath "$Path.new" $Path -Force
}

Read-User
$reactor = New-Reactor -Foreground
try {
    $server = Start-LineServer $Port @finger -Reactor $reactor
    $other = Start-LineServer $SetterPort @setter -Reactor $reactor
    $web = Start-HttpServer $WebPort @page -Reactor $reactor
    $null = Start-ReactorTimer -Every 30 { Save-User } -Name Saving -Reactor $reactor
    "This is process $PID. Set a status on $($other.EndPoint), see all on http://$($web.EndPoint)/."
    "Serving on $($server.EndPoint); Ctrl+C ends it."
    Wait-Reactor $reactor
}
finally {
    Stop-Reactor $reactor
    Save-User
}
