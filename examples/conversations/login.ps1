<#
.SYNOPSIS
    A login dialogue: a name, a password, which is swordfish, three tries, and then a few commands. Ctrl+C ends it.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./login.ps1
    nc localhost 2323
#>
[CmdletBinding()]
param(
    [ValidateRange(0, 65535)] [int] $Port = 2323
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

Start-LineServer $Port -Name Login -Wait -ThrottleLimit 20 -QueuedMessage 'All lines are busy. Please hold.' -Conversation {
    foreach ($try in 1..3) {
        $name = Receive-Line 'login: ' -Timeout 1m
        $given = Receive-Line 'password: ' -Timeout 1m
        $isKnown = $name -and $given -ceq 'swordfish'
        if ($isKnown) { break }
        Write-ReactorLog "Try $try of '$name' has failed"
        # A wrong password costs a second, as at any login, so that guessing takes long. Only this conversation waits for it.
        Start-Sleep 1
        'Login incorrect'
    }
    if (-not $isKnown) { return 'Goodbye' }

    "Welcome, $name. Commands: date, who, exit"
    while (($command = Receive-Line '$ ' -Timeout 10m) -ne 'exit') {
        switch ($command) {
            '' { }
            date { Get-Date -Format s }
            who { $Server.Connections | ForEach-Object { "$($_.RemoteAddress) since $($_.ConnectedAt.ToString('T'))" } }
            default { "$command`: not found" }
        }
    }
    "Bye, $name"
}
