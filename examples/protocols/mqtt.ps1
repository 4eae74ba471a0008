<#
.SYNOPSIS
    An MQTT 3.1.1 broker: passes what is published on to who subscribes to it. Ctrl+C ends it.
.DESCRIPTION
    Messages may be published with QoS 0 and 1, and are passed on with QoS 0. Subscriptions may have wildcards, + and #. It has no
    sessions, keeps no messages, and has no wills.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./mqtt.ps1
    mosquitto_sub -h localhost -t 'sensors/+/temperature'
    mosquitto_pub -h localhost -t sensors/kitchen/temperature -m 21 -q 1
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 1883)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# A text comes after its length in two bytes. One that is longer than its packet is an error, which closes the connection.
function Read-Text ([byte[]] $Data, $At) { [Text.Encoding]::UTF8.GetString($Data, $At + 2, 256 * $Data[$At] + $Data[$At + 1]) }

# A + is any level, and a # at the end any number of them. Neither stands for the first level of topics that begin with $.
function Test-Topic ([string] $Topic, [string] $Filter) {
    $pattern = [regex]::Escape($Filter) -replace '(?<=^|/)\\\+', '[^/]*' -replace '(^|/)\\#$', '($1.*)?'
    $Topic -cmatch "^$pattern$" -and -not ($Topic[0] -eq '$' -and $Filter -match '^[+#]')
}

# A packet is a byte, the length of the rest, and the rest. The length is left out of what handlers get and output.
Start-TcpServer $Port -Framing @{ Length = 'Varint'; Offset = 1 } -Wait -OnData {
    $packet, $kind = $_, $_[0]
    # CONNECT comes first, and once.
    if (($kind -eq 0x10) -eq [bool] $Connection.State.IsKnown) { $Connection.Close(); return }
    switch ($kind) {
        0x10 {
            $Connection.State.IsKnown = (Read-Text $packet 1) -ceq 'MQTT' -and $packet[7] -eq 4
            [byte[]] (0x20, 0, ($Connection.State.IsKnown ? 0 : 1))
            if (-not $Connection.State.IsKnown) { $Connection.Close() }
        }
        { $_ -in 0x30, 0x31, 0x32, 0x33, 0x3A, 0x3B } {
            # With QoS 1 there are two bytes between the topic and the message, a number for the answer.
            $topic, $end = (Read-Text $packet 1), (3 + 256 * $packet[1] + $packet[2])
            if ($topic -match '^$|[+#]' -or $packet.Count -lt $end + ($kind -band 2)) { $Connection.Close(); return }
            if ($kind -band 2) { [byte[]] (@(0x40) + $packet[$end, ($end + 1)]) }
            $message = [byte[]] (@(0x30) + $packet[1..($end - 1)] + @($packet | Select-Object -Skip ($end + ($kind -band 2))))
            $Server.Groups | Where-Object { Test-Topic $topic $_.Name } | ForEach-Object { Send-TcpData $_ $message }
        }
        { $_ -in 0x82, 0xA2 } {
            $step = $kind -eq 0x82 ? 3 : 2
            $codes = for ($at = 3; $at -lt $packet.Count; $at += $step + 256 * $packet[$at] + $packet[$at + 1]) {
                $group = $Server.Groups[(Read-Text $packet $at)]
                if ($kind -eq 0xA2) { $null = $group.Remove($Connection) }
                elseif ($group.Name -match '^(?!$)(([^+#/]*|\+)/)*([^+#/]*|[+#])$') { $null = $group.Add($Connection); 0 }
                else { 128 }
            }
            [byte[]] (@($kind + 14) + $packet[1, 2] + @($codes))
        }
        0xC0 { [byte[]] (0xD0) }
        default { $Connection.Close() }
    }
}
