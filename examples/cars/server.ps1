<#
.SYNOPSIS
    The car server: sends all cars that were seen to whoever connects, and closes. Ctrl+C ends it.
.DESCRIPTION
    The cars come from a file with one 'time:brand:color' in each line. What other programs append to it while the server
    runs is served as well.
.EXAMPLE
    ./server.ps1 -Path cars.txt
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Interval', Justification = 'A handler uses it.')]
param(
    # The port; 0 lets the system choose one, and the first line of output says which.
    [ValidateRange(0, 65535)]
    [int] $Port = 8000,

    # The file with the cars; made if it is not there. By default it is in the temporary folder.
    [string] $Path = (Join-Path ([IO.Path]::GetTempPath()) cars.txt),

    # How often to look for new cars.
    [timespan] $Interval = '00:00:01',

    # A file that the log is appended to.
    [string] $LogPath
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$cars = [Collections.Generic.List[string]]::new()

function Read-NewCar {
    $text = $script:rest + $script:reader.ReadToEnd()
    # The last line may still be in the middle of being written.
    $end = $text.LastIndexOf("`n") + 1
    $script:rest = $text.Substring($end)
    foreach ($line in $text.Substring(0, $end) -split '\r?\n' -ne '') {
        if ($line -match '\A-?[0-9]{1,18}:[^.:]+:[^.:]+\z') {
            $cars.Add($line)
        }
        else {
            Write-Warning "Not a car: $line"
        }
    }
}

$server = @{
    Name      = 'Cars'
    OnStart   = {
        $file = [IO.FileStream]::new($Path, 'OpenOrCreate', 'Read', 'ReadWrite, Delete')
        $script:reader = [IO.StreamReader]::new($file)
        Read-NewCar
        $script:watcher = Start-ReactorTimer { Read-NewCar } -Every $Interval -Name CarWatcher
    }
    OnConnect = {
        $cars -join '.'
        $Connection.Close()
    }
    OnStop    = {
        Stop-ReactorTimer $script:watcher
        $script:reader.Dispose()
    }
}
if ($LogPath) {
    $server.LogPath = $LogPath
}
"Watching $Path."
Start-TcpServer $Port @server -Wait
