BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $python = [bool](Find-PythonWith irc.client -Package python3-irc)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/irc.ps1").Port
    function Send-Lines ([string[]] $Lines) {
        (Invoke-Peer $port (-join ($Lines | ForEach-Object { "$_`r`n" }))) -split '\r\n' | Select-Object -SkipLast 1
    }
}

AfterAll { Stop-AllExample }

Describe 'The IRC server' {
    AfterEach { Close-Peer }

    It 'lets two people of python3-irc meet in a channel' -Skip:(-not $python) {
        $told = Invoke-Program (Find-PythonWith irc.client -Package python3-irc) "$PSScriptRoot/../Support/irc_client.py", $port
        $told -split '\r?\n' -ne '' | Should -BeExactly @(
            'bob join bob #go'
            'bob namreply irc bob = #go ann bob'
            'bob pubmsg ann #go hello: all of you'
            'ann privmsg bob ann only you'
            'bob nicknameinuse irc bob ann Nickname is already in use'
            'rob nick bob rob'
            'ann nosuchnick irc ann nobody No such nick/channel'
            'rob part ann #go'
            'rob join ann #go'
            'rob quit ann None Done'
        )
    }

    It 'answers mistakes with their numbers, and goes on' {
        Send-Lines 'WHAT', 'JOIN #a', 'NICK', 'NICK 1', '', 'NICK me', 'USER me 0 * :Me', 'NICK ME', 'PART #a', 'JOIN a', 'JOIN #a', 'PRIVMSG #a',
        'PRIVMSG me :to myself', 'PRIVMSG nobody :x', 'PING :a b', 'QUIT' | Should -BeExactly @(
            ':irc 421 * WHAT :Unknown command', ':irc 451 * :You have not registered', ':irc 461 * NICK :Not enough parameters'
            ':irc 432 * 1 :Erroneous nickname', ':irc 001 me :Welcome', ':me!me@127.0.0.1 NICK :ME', ":irc 442 ME #a :You're not on that channel"
            ':irc 403 ME a :No such channel', ':ME!me@127.0.0.1 JOIN #a', ':irc 353 ME = #a :ME', ':irc 366 ME #a :End of /NAMES list'
            ':irc 412 ME :No text to send', ':ME!me@127.0.0.1 PRIVMSG me :to myself', ':irc 401 ME nobody :No such nick/channel'
            ':irc PONG irc :a b', 'ERROR :Bye'
        )
    }
}
