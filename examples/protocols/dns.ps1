<#
.SYNOPSIS
    A DNS server for names in a table: addresses and texts, over UDP and TCP. Ctrl+C ends it.
.DESCRIPTION
    It answers one question a request, as RFC 1035 has it: A, AAAA, TXT or ANY. What does not fit into 512 bytes is asked for again
    over TCP. Malformed requests get FORMERR, unknown names NXDOMAIN, anything else NOTIMP or REFUSED.
.PARAMETER Records
    The addresses and texts of each name.
.PARAMETER Port
    The port of both; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./dns.ps1 @{ 'www.example.test' = '192.0.2.1', '2001:db8::1'; 'example.test' = 'a text' }
    dig @127.0.0.1 -p 5300 www.example.test
    dig @127.0.0.1 -p 5300 +tcp example.test TXT
#>
[CmdletBinding()] [Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Records', Justification = 'A handler uses it.')]
param(
    [hashtable] $Records = @{ 'www.example.test' = @('192.0.2.1', '2001:db8::1'); 'example.test' = 'a text' },
    [ValidateRange(0, 65535)] [int] $Port = 5300
)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

function ConvertTo-Record ([string] $Value, [int] $Wanted) {
    $address = $Value -as [ipaddress]
    $type = -not $address ? 16 : $address.AddressFamily -eq 'InterNetwork' ? 1 : 28
    # A text is in pieces of up to 255 characters, each after its length.
    $data = $address ? $address.GetAddressBytes() : ($Value -split '(.{1,255})' -ne '' | ForEach-Object { $_.Length; [char[]] $_ })
    # The name is that at offset 12 of the answer, the class the Internet; it may be kept for 60 seconds.
    $head = 0xC0, 12, 0, $type, 0, 1, 0, 0, 0, 60, ($data.Count -shr 8), ($data.Count -band 255)
    if ($Wanted -in $type, 255) { , [byte[]] ($head + $data) }
}

function Get-Answer ([byte[]] $Query, [int] $MostBytes) {
    # A header has 12 bytes, in which answers are marked. Neither these nor what is shorter gets an answer.
    if ($Query.Count -lt 12 -or $Query[2] -ge 128) { return }
    $at = 12
    $labels = while ($Query[$at] -in 1..63) { -join [char[]] $Query[($at + 1)..($at + $Query[$at])]; $at += $Query[$at] + 1 }
    $name, $type = ($labels -join '.'), (256 * $Query[$at + 1] + $Query[$at + 2])
    $isWhole = $Query.Count -ge $at + 5 -and $Query[$at] -eq 0 -and $Query[4] -eq 0 -and $Query[5] -eq 1
    $isInternet = $Query[$at + 3] -eq 0 -and $Query[$at + 4] -eq 1
    $code = $Query[2] -band 0x78 ? 4 : -not $isWhole ? 1 : -not $isInternet ? 5 : -not $Records.ContainsKey($name) ? 3 : 0
    $found = @(if ($code -eq 0) { $Records[$name] | ForEach-Object { ConvertTo-Record $_ $type } })
    $question = $code -in 1, 4 ? @() : $Query[12..($at + 4)]
    # It is an answer (0x80) of who knows (0x04), maybe cut short (0x02); the rest is as in the request.
    $isLong = 12 + $question.Count + ($found | ForEach-Object Count | Measure-Object -Sum).Sum -gt $MostBytes
    if ($isLong) { $found = @() }
    $flags = 0x84 -bor ($Query[2] -band 0x79) -bor ($isLong ? 2 : 0)
    $head = @($Query[0, 1]) + $flags + $code + 0 + [int] ($question.Count -gt 0) + 0 + $found.Count + 0 + 0 + 0 + 0
    [byte[]] ($head + $question + @($found | ForEach-Object { $_ }))
}

$reactor = New-Reactor -Foreground
try {
    $server = Start-TcpServer $Port -Framing Length16 -Reactor $reactor { Get-Answer $_ 65535 }
    $null = Start-UdpServer $server.Port -Reactor $reactor { Get-Answer $_ 512 }
    "Serving on $($server.EndPoint); Ctrl+C ends it."
    Wait-Reactor $reactor
}
finally { Stop-Reactor $reactor }
