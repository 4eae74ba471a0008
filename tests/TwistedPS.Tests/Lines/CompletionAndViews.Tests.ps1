BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'Completion' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name 'main server'
        $null = Start-LineServer 0 { $_ } -Name maintenance
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name caller
        Wait-Until { $s.ConnectionCount -eq 1 }
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'offers servers to <Command>' -ForEach @(
        @{ Command = 'Stop-LineServer ma' }
        @{ Command = 'Get-LineServer ma' }
        @{ Command = 'Wait-LineServer ma' }
        @{ Command = 'Set-LineServer ma' }
        @{ Command = 'Send-Line -Server ma' }
        @{ Command = 'Get-ReactorConnection -Server ma' }
        @{ Command = 'New-LineTestConnection -Server ma' }
        @{ Command = 'Invoke-Reactor { } -Server ma' }
    ) {
        Get-Completion $Command | Should -Be @("'main server'", 'maintenance')
    }

    It 'offers clients to <Command>' -ForEach @(
        @{ Command = 'Get-LineClient ca' }
        @{ Command = 'Disconnect-LineClient ca' }
        @{ Command = 'Receive-Line ca' }
        @{ Command = 'Send-Line ca' }
        @{ Command = 'Wait-LineClient ca' }
    ) {
        Get-Completion $Command | Should -Be caller
    }

    It 'offers connections and reactors' {
        Get-Completion 'Disconnect-ReactorConnection ' | Should -Be "$($s.Connections[0].Id)"
        Get-Completion 'Get-ReactorConnection ' | Should -Be "$($s.Connections[0].Id)"
        Get-Completion 'Stop-Reactor ' | Should -Contain "$($s.Reactor.Id)"
    }

    It 'offers delimiters, encodings and addresses' {
        Get-Completion 'Start-LineServer 0 { } -Delimiter ' | Should -Be @('Auto', 'LF', 'CRLF', 'CR', 'NUL')
        Get-Completion 'Start-LineServer 0 { } -Encoding u' | Should -Be @('utf8', 'unicode', 'utf32')
        Get-Completion 'Start-LineServer 0 { } -Address ' | Should -Contain '0.0.0.0'
    }

    It 'offers nothing that has stopped' {
        Stop-LineServer maintenance
        Get-Completion 'Stop-LineServer maint' | Should -BeNullOrEmpty
    }
}

Describe 'The default views' {
    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name viewed
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name viewer
        $null = Send-Line $c 'a' -Receive -Timeout 30
    }

    AfterEach {
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is a table of <Name> with its columns' -ForEach @(
        @{ Name = 'a server'; Get = { $s }; Pattern = 'Id\s+Name\s+Status\s+Address\s+Peers\s+Errors\s+LinesIn\s+LinesOut\s'; Row = '\bviewed\s+Running\s+127\.0\.0\.1:\d+\s+1\s+0\s+1\s+1\s' }
        @{ Name = 'a client'; Get = { $c }; Pattern = 'Id\s+Name\s+Status\s+Address\s+Errors\s+LinesIn\s+LinesOut\s'; Row = '\bviewer\s+Connected\s+127\.0\.0\.1:\d+\s+0\s+1\s+1\s' }
        @{ Name = 'a connection'; Get = { $s.Connections }; Pattern = 'Id\s+Owner\s+Status\s+Address\s+LinesIn\s+LinesOut\s+CloseReason\s'; Row = '\bviewed\s+Open\s+127\.0\.0\.1:\d+\s+1\s+1\s' }
        @{ Name = 'a reactor'; Get = { $s.Reactor }; Pattern = 'Id\s+Status\s+Count\s+Services'; Row = 'Running\s+2\s+viewed, viewer' }
        @{ Name = 'a log'; Get = { $s.Log }; Pattern = 'Time\s+Level\s+Source\s+Message'; Row = 'Information\s+viewed,0,127\.0\.0\.1\s+Client connection from 127\.0\.0\.1' }
    ) {
        $text = & $Get | Out-String -Width 160
        $text | Should -Match $Pattern
        $text | Should -Match $Row
    }

    It 'shows the name of <Name> in a window of 80 columns' -ForEach @(
        @{ Name = 'a server'; Get = { $s }; Expected = 'viewed' }
        @{ Name = 'a client'; Get = { $c }; Expected = 'viewer' }
        @{ Name = 'a connection'; Get = { $s.Connections }; Expected = 'viewed' }
    ) {
        & $Get | Out-String -Width 80 | Should -Match "\b$Expected\b"
    }

    It 'is a table of the errors of handlers' {
        $bad = Start-LineServer 0 { throw 'visible' }
        Invoke-Peer $bad.Port "a`n" | Should -BeExactly ''
        $text = $bad.Errors | Out-String -Width 160
        $text | Should -Match 'Time\s+Handler\s+Where\s+Message'
        $text | Should -Match '\d\d:\d\d:\d\d\s+OnLine\s+CompletionAndViews\S+\s+visible'
    }
}
