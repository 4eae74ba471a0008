@{
    ModuleVersion        = '0.1.0'
    GUID                 = 'b3f1a7d2-64c8-4e55-9d0f-2a7c81e6f390'
    Author               = 'The TwistedPS founders'
    CompanyName          = 'TwistedPS'
    Copyright            = '(c) The TwistedPS founders. MIT licence.'
    Description          = 'The way of TwistedPS to clusters whose broker is Redis: Join-ReactorCluster redis://host.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Twisted', 'Redis', 'Cluster', 'PSEdition_Core')
            ProjectUri   = 'https://github.com/twistedps/twistedps'
            LicenseUri   = 'https://github.com/twistedps/twistedps/blob/main/LICENSE'
            ReleaseNotes = 'The first release.'
        }
    }
}
