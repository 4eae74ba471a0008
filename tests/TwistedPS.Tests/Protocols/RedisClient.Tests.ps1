BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $redis = [bool](Find-RealProgram redis-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $script = "$PSScriptRoot/../../../examples/protocols/redis-client.ps1"
}

Describe 'The client of a real redis-server' -Skip:(-not $redis) {
    BeforeAll {
        $port = Get-UnusedPort
        $process = Start-Program (Find-RealProgram redis-server) ('--port', $port, '--bind', '127.0.0.1', '--save', '', '--dir', "$TestDrive")
        Wait-Until { Test-Listening $port }
    }

    AfterAll {
        $process.Kill()
        $process.WaitForExit()
    }

    It 'gets all kinds of replies to commands that it sends at once' {
        $value = "two`r`nlines, and äöü`n"
        $replies = & $script -Port $port 'SET a 1', 'INCR a', ('SET', 'text', $value), ('GET', 'text'), 'GET none', ('SET', 'empty', ''), 'GET empty', 'MGET a none text', 'KEYS no*', 'PING'
        $replies | Should -HaveCount 10
        $replies[0, 1, 2, 3] | Should -BeExactly 'OK', 2, 'OK', $value
        $replies[4] | Should -Be $null
        $replies[6] | Should -BeExactly ''
        $replies[7] | Should -BeExactly '2', $null, $value
        , $replies[8] | Should -BeOfType [Array]
        $replies[9] | Should -BeExactly PONG
    }

    It 'gets an array in an array, and a large text' {
        $replies = & $script -Port $port ('SET', 'large', ('xy' * 700000)), 'GET large', ('EVAL', 'return {1, {2, {}}, "x"}', '0'), 'PING'
        $replies[1] | Should -BeExactly ('xy' * 700000)
        ConvertTo-Json $replies[2] -Compress | Should -BeExactly '[1,[2,[]],"x"]'
        $replies[3] | Should -BeExactly PONG
    }

    It 'writes what is an error, and goes on' {
        $replies = & $script -Port $port 'SET a x', 'INCR a', 'PING' -ErrorVariable errors -ErrorAction SilentlyContinue
        $replies | Should -BeExactly 'OK', 'PONG'
        $errors | Should -BeLike '*not an integer*'
    }

    It 'writes that the connection has ended too early' {
        $replies = & $script -Port $port 'PING', 'QUIT', 'PING' -ErrorVariable errors -ErrorAction SilentlyContinue
        $replies | Should -BeExactly 'PONG', 'OK'
        $errors | Should -BeLike '*ended too early*'
    }
}
