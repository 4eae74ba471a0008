<#
.SYNOPSIS
    Packs what build.ps1 has built, for Install-PSResource, and outputs the files: the module, and those for clusters.
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
$null = New-Item $Destination -ItemType Directory -Force
$temporary = New-Item (Join-Path ([IO.Path]::GetTempPath()) (New-Guid)) -ItemType Directory
try {
    # A folder is taken for the module's name.
    $folder = New-Item $temporary/TwistedPS -ItemType Directory
    'TwistedPS.psd1', 'lib', 'en-US', 'examples', 'README.md', 'CHANGELOG.md', 'LICENSE' |
        Copy-Item -Path { "$PSScriptRoot/$_" } -Destination $folder -Recurse -Exclude *.pdb, *.Tests.ps1
    Copy-Item $PSScriptRoot/backplanes/* $temporary -Recurse -Exclude *.pdb
    foreach ($module in Get-ChildItem $temporary) {
        Copy-Item $PSScriptRoot/LICENSE $module
        Compress-PSResource $module $Destination -PassThru
    }
}
finally {
    Remove-Item $temporary -Recurse
}
