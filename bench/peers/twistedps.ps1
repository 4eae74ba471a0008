<#
.SYNOPSIS
    The module as its user runs it: a background server whose handler is a scriptblock.
#>
[CmdletBinding()]
param(
    [ValidateSet(
        'echo', 'work', 'broadcast', 'framed', 'tls', 'unix', 'datagrams', 'relay', 'resp', 'costly',
        'function', 'cmdlet', 'pipeline', 'json', 'sendline', 'state', 'match',
        'chat', 'chatnode', 'cars', 'counter', 'commands', 'text')]
    [string] $Handler = 'echo',

    [ValidateSet('Auto', 'Epoll', 'Pool')]
    [string] $Poller = 'Auto',

    [int] $ReactorCount = 1
)

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

# The examples, as a user starts them; what they write tells the port.
$example = switch ($Handler) {
    'chat' { 'chat', @{ WebPort = 0 } }
    'chatnode' { 'chat', @{ WebPort = 0; Broker = $env:TWISTEDPS_BENCH_BROKER } }
    'cars' { 'cars', @{ Path = "$PSScriptRoot/cars.txt" } }
    'counter' { 'webcounter', @{} }
    'commands' { 'command-server', @{ ClientsMax = 1000 } }
    'text' { 'pesto', @{} }
}
if ($example) {
    $parameters = $example[1]
    & $PSScriptRoot/../../examples/$($example[0])/server.ps1 -Port 0 @parameters
    return
}

$handlers = @{
    echo      = { $_ }
    tls       = { $_ }
    unix      = { $_ }
    work      = {
        switch -Regex ($_) {
            '^ADD (\d+) (\d+)$' { [int] $Matches[1] + [int] $Matches[2] }
            '^UPPER (.+)$' { $Matches[1].ToUpper() }
            '^LEN (.+)$' { $Matches[1].Length }
            '^ECHO (.+)$' { $Matches[1] }
            default { 'ERR unknown command' }
        }
    }
    costly    = {
        $sum = 0
        for ($i = 0; $i -lt 20000; $i++) {
            $sum += $i % 7
        }
        $_
    }
    resp      = {
        if ($_[0] -eq '$') {
            $Connection.ReadBytes([int] $_.Substring(1) + 2)
        }
        else {
            $Connection.State.Words = [Collections.Generic.List[string]]::new()
            $Connection.State.Count = [int] $_.Substring(1)
        }
    }
    broadcast = {
        if ($_ -match '^ALL ') {
            Send-Line -Server $Server $_
        }
        else {
            $_
        }
    }
}
$bodies = & $PSScriptRoot/bodies.ps1
$more = @{ InitializationScript = $bodies.Initialization }
if ($Handler -eq 'resp') {
    $more.Encoding = 'latin1'
    $more.OnData = {
        $value = $null
        $words = $Connection.State.Words
        $words.Add($Connection.Decode($_).Substring(0, $_.Length - 2))
        if ($words.Count -eq $Connection.State.Count) {
            switch ($words[0]) {
                'GET' {
                    $value = $Server.State[$words[1]]
                    $Connection.Write($null -eq $value ? "`$-1`r`n" : "`$$($value.Length)`r`n$value`r`n")
                }
                'SET' {
                    $Server.State[$words[1]] = $words[2]
                    '+OK'
                }
                default { '-ERR unknown command' }
            }
        }
    }
}
$reactor = New-Reactor -Poller $Poller
if ($Handler -eq 'tls') {
    $more.Certificate = "$env:TWISTEDPS_BENCH_TLS/certificate.pem"
    $more.CertificateKey = "$env:TWISTEDPS_BENCH_TLS/key.pem"
}
$server = if ($Handler -eq 'datagrams') {
    Start-UdpServer 0 { $_ } -Reactor $reactor
}
elseif ($Handler -eq 'framed') {
    Start-TcpServer 0 { $_ } -Framing Length32 -Reactor $reactor
}
elseif ($Handler -eq 'relay') {
    Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Connect-TcpClient 127.0.0.1 $env:TWISTEDPS_BENCH_TARGET)) }
}
else {
    $endpoint = $Handler -eq 'unix' ? "unix:$([IO.Path]::GetTempPath())twistedps-bench-$PID" : 0
    Start-LineServer $endpoint ($handlers[$Handler] ?? $bodies[$Handler]) -Reactor $reactor -ReactorCount $ReactorCount @more
}
$server.Port ? "PORT $($server.Port)" : "PATH $($server.EndPoint)"
$null = [Console]::In.ReadLine()
