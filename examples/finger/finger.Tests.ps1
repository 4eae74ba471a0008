BeforeAll {
    Import-Module $PSScriptRoot/../../TwistedPS.psd1
}

Describe 'The finger service' {
    BeforeEach {
        $users = @{ alice = 'Happy and well' }
        $handlers = & $PSScriptRoot/handlers.ps1 -Users $users
        $finger, $setter = $handlers.Finger, $handlers.Setter
    }

    It 'tells a status and closes' {
        $client = New-LineTestConnection @finger
        Send-Line $client 'alice' -Receive | Should -BeExactly 'Happy and well'
        (Wait-LineClient $client).Connection.CloseReason | Should -Be 'Done'
    }

    It 'does not know everybody' {
        Send-Line (New-LineTestConnection @finger) 'mallory' -Receive | Should -BeExactly 'No such user'
    }

    It 'lets a status be set' {
        $client = New-LineTestConnection @setter
        Send-Line $client 'bob', 'On holiday' -Receive | Should -BeExactly 'The status of bob?', 'Saved'
        $users.bob | Should -BeExactly 'On holiday'
    }

    It 'asks again for a name that the file could not hold' {
        $client = New-LineTestConnection @setter
        Send-Line $client 'b:b', 'bob' -Receive | Should -BeExactly 'A name has no blanks and no colon', 'The status of bob?'
        Disconnect-LineClient $client
    }
}
