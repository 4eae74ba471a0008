<#
.SYNOPSIS
    Publishes messages to a NATS server, and outputs those of a subject.
.DESCRIPTION
    It subscribes first, and so outputs its own messages as well if their subject is one of those.
.PARAMETER Subject
    What to subscribe to, such as 'news.*' or 'news.>'.
.PARAMETER Publish
    Messages to publish, by their subjects.
.PARAMETER Count
    The number of messages to output; 1 by default. With 0 it ends as soon as the server has what is published.
.EXAMPLE
    ./nats-client.ps1 'news.*' -Count 10
    ./nats-client.ps1 'news.*' -Publish @{ 'news.today' = "two`nlines" }
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'Handlers use them.')]
param(
    [Parameter(Mandatory)] [ValidatePattern('^\S+$')] [string] $Subject,
    [Collections.IDictionary] $Publish = @{},
    [ValidateRange(0, [int]::MaxValue)] [int] $Count = 1,
    [string] $ComputerName = '127.0.0.1',
    [ValidateRange(1, 65535)] [int] $Port = 4222
)
Import-Module $PSScriptRoot/../../TwistedPS.psd1
$utf8 = [Text.Encoding]::UTF8
$received, $failures = [Collections.Generic.List[object]]::new(), [Collections.Generic.List[object]]::new()

$reactor = New-Reactor -Foreground
try {
    $client = Connect-LineClient $ComputerName $Port -Delimiter CRLF -MaxDataLength 64MB -Reactor $reactor -OnConnect {
        'CONNECT {"verbose":false,"pedantic":false}', "SUB $Subject 1"
        foreach ($name in $Publish.Keys) {
            $Connection.Write("PUB $name $($utf8.GetByteCount($Publish[$name]))`r`n$($Publish[$name])`r`n")
        }
        'PING'
    } -OnLine {
        switch -Regex ($_) {
            '^PING' { 'PONG' }
            '^PONG' { if ($Count -eq 0) { $Connection.Close() } }
            '^MSG (\S+) \S+ (\S+ )?(\d+)' {
                $Connection.State.Subject = $Matches[1]
                $Connection.ReadBytes([int] $Matches[3] + 2)
            }
            '^-ERR' { $failures.Add($_); $Connection.Close() }
        }
    } -OnData {
        $received.Add([pscustomobject]@{ Subject = $Connection.State.Subject; Text = $utf8.GetString($_, 0, $_.Count - 2) })
        if (++$Connection.State.Received -eq $Count) { $Connection.Close() }
    }
    # Messages are output as they come.
    do {
        Wait-Reactor $reactor -Until { $received.Count }
        $received; $received.Clear()
    } while ($client.Status -eq 'Connected')
}
finally { Stop-Reactor $reactor }
if ($failures.Count -or [int] $client.Connection.State.Received -lt $Count) { Write-Error "It has ended too early. $failures" }
