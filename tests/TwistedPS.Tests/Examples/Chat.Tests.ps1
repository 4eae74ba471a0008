BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChatPeer.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $chat = "$PSScriptRoot/../../../examples/chat"
    $misfit = 'error: line did not conform to chat server requirements!'
}

AfterAll { Stop-AllExample }

Describe 'The chat, sent <PieceSize> bytes at a time' -ForEach @(
    @{ PieceSize = 1 }, @{ PieceSize = 3 }, @{ PieceSize = 65536 }
) {
    BeforeAll {
        $shell = Get-ExampleServer "$chat/server.ps1" @{ WebPort = 0 }
        function Send-InPieces ([Net.Sockets.TcpClient] $Peer, [string[]] $Lines) {
            Send-Said $Peer $Lines $PieceSize
        }
    }

    AfterEach { Close-Peer }

    It 'keeps <Check>: "<Line>" does not conform' -ForEach @(
        @{ Check = 'X1'; Line = 'hello' }
        @{ Check = 'X1'; Line = '' }
        @{ Check = 'X1'; Line = '/' }
        @{ Check = 'X1'; Line = '/quit now' }
        @{ Check = 'X1'; Line = '/JOIN #go' }
        @{ Check = 'X1'; Line = ' /join #go' }
        @{ Check = 'X1'; Line = '/join  #go' }
        @{ Check = 'X1'; Line = '/joins #go' }
        @{ Check = 'X1'; Line = '/join' }
        @{ Check = 'X1'; Line = '/join go' }
        @{ Check = 'X1'; Line = '/leave go' }
        @{ Check = 'X1'; Line = '/nick #go' }
        @{ Check = 'X1'; Line = '/msg bob' }
        @{ Check = 'X1'; Line = '/msg bob ' }
        @{ Check = 'X1'; Line = '/msg bob hi\rcarol to bob: bye' }
        @{ Check = 'X1'; Line = '/msg bob \e[2J' }
        @{ Check = 'X5'; Line = '/nick' }
        @{ Check = 'X5'; Line = '/nick ' }
        @{ Check = 'X5'; Line = '/nick al-ice' }
        @{ Check = 'X7'; Line = '/join #go!bad' }
        @{ Check = 'X7'; Line = '/leave #go!bad' }
        @{ Check = 'X7'; Line = '/join #' }
    ) {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob'
        Send-InPieces $alice ([regex]::Unescape($Line)), '/msg bob done'
        Assert-Heard $alice $misfit
        Assert-Heard $bob 'alice to bob: done'
        Assert-NothingMore $alice, $bob
    }

    It 'tells everyone who joins and leaves a channel' -Tag X2 {
        $alice, $bob, $carol = Join-Chat $shell.Port 'alice', 'bob', 'carol'
        Send-InPieces $alice '/join #go'
        Assert-Heard $alice, $bob, $carol 'alice has joined the channel #go'
        Send-InPieces $bob '/join #go and what follows'
        Assert-Heard $alice, $bob, $carol 'bob has joined the channel #go'
        Send-InPieces $alice '/leave #go'
        Assert-Heard $alice, $bob, $carol 'alice has left the channel #go'
        Assert-NothingMore $alice, $bob, $carol
    }

    It 'tells the sender alone when there is nothing to join or leave' -Tag X2 {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob' '#go'
        Send-InPieces $alice '/join #go', '/leave #GO', '/leave #other'
        Assert-Heard $alice 'error: you are in #go already!', 'error: you are not in #GO!', 'error: you are not in #other!'
        Assert-NothingMore $alice, $bob
    }

    It 'tells everyone who changes nick, and knows them by it from then on' -Tag X4 {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob'
        Send-InPieces $alice '/nick anna'
        Assert-Heard $alice, $bob 'alice is changing nick to anna'
        Send-InPieces $bob '/msg anna hi', '/msg alice hi', '/nick alice'
        Assert-Heard $bob 'error: there is no alice here!', 'bob is changing nick to alice'
        Assert-Heard $alice 'bob to anna: hi', 'bob is changing nick to alice'
        Send-InPieces $alice '/join #go'
        Assert-Heard $alice, $bob 'anna has joined the channel #go'
        Assert-NothingMore $alice, $bob
    }

    It 'tells the sender alone that a nick is taken' -Tag X5 {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob'
        Send-InPieces $bob '/nick alice', '/nick bob', '/msg alice hi'
        Assert-Heard $bob 'error: the nick alice is taken!', 'error: the nick bob is taken!'
        Assert-Heard $alice 'bob to alice: hi'
        Assert-NothingMore $bob, $alice
    }

    It 'brings a message to the members of a channel and to nobody else' -Tag X6 {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob' '#go'
        $carol = Connect-Peer $shell.Port
        Set-Nick $carol 'carol'
        $null = $alice, $bob | ForEach-Object { Receive-Heard $_ }
        Send-InPieces $alice '/msg #go hi  there'
        Assert-Heard $alice, $bob 'alice to #go: hi  there'
        Send-InPieces $carol '/msg #go from outside', '/msg #nobody hi'
        Assert-Heard $alice, $bob 'carol to #go: from outside'
        Assert-Heard $carol 'error: there is no #nobody here!'
        Send-InPieces $bob '/leave #go'
        Assert-Heard $alice, $bob, $carol 'bob has left the channel #go'
        Send-InPieces $alice '/msg #go again'
        Assert-Heard $alice 'alice to #go: again'
        Assert-NothingMore $alice, $bob, $carol
    }

    It 'brings a message to one person and to nobody else' -Tag X6 {
        $alice, $bob, $carol = Join-Chat $shell.Port 'alice', 'bob', 'carol' '#go'
        Send-InPieces $alice '/msg bob hi', '/msg alice to myself', '/msg BOB hi'
        Assert-Heard $bob 'alice to bob: hi'
        Assert-Heard $alice 'alice to alice: to myself', 'error: there is no BOB here!'
        Assert-NothingMore $alice, $bob, $carol
    }

    It 'answers a client that half-closes in full' {
        $alice, $bob = Join-Chat $shell.Port 'alice', 'bob'
        Send-InPieces $alice (@('/join #go', 'what') + (1..100 | ForEach-Object { "/msg #go $_" }) + '/leave #go')
        Send-Peer $alice '' -End
        Assert-Heard $alice (@('alice has joined the channel #go', $misfit) + (1..100 | ForEach-Object { "alice to #go: $_" }))
        Assert-Heard $alice 'alice has left the channel #go'
        Receive-Peer $alice -End | Should -BeExactly ''
        Assert-Heard $bob 'alice has joined the channel #go', 'alice has left the channel #go'
        Assert-NothingMore $bob
    }
}

Describe 'The chat' {
    AfterEach { Close-Peer }

    It 'gives a nick that is free to whoever connects, and no greeting' -Tag X3 {
        $shell = Start-ExampleServer "$chat/server.ps1" @{ WebPort = 0 }
        $first = Connect-Peer $shell.Port
        Send-Said $first '/join #go', '/nick guest2'
        Assert-Heard $first 'guest1 has joined the channel #go', 'guest1 is changing nick to guest2'
        $second = Connect-Peer $shell.Port
        Send-Said $second '/join #go'
        Assert-Heard $first, $second 'guest3 has joined the channel #go'
        Assert-NothingMore $first, $second
    }

    It 'frees the nick of a client that <Way>, and the others go on' -Tag X8 -ForEach @(
        @{ Way = 'closes'; Leave = { $args[0].Close() } }
        @{ Way = 'half-closes'; Leave = { Send-Peer $args[0] '' -End } }
        @{ Way = 'is reset'; Leave = { Reset-Peer $args[0] } }
    ) {
        $shell = Get-ExampleServer "$chat/server.ps1" @{ WebPort = 0 }
        $alice, $bob, $carol = Join-Chat $shell.Port 'alice', 'bob', 'carol' '#go'
        & $Leave $alice
        Set-Nick $bob 'alice'
        Assert-Heard $carol 'bob is changing nick to alice'
        Send-Said $carol '/msg #go still here'
        Assert-Heard $bob, $carol 'carol to #go: still here'
        Assert-NothingMore $bob, $carol
    }

    It 'drops a client that does not read what is for <Target>, and neither waits for it nor keeps it in memory' -Tag X9 -ForEach @(
        @{ Target = '#go' }, @{ Target = 'slow' }
    ) {
        function Invoke-Round ([string] $To) {
            Send-Said $talker ((@("/msg $To $text") * 10) + '/msg #go next')
            foreach ($peer in $talker, $reader) {
                if ($To -eq '#go') {
                    (Receive-Peer $peer -Length $allHeard.Length) -ceq $allHeard | Should -BeTrue
                }
                $null = Receive-Peer $peer -Until "talker to #go: next`r`n"
            }
        }

        function Test-Dropped {
            @(Select-String 'Lost client connection. Reason: SlowReader' $log).Count -gt $dropped
        }

        $log = Join-Path $TestDrive slow.log
        $shell = Get-ExampleServer "$chat/server.ps1" @{ LogPath = $log; WebPort = 0 } -Process
        $dropped = @(Select-String 'Lost client connection. Reason: SlowReader' $log).Count
        $text = 'x' * 16000
        $allHeard = "talker to #go: $text`r`n" * 10
        $talker, $reader = Join-Chat $shell.Port 'talker', 'reader' '#go'
        1..100 | ForEach-Object { Invoke-Round '#go' }
        $shell.Refresh()
        $before = $shell.WorkingSet64

        $slow = Connect-Peer $shell.Port -ReceiveBufferSize 4096
        Send-Said $slow '/nick slow', '/join #go'
        $null = $talker, $reader | ForEach-Object { Receive-Heard $_; Receive-Heard $_ }
        for ($round = 0; $round -lt 500 -and -not (Test-Dropped); $round++) {
            Invoke-Round $Target
        }

        $shell.Refresh()
        $shell.WorkingSet64 - $before | Should -BeLessThan 64MB
        Test-Dropped | Should -BeTrue
        Send-Said $talker '/msg slow hi', '/msg #go hi'
        Assert-Heard $talker 'error: there is no slow here!', 'talker to #go: hi'
        Assert-Heard $reader 'talker to #go: hi'
        Assert-NothingMore $talker, $reader
    }
}

Describe 'The chat at a prompt' {
    BeforeEach {
        $handlers = & $chat/handlers.ps1
        $server = Start-LineServer 0 @handlers
    }

    AfterEach {
        Close-Peer
        Stop-LineServer $server -DrainTime 0
    }

    It 'lists members and channels as objects' -Tag X10 {
        $alice, $bob = Join-Chat $server.Port 'alice', 'bob' '#go'
        Send-Said $alice '/join #away'
        Assert-Heard $alice, $bob 'alice has joined the channel #away'

        $null = Connect-Peer $server.Port
        Wait-Until { @($server.Groups).Count -eq 5 }
        $server.Groups.Name | Should -BeExactly '#away', '#go', 'alice', 'bob', 'guest3'
        $server.Groups['#go'].Members.State.Nick | Should -BeExactly 'alice', 'bob'
        $server.Groups['#away'].Members.State.Nick | Should -BeExactly 'alice'
        (Get-ReactorConnection -Server $server).State.Nick | Should -BeExactly 'alice', 'bob', 'guest3'
        Invoke-Reactor -Server $server { $Server.Groups['#go'].Count } | Should -Be 2

        $server.Groups['alice'].Members | Disconnect-ReactorConnection
        Receive-Peer $alice -End | Should -BeExactly ''
        Close-Peer
        Wait-Until { -not @($server.Groups) }
    }

    It 'can be tested in memory, with several members' {
        $alice = New-LineTestConnection @handlers
        $bob = New-LineTestConnection -Server $alice.Server
        Send-Line $alice '/nick alice' -Receive | Should -BeExactly 'guest1 is changing nick to alice'
        Send-Line $alice '/msg guest2 hi'
        Receive-Line $bob -Count 2 | Should -BeExactly 'guest1 is changing nick to alice', 'alice to guest2: hi'
        $alice, $bob | Disconnect-LineClient
    }

    It 'is joined with the client, which hears the longest line that can be said' {
        $client = Start-ChildShell '-File', "$chat/client.ps1", '-Port', $server.Port
        $client.StandardInput.WriteLine('/nick bob')
        Read-ChildLine $client | Should -BeExactly 'guest1 is changing nick to bob'
        $alice = Connect-Peer $server.Port
        Set-Nick $alice 'alice'
        Read-ChildLine $client | Should -BeExactly 'guest2 is changing nick to alice'
        $text = 'x' * (16384 - '/msg bob '.Length)
        Send-Said $alice "/msg bob $text"
        Read-ChildLine $client | Should -BeExactly "alice to bob: $text"
        $client.StandardInput.WriteLine('/msg alice hi')
        Assert-Heard $alice 'bob to alice: hi'
        $client.StandardInput.WriteLine('exit')
        Assert-ChildSucceeded $client
    }
}
