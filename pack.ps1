<#
.SYNOPSIS
    Packs the module that build.ps1 has built, for Install-PSResource, and outputs the file.
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    [string] $Destination = "$PSScriptRoot/out"
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    throw 'There is no Compress-PSResource to pack with. It comes with PowerShell 7.5 and later; ' +
        'an older one gets it by: Install-PSResource Microsoft.PowerShell.PSResourceGet'
}
$temporary = New-Item (Join-Path ([IO.Path]::GetTempPath()) (New-Guid)) -ItemType Directory
try {
    # The folder is taken for the module's name.
    $folder = New-Item $temporary/TwistedPS -ItemType Directory
    'TwistedPS.psd1', 'lib', 'en-US', 'examples', 'README.md', 'CHANGELOG.md', 'LICENSE' |
        Copy-Item -Path { "$PSScriptRoot/$_" } -Destination $folder -Recurse -Exclude *.pdb, *.Tests.ps1
    $null = New-Item $Destination -ItemType Directory -Force
    Compress-PSResource $folder $Destination -PassThru
}
finally {
    Remove-Item $temporary -Recurse
}
