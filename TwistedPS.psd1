@{
    RootModule             = 'lib/TwistedPS.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '0b1f0c1e-6f7f-4b52-9a5e-2f6a3c2f7d11'
    Author                 = 'The TwistedPS founders'
    CompanyName            = 'TwistedPS'
    Copyright              = '(c) The TwistedPS founders. MIT licence.'
    Description            = 'Twisted''s event-driven networking for PowerShell: a protocol is a few scriptblocks.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    TypesToProcess         = @('lib/TwistedPS.Types.ps1xml', 'lib/TwistedPS.Summary.Types.ps1xml', 'lib/TwistedPS.Views.Types.ps1xml')
    FormatsToProcess       = @(
        'lib/TwistedPS.Services.Format.ps1xml', 'lib/TwistedPS.ServiceLists.Format.ps1xml', 'lib/TwistedPS.Work.Format.ps1xml'
        'lib/TwistedPS.Connections.Format.ps1xml', 'lib/TwistedPS.Format.ps1xml', 'lib/TwistedPS.Values.Format.ps1xml'
        'lib/TwistedPS.Rates.Format.ps1xml', 'lib/TwistedPS.Testing.Format.ps1xml', 'lib/TwistedPS.Clusters.Format.ps1xml'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Start-LineServer', 'Get-LineServer', 'Set-LineServer', 'Stop-LineServer', 'Wait-LineServer'
        'Connect-LineClient', 'Get-LineClient', 'Disconnect-LineClient', 'Wait-LineClient', 'Enter-LineClient'
        'Send-Line', 'Receive-Line'
        'Start-TcpServer', 'Get-TcpServer', 'Set-TcpServer', 'Stop-TcpServer', 'Wait-TcpServer'
        'Connect-TcpClient', 'Get-TcpClient', 'Disconnect-TcpClient', 'Wait-TcpClient'
        'Send-TcpData', 'Receive-TcpData'
        'Start-UdpServer', 'Get-UdpServer', 'Set-UdpServer', 'Stop-UdpServer', 'Wait-UdpServer'
        'Connect-UdpClient', 'Get-UdpClient', 'Disconnect-UdpClient', 'Wait-UdpClient'
        'Send-Datagram', 'Receive-Datagram'
        'Start-HttpServer', 'Get-HttpServer', 'Set-HttpServer', 'Stop-HttpServer', 'Wait-HttpServer'
        'Get-ReactorConnection', 'Disconnect-ReactorConnection'
        'New-Deferred', 'Start-Deferred', 'Get-Deferred', 'Wait-Deferred', 'Receive-Deferred', 'Complete-Deferred', 'Stop-Deferred'
        'Add-DeferredCallback'
        'New-Reactor', 'Get-Reactor', 'Wait-Reactor', 'Invoke-Reactor', 'Stop-Reactor'
        'Watch-Reactor', 'Measure-Reactor'
        'Start-ReactorTimer', 'Get-ReactorTimer', 'Stop-ReactorTimer', 'Wait-ReactorTimer'
        'Start-ReactorProcess', 'Get-ReactorProcess', 'Stop-ReactorProcess', 'Wait-ReactorProcess'
        'Join-ReactorCluster', 'Get-ReactorCluster', 'Exit-ReactorCluster'
        'Register-ReactorTopic', 'Get-ReactorTopic', 'Unregister-ReactorTopic', 'Publish-ReactorMessage', 'Send-ReactorRequest'
        'Get-ReactorValue', 'Set-ReactorValue'
        'Write-ReactorLog', 'Get-ReactorLog'
        'Start-ReactorTls', 'New-ReactorCertificate'
        'New-LineTestConnection', 'New-TcpTestConnection', 'New-UdpTestConnection', 'New-HttpTestConnection'
        'Invoke-HttpTestRequest', 'Assert-ReceivedMessage', 'Test-LineHandler', 'Test-TcpHandler'
        'Get-RemoteCars'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @('Twisted', 'Network', 'TCP', 'UDP', 'Server', 'Client', 'EventLoop', 'Async', 'PSEdition_Core')
            ProjectUri   = 'https://github.com/twistedps/twistedps'
            LicenseUri   = 'https://github.com/twistedps/twistedps/blob/main/LICENSE'
            ReleaseNotes = 'The first release: line, TCP, UDP and web servers, reconnecting clients, Deferreds, timers, processes.'
        }
    }
}
