BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName

    # What a session of its own is warned of.
    function Get-Warned ([scriptblock] $Script) {
        $pipeline = Start-Pipeline $Script $module
        Test-Pipeline $pipeline | Should -BeTrue
        $pipeline.Shell.Streams.Error | Should -BeNullOrEmpty
        $pipeline.Shell.Streams.Warning.Message
        Close-Pipeline $pipeline
    }
}

Describe 'The removal of the module' {
    AfterEach {
        Close-Peer
    }

    It 'says what it has stopped: <Name>' -ForEach @(
        @{ Name = 'Remove-Module'; Remove = 'Remove-Module TwistedPS' }
        @{ Name = 'Import-Module -Force'; Remove = 'Import-Module $args[0] -Force' }
        @{ Name = 'where warnings end what is done'; Remove = '$global:WarningPreference = "Stop"; Remove-Module TwistedPS; $null = Import-Module $args[0]' }
    ) {
        $warned = Get-Warned ([scriptblock]::Create("
            `$s = Start-LineServer 0 { } -Name main
            `$null = Start-ReactorTimer -Every 1h { } -Name hourly
            $Remove
            if (`$s.Status -ne 'Stopped') { Write-Error 'it goes on' }"))
        $warned | Should -HaveCount 1
        $warned | Should -Match '^The module TwistedPS was removed, which has stopped: line server main \(127\.0\.0\.1:\d+\), .*hourly.*\.$'
    }

    It 'says nothing where nothing was running' {
        Get-Warned { $s = Start-LineServer 0 { }; Stop-LineServer $s; Remove-Module TwistedPS } | Should -BeNullOrEmpty
        Get-Warned { Get-LineServer; Import-Module $args[0] -Force } | Should -BeNullOrEmpty
    }

    It 'says no more than anybody reads' {
        $warned = Get-Warned { 1..15 | ForEach-Object { $null = Start-ReactorTimer -Every 1h { } }; Remove-Module TwistedPS }
        $warned | Should -BeLike '*, and 5 more.'
    }

    It 'is silent where the session prefers that' {
        Get-Warned { $global:WarningPreference = 'SilentlyContinue'; $null = Start-LineServer 0 { }; Remove-Module TwistedPS } | Should -BeNullOrEmpty
    }
}
