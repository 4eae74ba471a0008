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
        $null = New-Item "$TestDrive/home" -ItemType Directory
        foreach ($file in & "$PSScriptRoot/../../../pack.ps1" -Destination "$TestDrive/packages") {
            [IO.Compression.ZipFile]::ExtractToDirectory($file, "$TestDrive/$($file.BaseName -replace '\.\d.*')")
        }

        function Get-Held ([string] $Folder) {
            # What every package has for itself.
            $own = '^(_rels|package)/|^\[Content_Types\]\.xml$|\.nuspec$'
            Get-ChildItem $Folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_) } |
                Where-Object { $_ -notmatch $own } | Sort-Object
        }
    }

    It 'holds what a user needs and nothing else' {
        $examples = Get-ChildItem "$PSScriptRoot/../../../examples" -Recurse -File -Exclude *.Tests.ps1
        $wanted = @(
            'TwistedPS.psd1', 'README.md', 'CHANGELOG.md', 'LICENSE'
            'lib/TwistedPS.dll', 'lib/TwistedPS.Engine.dll', 'en-US/TwistedPS.dll-Help.xml'
            (Get-ChildItem "$PSScriptRoot/../../../docs/about").ForEach{ "en-US/$($_.Name)" }
            (Get-ChildItem "$PSScriptRoot/../../../src/TwistedPS/Formatting/*.ps1xml").ForEach{ "lib/$($_.Name)" }
            $examples | ForEach-Object { [IO.Path]::GetRelativePath("$PSScriptRoot/../../..", $_) }
        )
        Get-Held $TestDrive/TwistedPS | Should -BeExactly ($wanted | Sort-Object)
    }

    It '<Name> holds its manifest, its assemblies, the client''s, and their licences' -ForEach @(
        @{ Name = 'TwistedPS.Nats'; Client = 'NATS.Client.Core'; Others = 'NATS'; Licence = 'LICENSE.NATS' }
        @{ Name = 'TwistedPS.Redis'; Client = 'StackExchange.Redis'; Others = 'StackExchange|Pipelines'; Licence = 'LICENSE.StackExchange.Redis' }
    ) {
        $held = Get-Held $TestDrive/$Name
        $held | Should -Contain "lib/$Name.dll"
        $held | Should -Contain "lib/$Client.dll"
        # The engine is that of the module.
        $held -match '^lib/' -notmatch "^lib/($Name|$Others|Microsoft|System)\..*dll$" | Should -BeNullOrEmpty
        $held -notmatch '^lib/' | Should -BeExactly 'LICENSE', $Licence, 'NOTICE', "$Name.psd1"
    }

    It '<_> says where it is from, under which licence, and what is new' -ForEach 'TwistedPS', 'TwistedPS.Nats', 'TwistedPS.Redis' {
        $metadata = ([xml](Get-Content -LiteralPath "$TestDrive/$_/$_.nuspec")).package.metadata
        $metadata.id | Should -BeExactly $_
        $metadata.version | Should -BeExactly (Import-PowerShellDataFile "$PSScriptRoot/../../../TwistedPS.psd1").ModuleVersion
        $metadata.projectUrl | Should -BeExactly 'https://github.com/twistedps/twistedps'
        $metadata.licenseUrl | Should -BeExactly 'https://github.com/twistedps/twistedps/blob/main/LICENSE'
        $metadata.releaseNotes | Should -Not -BeNullOrEmpty
        -split $metadata.tags | Should -Contain 'Twisted'
    }

    It 'is installed from a repository, with its help, and serves' {
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
            (Get-Help Stop-LineServer).examples.example.Count
            (Get-Help about_TwistedPS) -split '\n' | Select-Object -Index 1
        }
        $output[0] | Should -BeLike "$TestDrive/home/*/Modules/TwistedPS/*"
        $output[1] | Should -BeExactly 'You said: hello'
        $output[2] | Should -BeGreaterThan 1
        $output[3].Trim() | Should -BeExactly 'about_TwistedPS'
    }

    It '<Name> is found by the module once it is installed' -ForEach @(
        @{ Name = 'TwistedPS.Nats'; Scheme = 'nats' }
        @{ Name = 'TwistedPS.Redis'; Scheme = 'redis' }
    ) {
        $join = "Import-Module TwistedPS; try { Join-ReactorCluster ${Scheme}://127.0.0.1:1 } catch { `$_.FullyQualifiedErrorId }"
        Invoke-Shell $join | Should -BeLike 'BackplaneMissing,*'
        $null = Invoke-Shell "Install-PSResource $Name -Repository Local -TrustRepository"
        Invoke-Shell $join | Should -BeLike 'BrokerUnreachable,*'
    }
}
