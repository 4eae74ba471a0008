BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1 -Force

    # As a user who has nothing yet: repositories and modules are found under the home folder.
    function Invoke-Shell ([string] $Script) {
        $program, $arguments = Get-ShellCommand '-Command', "`$ErrorActionPreference = 'Stop'; $Script"
        $output = env -u PSModulePath -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME "HOME=$TestDrive/home" `
            NO_COLOR=1 POWERSHELL_TELEMETRY_OPTOUT=1 $program @arguments 2>&1
        if ($LASTEXITCODE) {
            throw "The shell ended with $LASTEXITCODE. It wrote: $($output -join "`n")"
        }
        $output
    }
}

# Windows does not let one process have another home folder, and old shells cannot pack.
Describe 'The package' -Skip:($IsWindows -or -not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
    BeforeAll {
        $null = New-Item "$TestDrive/home", "$TestDrive/unpacked" -ItemType Directory
        $file = & "$PSScriptRoot/../../../pack.ps1" -Destination "$TestDrive/packages"
        [IO.Compression.ZipFile]::ExtractToDirectory($file, "$TestDrive/unpacked")
    }

    It 'holds what a user needs and nothing else' {
        $examples = Get-ChildItem "$PSScriptRoot/../../../examples" -Recurse -File -Exclude *.Tests.ps1
        $wanted = @(
            'TwistedPS.psd1', 'README.md', 'CHANGELOG.md', 'LICENSE'
            'lib/TwistedPS.dll', 'lib/TwistedPS.Engine.dll', 'lib/TwistedPS.Format.ps1xml', 'lib/TwistedPS.Rates.Format.ps1xml', 'lib/TwistedPS.Types.ps1xml'
            $examples | ForEach-Object { [IO.Path]::GetRelativePath("$PSScriptRoot/../../..", $_) }
        )
        # What every package has for itself.
        $own = '^(_rels|package)/|^\[Content_Types\]\.xml$|\.nuspec$'
        $held = Get-ChildItem "$TestDrive/unpacked" -Recurse -File |
            ForEach-Object { [IO.Path]::GetRelativePath("$TestDrive/unpacked", $_) } | Where-Object { $_ -notmatch $own }
        $held | Sort-Object | Should -BeExactly ($wanted | Sort-Object)
    }

    It 'says where it is from, under which licence, and what is new' {
        $metadata = ([xml](Get-Content -LiteralPath "$TestDrive/unpacked/TwistedPS.nuspec")).package.metadata
        $metadata.version | Should -BeExactly (Import-PowerShellDataFile "$PSScriptRoot/../../../TwistedPS.psd1").ModuleVersion
        $metadata.projectUrl | Should -BeExactly 'https://github.com/twistedps/twistedps'
        $metadata.licenseUrl | Should -BeExactly 'https://github.com/twistedps/twistedps/blob/main/LICENSE'
        $metadata.releaseNotes | Should -Not -BeNullOrEmpty
        -split $metadata.tags | Should -Contain 'Twisted'
    }

    It 'is installed from a repository, and serves' {
        $null = Invoke-Shell "
            Register-PSResourceRepository Local '$TestDrive/packages' -Trusted
            Install-PSResource TwistedPS -Repository Local"
        $output = Invoke-Shell {
            Import-Module TwistedPS
            (Get-Module TwistedPS).ModuleBase
            $server = Start-LineServer 0 { "You said: $_" }
            $client = Connect-LineClient localhost $server.Port
            Send-Line $client 'hello' -Receive -Timeout 10
            Stop-LineServer $server
        }
        $output[0] | Should -BeLike "$TestDrive/home/*/Modules/TwistedPS/*"
        $output[1] | Should -BeExactly 'You said: hello'
    }
}
