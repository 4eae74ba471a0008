BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tools = [bool](Find-RealProgram memccp -Package libmemcached-tools)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/memcached.ps1").Port
    function Send-Lines ([string[]] $Lines) {
        (Invoke-Peer $port (-join ($Lines | ForEach-Object { "$_`r`n" }))) -split '\r\n' | Select-Object -SkipLast 1
    }
}

AfterAll { Stop-AllExample }

Describe 'The little memcached' {
    AfterEach { Close-Peer }

    It 'keeps <Name> for memccp, memccat and memcrm' -Skip:(-not $tools) -ForEach @(
        @{ Name = 'lines'; Bytes = [Text.Encoding]::UTF8.GetBytes("one`r`ntwo`nEND`r`n") }
        @{ Name = 'any bytes'; Bytes = [byte[]] (0..255) * 3906 }
    ) {
        [IO.File]::WriteAllBytes("$TestDrive/item", $Bytes)
        $server = "--servers=localhost:$port"
        $null = Invoke-Program memccp ($server, "$TestDrive/item")
        $null = Invoke-Program memccat ($server, "--file=$TestDrive/copy", 'item')
        (Get-FileHash $TestDrive/copy).Hash | Should -BeExactly (Get-FileHash $TestDrive/item).Hash
        $null = Invoke-Program memcrm ($server, 'item')
        { Invoke-Program memccat ($server, 'item') } | Should -Throw '*ended with*'
    }

    It 'answers what is stored, found and deleted' {
        Send-Lines 'set a 5 0 3', 'one', 'add a 0 0 1', 'x', 'replace a 6 0 0', '', 'get a none', 'replace b 0 0 1', 'x', 'add b 7 0 4', "`n`r`n`0",
        'get b a', 'get A', 'delete b', 'delete b', 'version', 'flush_all', 'get a', 'quit' | Should -BeExactly @(
            'STORED', 'NOT_STORED', 'STORED', 'VALUE a 6 0', '', 'END', 'NOT_STORED', 'STORED'
            'VALUE b 7 4', "`n", "`0", 'VALUE a 6 0', '', 'END', 'END', 'DELETED', 'NOT_FOUND', 'VERSION 1.0', 'OK', 'END'
        )
    }

    It 'is silent where no reply is wanted' {
        Send-Lines 'set a 0 0 1 noreply', '1', 'delete none noreply', 'add a 0 0 1 noreply', '2', 'get a' | Should -BeExactly 'VALUE a 0 1', '1', 'END'
    }

    It 'forgets what is over' {
        Send-Lines 'set a 0 -1 1', '1', 'set b 0 1000000000 1', '2', 'set c 0 60 1', '3', 'set d 0 4000000000 1', '4', 'get a b c d' |
            Should -BeExactly STORED, STORED, STORED, STORED, 'VALUE c 0 1', 3, 'VALUE d 0 1', 4, END
    }

    It 'answers mistakes, and goes on' {
        Send-Lines 'what', 'get', 'set a', 'set a 0 0 x', 'set a 0 0 3', 'abcde', ('x' * 20000), "set $('k' * 251) 0 0 1", 'version' | Should -BeExactly @(
            'ERROR', 'ERROR', 'CLIENT_ERROR bad command line format', 'CLIENT_ERROR bad command line format'
            'CLIENT_ERROR bad data chunk', 'ERROR', 'CLIENT_ERROR line too long', 'CLIENT_ERROR bad command line format', 'VERSION 1.0'
        )
        Send-Lines 'set a 0 0 1000000', 'x' | Should -BeExactly 'SERVER_ERROR object too large for cache'
    }
}
