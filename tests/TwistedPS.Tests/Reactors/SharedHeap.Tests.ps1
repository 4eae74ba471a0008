BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    # What -Verbose says, besides that of the handlers, in a PowerShell with some variables in its environment.
    function Get-Hint ([string] $Start, [string] $ServerGc) {
        $env:DOTNET_gcServer = $ServerGc
        try {
            $shell = Start-ChildShell '-Command', "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; ($Start -Verbose 4>&1) -like '*heap*'"
        }
        finally {
            $env:DOTNET_gcServer = $null
        }
        Read-ChildRest $shell
        Assert-ChildSucceeded $shell
    }
}

Describe 'The heap that several reactors share' {
    It 'is told with -Verbose: <Start>, <ServerGc>' -ForEach @(
        @{ Start = 'Start-LineServer 0 { } -ReactorCount 2'; ServerGc = '0'; Hint = '*DOTNET_gcServer=1*' }
        @{ Start = 'Start-UdpServer 0 { } -ReactorCount 2'; ServerGc = '0'; Hint = '*DOTNET_gcServer=1*' }
        @{ Start = 'Start-LineServer 0 { } -ReactorCount 2'; ServerGc = '1'; Hint = '' }
        @{ Start = 'Start-LineServer 0 { }'; ServerGc = '0'; Hint = '' }
    ) {
        Get-Hint $Start $ServerGc | Should -BeLike $Hint
    }
}
