Describe 'The manifest' {
    It 'is valid' {
        $module = Test-ModuleManifest $PSScriptRoot/../../../TwistedPS.psd1 -ErrorAction Stop -WarningVariable warnings
        $module.Name | Should -BeExactly 'TwistedPS'
        $warnings | Should -BeNullOrEmpty
    }
}
