@{
    ModuleVersion        = '0.1.0'
    GUID                 = '5d1c3f6e-0c5b-4c0e-9a53-6f0a1f0e7b42'
    Author               = 'The TwistedPS founders'
    CompanyName          = 'TwistedPS'
    Copyright            = '(c) The TwistedPS founders. MIT licence.'
    Description          = 'The way of TwistedPS to clusters whose broker is NATS: Join-ReactorCluster nats://host.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Twisted', 'NATS', 'Cluster', 'PSEdition_Core')
            ProjectUri   = 'https://github.com/twistedps/twistedps'
            LicenseUri   = 'https://github.com/twistedps/twistedps/blob/main/LICENSE'
            ReleaseNotes = 'The first release.'
        }
    }
}
