BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    # What takes a path, and what of a program's may be one.
    $paths = 'Path', 'LocalPath', 'LogPath', 'TrafficLog', 'Transcript', 'KeyPath', 'WorkingDirectory', 'Issuer', 'FilePath',
    'Certificate', 'CertificateKey', 'TrustedCertificate', 'RevocationList'
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    # What no text makes, or only one that PowerShell reads as a number.
    $notOfText = [switch], [scriptblock], [int], [long], [double], [securestring], [System.Threading.Tasks.Task]

    $cases = foreach ($command in Get-Command -Module TwistedPS) {
        $parameters = $command.Parameters.Values | Where-Object Name -NotIn ($common + $paths) | Where-Object {
            $type = $_.ParameterType.IsArray ? $_.ParameterType.GetElementType() : $_.ParameterType
            $type = [Nullable]::GetUnderlyingType($type) ?? $type
            $type -notin $notOfText -and $type.Name -notlike '*Connection' -and "$command $($_.Name)" -ne 'Start-ReactorProcess ArgumentList'
        }
        @{ Command = $command.Name; Parameters = @($parameters | ForEach-Object Name) }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    # Nothing else begins with their name.
    $null = New-Item "$TestDrive/zqx-file.txt", "$TestDrive/zqx-script.ps1"
    Push-Location $TestDrive

    # All of it: in place of a completion PowerShell may have left a mark that it has none, which has no text.
    function Get-Offer ([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

AfterAll {
    Pop-Location
}

Describe 'A parameter that takes no path' {
    It 'is not completed with the names of files by <Command>' -ForEach $cases {
        foreach ($parameter in $Parameters) {
            Get-Offer "$Command -$parameter zqx" | Should -HaveCount 0 -Because "it is -$parameter"
        }
    }

    It 'is not completed with the names of files by position: <Line>' -ForEach @(
        @{ Line = 'Start-LineServer zqx' }
        @{ Line = 'Start-LineServer 0 zqx' }
        @{ Line = 'Start-TcpServer 0 zqx' }
        @{ Line = 'Start-UdpServer 0 zqx' }
        @{ Line = 'Start-HttpServer 0 zqx' }
        @{ Line = 'Connect-LineClient zqx' }
        @{ Line = 'Connect-LineClient localhost zqx' }
        @{ Line = 'Send-Line caller zqx' }
        @{ Line = 'Send-TcpData caller zqx' }
        @{ Line = 'Send-Datagram caller zqx' }
        @{ Line = 'Set-LineServer main zqx' }
        @{ Line = 'Start-Deferred zqx' }
        @{ Line = 'Invoke-Reactor zqx' }
        @{ Line = 'Start-ReactorTimer zqx' }
        @{ Line = 'Write-ReactorLog zqx' }
        @{ Line = 'Get-RemoteCars zqx' }
        @{ Line = 'Start-ReactorProcess zqx' }
    ) {
        Get-Offer $Line | Should -HaveCount 0
    }
}

Describe 'A parameter that takes a path' {
    It 'is completed with the names of files: <Line>' -ForEach @(
        @{ Line = 'Start-LineServer 0 { } -LogPath zqx-f' }
        @{ Line = 'Start-LineServer -Path zqx-f' }
        @{ Line = 'Start-ReactorProcess ./zqx-f' }
        @{ Line = 'Start-ReactorProcess cat zqx-f' }
    ) {
        Get-Completion $Line | Split-Path -Leaf | Should -Be zqx-file.txt
    }
}
