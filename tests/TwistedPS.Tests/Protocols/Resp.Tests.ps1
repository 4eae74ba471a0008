BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $cli, $benchmark = 'redis-cli', 'redis-benchmark' | ForEach-Object { [bool](Find-RealProgram $_ -Package redis-tools) }
    $redis = [bool](Find-RealProgram redis-server)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/resp.ps1").Port

    function Invoke-Redis ([string[]] $Words, [string] $InputText = '') {
        Invoke-Program redis-cli (@('-p', $port) + $Words) $InputText
    }
}

AfterAll { Stop-AllExample }

Describe 'The little Redis' {
    AfterEach { Close-Peer }

    It 'answers redis-cli' -Skip:(-not $cli) {
        Invoke-Redis flushall | Should -BeExactly "OK`n"
        Invoke-Redis ping | Should -BeExactly "PONG`n"
        Invoke-Redis echo, "two`nlines" | Should -BeExactly "two`nlines`n"
        Invoke-Redis set, Key, 'a value' | Should -BeExactly "OK`n"
        Invoke-Redis get, Key | Should -BeExactly "a value`n"
        Invoke-Redis get, key | Should -BeExactly "`n"
        Invoke-Redis incr, n | Should -BeExactly "1`n"
        Invoke-Redis incr, n | Should -BeExactly "2`n"
        (Invoke-Redis keys, '*').Trim() -split '\n' | Sort-Object | Should -BeExactly Key, n
        Invoke-Redis del, Key, n, none | Should -BeExactly "2`n"
        Invoke-Redis keys, '*' | Should -BeExactly "`n"
        Invoke-Redis what, ever | Should -BeExactly "ERR unknown command 'what'`n`n"
    }

    It 'keeps a value <Name>' -Skip:(-not $cli) -ForEach @(
        @{ Name = 'of no bytes'; Value = '' }
        @{ Name = 'of line ends'; Value = "`r`n`n`r" }
        @{ Name = 'of NULs and what looks like a command'; Value = "`0*1`r`n`$4`r`nPING`r`n`0" }
        @{ Name = 'of many bytes'; Value = 'äöü' * 300000 }
    ) {
        Invoke-Redis '-x', 'set', 'key' $Value | Should -BeExactly "OK`n"
        Invoke-Redis get, key | Should -BeExactly "$Value`n"
    }

    It 'carries redis-benchmark, <_> commands at a time' -Skip:(-not $benchmark) -ForEach 1, 16 {
        $said = Invoke-Program redis-benchmark (-split "-p $port -q -n 1000 -c 10 -P $_ -d 100 -t ping,set,get,incr")
        $said -split '[\r\n]+' -match '^\w+: [\d.]+ requests per second' | Should -HaveCount 5
        $said | Should -Not -Match 'error'
    }

    It 'answers as a redis-server does to <Name>' -Skip:(-not $redis) -ForEach @(
        @{ Name = 'commands at once'; Text = "*3`r`n`$3`r`nSET`r`n`$1`r`nk`r`n`$4`r`n`r`n`r`n`r`n*2`r`n`$3`r`nGET`r`n`$1`r`nk`r`n*1`r`n`$4`r`nPING`r`n" }
        @{ Name = 'commands typed by hand'; Text = "  ping  `n`r`nPING hello`r`nset a 1`r`nincr a`r`nget a`r`nget none`r`ndel a a`r`nQUIT`r`n" }
        @{ Name = 'wrong numbers of words'; Text = "GET`r`nget a b`r`nDel`r`n*1`r`n`$4`r`nECHO`r`n" }
        @{ Name = 'numbers that are none'; Text = "set a 01`r`nincr a`r`nset a -5`r`nincr a`r`nset a x`r`nincr a`r`n" }
        @{ Name = 'no words'; Text = "*0`r`n*-1`r`nPING`r`n" }
    ) {
        $realPort = Get-UnusedPort
        $process = Start-Program (Find-RealProgram redis-server) ('--port', $realPort, '--bind', '127.0.0.1', '--save', '', '--dir', "$TestDrive")
        Wait-Until { Test-Listening $realPort }
        $wanted = Invoke-Peer $realPort $Text
        $process.Kill()
        $wanted | Should -Not -BeNullOrEmpty
        Invoke-Peer $port $Text | Should -BeExactly $wanted
    }

    It 'ends a connection with an error after <Name>' -ForEach @(
        @{ Name = 'a number of words that is none'; Text = "*x`r`nPING`r`n" }
        @{ Name = 'too many words'; Text = "*9999999`r`nPING`r`n" }
        @{ Name = 'a word that does not follow'; Text = "*1`r`nPING`r`n" }
        @{ Name = 'a length that is none'; Text = "*1`r`n`$x`r`nPING`r`n" }
        @{ Name = 'a length that is too great'; Text = "*1`r`n`$999999999`r`nPING`r`n" }
    ) {
        Invoke-Peer $port $Text | Should -BeExactly "-ERR Protocol error: invalid length`r`n"
    }

    It 'ends a command within a line that never ends' {
        Invoke-Peer $port ("PING`r`n" + 'x' * 20000) | Should -BeLike "+PONG`r`n*"
        Invoke-Peer $port "PING`r`n" | Should -BeExactly "+PONG`r`n"
    }
}
