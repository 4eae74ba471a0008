BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $kinds = Get-ReactorKind -Background
    $logger, $jq, $socat = 'logger', 'jq', 'socat' | ForEach-Object { [bool](Find-RealProgram $_) }
    $python = [bool](Find-PythonWith asyncio -Package python3)
    $twisted = [bool](Find-PythonWith twisted -Package python3-twisted)
    $peers = @(
        'Netstring', 'Length8', 'Length16', 'Length32' | ForEach-Object {
            @{ Peer = 'Twisted'; File = 'twisted_framing.py'; Kind = $_; Framing = $_; Count = 4; Missing = -not $twisted }
        }
        @{ Peer = 'Python'; File = 'framing_peer.py'; Kind = 'varint'; Framing = 'Varint'; Count = 5; Missing = -not $python }
        @{ Peer = 'Python'; File = 'framing_peer.py'; Kind = 'little-endian'; Framing = 'Length32LE'; Count = 5; Missing = -not $python }
        @{
            Peer = 'Python'; File = 'framing_peer.py'; Kind = 'header'; Count = 5; Missing = -not $python
            Framing = @{ Length = 2; Offset = 1; LittleEndian = $true; Includes = 'Header' }
        }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
}

Describe 'A framing and <Peer>, of <Kind>' -ForEach $peers {
    BeforeAll {
        $program = Find-PythonWith $($Peer -eq 'Twisted' ? 'twisted' : 'asyncio') -Package python3
        $path = (Get-Item $PSScriptRoot/../Support/$File).FullName
    }

    AfterEach { Stop-Everything }

    It 'agree when <Peer> connects' -Skip:$Missing {
        $s = Start-TcpServer 0 { , $_ } -Framing $Framing
        Invoke-Program $program $path, talk, $Kind, $s.Port | Should -Be $Count
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'agree when <Peer> serves' -Skip:$Missing {
        $process = Start-Program $program $path, serve, $Kind
        $c = Connect-TcpClient 127.0.0.1 (Read-ChildLine $process) -Framing $Framing
        # With room for a header, whose other parts Python looks at.
        $message = $Kind -eq 'header' ? [byte[]](7, 0, 0, 99, 0, 0, 0, 1, 2, 3) : [byte[]](0..254)
        for ($i = 0; $i -lt 3; $i++) {
            Send-TcpData $c $message
        }
        $answers = 1..3 | ForEach-Object { [Convert]::ToHexString((Receive-TcpData $c -Timeout 30)) }
        if ($Kind -eq 'header') {
            $message[1] = 10
        }
        $answers | Should -Be (@([Convert]::ToHexString($message)) * 3)
        Disconnect-TcpClient $c
        $process.WaitForExit(30000) | Should -BeTrue
        $process.Errors.Result | Should -BeNullOrEmpty
    }
}

Describe 'A syslog server with octet counting, <Kind>' -ForEach $kinds {
    It 'gets the messages of logger whole, with line breaks in them' -Skip:(-not $logger) {
        $seen = New-Queue
        $reactor = New-Reactor @ReactorOptions
        $s = Start-TcpServer 0 { ($using:seen).Enqueue($Connection.Decode($_)) } -Framing Decimal -Reactor $reactor
        $null = Invoke-Program logger '--octet-count', '--tcp', '--server', '127.0.0.1', '--port', $s.Port, '--tag', 'test', "one`ntwo"
        $null = Invoke-Program logger '--octet-count', '--tcp', '--server', '127.0.0.1', '--port', $s.Port, '--tag', 'test' "first`nsecond`n"
        Wait-Until { $seen.Count -eq 3 }
        $seen.ToArray()[0] | Should -BeLike "<13>1 * test - - *one`ntwo"
        $seen.ToArray()[1..2] | Should -BeLike '<13>1 * test - - *'
        $seen.ToArray()[1..2].ForEach{ $_ -replace '.* ' } | Should -BeExactly first, second
        $s.MessagesCutOff + $s.InvalidMessages | Should -Be 0
        Stop-Reactor $reactor
    }
}

Describe 'JSON lines and jq, <Kind>' -ForEach $kinds {
    It 'agree over socat' -Skip:(-not ($jq -and $socat)) {
        $reactor = New-Reactor @ReactorOptions
        $s = Start-TcpServer 0 { $_.n++; $_ } -Framing Json -Reactor $reactor
        $text = '{ "n": 1, "text": "\u00e9 \n \"" } { "n": 2, "list": [1, [2.5, null], {}] }'
        Invoke-Program bash '-c', "jq -c . | socat -t 10 - TCP:127.0.0.1:$($s.Port) | jq -c ." $text |
            Should -BeExactly "{`"n`":2,`"text`":`"é \n \`"`"}`n{`"n`":3,`"list`":[1,[2.5,null],{}]}`n"
        Stop-Reactor $reactor
    }
}
