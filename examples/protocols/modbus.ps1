<#
.SYNOPSIS
    A device that speaks Modbus TCP, with 65,536 coils and as many holding registers in memory. Ctrl+C ends it.
.DESCRIPTION
    It knows the functions 1, 3, 5, 6, 15 and 16, and answers mistakes with the exceptions of the protocol. What is no Modbus ends
    the connection.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./modbus.ps1
    pymodbus.console tcp --host localhost --port 1502
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 1502)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

$coils, $registers = [bool[]]::new(65536), [int[]]::new(65536)
# The number of coils or registers that a request may be about, by its function.
$most = @{ 1 = 2000; 3 = 125; 5 = 1; 6 = 1; 15 = 1968; 16 = 123 }

function Get-Word ([byte[]] $Bytes, [int] $At) { 256 * $Bytes[$At] + $Bytes[$At + 1] }

function Get-Response ([byte[]] $Request) {
    $function, $first, $number = [int] $Request[0], (Get-Word $Request 1), (Get-Word $Request 3)
    $count = $function -in 5, 6 ? 1 : $number
    $size = $function -in 1, 15 ? [int] [Math]::Ceiling($count / 8) : 2 * $count
    $isWhole = $function -ge 15 ? $Request[5] -eq $size -and $Request.Count -eq 6 + $size : $Request.Count -eq 5
    $isValid = $isWhole -and $count -ge 1 -and $count -le $most[$function] -and ($function -ne 5 -or $number -in 0, 0xFF00)
    $exception = -not $most[$function] ? 1 : -not $isValid ? 3 : $first + $count -gt 65536 ? 2 : 0
    if ($exception) { return ($function -bor 128), $exception }
    switch ($function) {
        1 {
            $bits = [byte[]]::new($size)
            [Collections.BitArray]::new([bool[]] $coils[$first..($first + $count - 1)]).CopyTo($bits, 0)
            return @(1, $size) + $bits
        }
        3 { return @(3, $size) + ($registers[$first..($first + $count - 1)] | ForEach-Object { $_ -shr 8; $_ -band 255 }) }
        5 { $coils[$first] = $number -gt 0 }
        6 { $registers[$first] = $number }
        15 { $bits = [Collections.BitArray]::new([byte[]] $Request[6..(5 + $size)]); 0..($count - 1) | ForEach-Object { $coils[$first + $_] = $bits[$_] } }
        16 { 0..($count - 1) | ForEach-Object { $registers[$first + $_] = Get-Word $Request (6 + 2 * $_) } }
    }
    $Request[0..4]
}

Start-TcpServer $Port -Framing @{ Length = 2; Offset = 4 } -MaxMessageLength 260 -Wait {
    # The header has the number of the request, that of the protocol, the length, which is written when it is sent, and a unit.
    if ($_.Count -lt 8 -or (Get-Word $_ 2)) { $Connection.Close() }
    else { , [byte[]] ($_[0..6] + (Get-Response $_[7..($_.Count - 1)])) }
}
