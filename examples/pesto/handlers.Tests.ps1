[Diagnostics.CodeAnalysis.SuppressMessage('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'Each test uses what BeforeEach has set.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/../../TwistedPS.psd1
}

Describe 'The text server' {
    BeforeEach {
        $path = Join-Path $TestDrive 'messages.txt'
        $handlers = & $PSScriptRoot/handlers.ps1 -Path $path
        $client = New-LineTestConnection @handlers
    }

    AfterEach {
        Disconnect-LineClient $client
        Remove-Item $path
    }

    It 'greets' {
        $client | Should -HaveReceivedLine 'Connection with the server established!'
    }

    It 'answers hello' {
        Receive-Line $client
        Send-Line $client 'hello' -Receive | Should -BeExactly 'Hello! How are you?'
    }

    It 'saves messages' {
        Send-Line $client 'write: one', 'write: two'
        Get-Content $path | Should -BeExactly 'one', 'two'
    }

    It 'says goodbye and closes' {
        Send-Line $client 'goodbye' -Receive -Until "Noooo don't go awayyyyy..."
        (Wait-LineClient $client).Connection.CloseReason | Should -Be 'Done'
    }

    It 'does not care how lines arrive' {
        Test-LineHandler @handlers -Line 'hello', 'write: one', 'goodbye' | Where-Object -Not Passed | Should -BeNullOrEmpty
    }
}
