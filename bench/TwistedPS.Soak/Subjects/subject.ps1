<#
.SYNOPSIS
    A session with servers of every kind of handler, on both pollers, which tells its vital signs when it is asked.
#>
[CmdletBinding()]
param(
    # A folder for the log. Its file may be on a full disk for a while.
    [Parameter(Mandatory)]
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../../TwistedPS.psd1

function Out-Port ([string] $Name, [object] $Server) {
    [Console]::WriteLine("PORT $Name $($Server.Port)")
}

foreach ($poller in 'Auto', 'Pool') {
    $on = @{ Reactor = New-Reactor -Poller $poller }
    $echo = Start-LineServer 0 { $_ } @on
    $echoPort = $echo.Port
    $servers = [ordered]@{
        echo     = $echo
        scope    = Start-LineServer 0 { $line = Write-Output $_; "$line" } @on
        order    = Start-LineServer 0 { "1 $_"; Send-Line $Connection "2 $_"; "3 $_" } @on
        deferred = Start-LineServer 0 { $line = $_; Start-Deferred { $using:line } } @on
        timer    = Start-LineServer 0 { $line = $_; $null = Start-ReactorTimer -After 5ms { $using:line } } @on
        process  = Start-LineServer 0 { $null = Start-ReactorProcess cat -InputObject $_ -OnOutput { $_ } } @on
        client   = Start-LineServer 0 @on {
            $line, $asker = $_, $Connection
            $null = Connect-LineClient 127.0.0.1 $using:echoPort -OnConnect { $using:line } -OnLine {
                Send-Line $using:asker $_
                $Connection.Close()
            }
        }
        errors   = Start-LineServer 0 { if ($_.EndsWith('7')) { throw 'seven' }; $_ } -OnError { 'error' } @on
        group    = Start-LineServer 0 -OnConnect { $null = $Server.Groups['all'].Add($Connection) } -OnLine {
            Send-Line $Server.Groups['all'] $_
        } @on
        logged   = Start-LineServer 0 { Write-ReactorLog $_; $_ } -LogPath "$Folder/$($poller.ToLowerInvariant()).log" @on
        hole     = Start-LineServer 0 @on {
            $port, $asker = $_, $Connection
            $null = Connect-LineClient 127.0.0.1 $port -ConnectTimeout 100ms { } -OnConnectFailed {
                Send-Line $using:asker "no answer from $using:port"
            }
        }
        relay    = Start-TcpServer 0 { } -OnConnect { $Connection.RelayTo((Connect-TcpClient 127.0.0.1 $using:echoPort)) } @on
        bytes    = Start-TcpServer 0 { $_ } @on
        framed   = Start-TcpServer 0 { $_ } -Framing Netstring @on
    }
    foreach ($name in $servers.Keys) {
        Out-Port "$name-$poller".ToLowerInvariant() $servers[$name]
    }
}
Out-Port web (Start-HttpServer 0 -Get { "page $($Request.Path)" } -Post { $Request.Body })
[Console]::WriteLine('READY')

while ($null -ne [Console]::In.ReadLine()) {
    # Workers that have nothing to do end after a while, and are not what could leak.
    $workers = @(Get-Runspace | Where-Object Name -EQ 'TwistedPS worker').Count
    [GC]::Collect(2, 'Forced', $true, $true)
    [GC]::WaitForPendingFinalizers()
    $process = [Diagnostics.Process]::GetCurrentProcess()
    [Console]::WriteLine((@{
                Heap        = [GC]::GetTotalMemory($true)
                Resident    = $process.WorkingSet64
                Descriptors = @(Get-ChildItem /proc/$PID/fd).Count
                Threads     = $process.Threads.Count - $workers
                Runspaces   = @(Get-Runspace).Count - $workers
                Children    = @(Get-Process | Where-Object { $_.Parent.Id -eq $PID }).Count
                Services    = @(Get-Reactor | ForEach-Object Services).Count
                Connections = @(Get-LineServer) + @(Get-TcpServer) | ForEach-Object Connections | Measure-Object | ForEach-Object Count
            } | ConvertTo-Json -Compress))
}
