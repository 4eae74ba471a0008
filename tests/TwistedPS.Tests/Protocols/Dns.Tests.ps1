BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $dig = [bool](Find-RealProgram dig -Package bind9-dnsutils)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $records = @{
        'www.example.test' = '192.0.2.1', '2001:db8::1', '192.0.2.2'
        'text.example.test' = 'a text', ('x' * 300)
        'many.example.test' = 1..40 | ForEach-Object { "192.0.2.$_" }
    }
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/dns.ps1" @{ Records = $records }).Port

    function Invoke-Dig ([string] $Words) {
        (Invoke-Program dig (@('@127.0.0.1', '-p', $port, '+tries=1', '+time=20') + -split $Words)).Trim() -split '\r?\n'
    }

    # The header of the answer to bytes over UDP, in hexadecimal digits.
    function Get-Header ([byte[]] $Query) {
        $client = Connect-UdpClient 127.0.0.1 $port
        Send-Datagram $client $Query
        $answer = (Receive-Datagram $client -Timeout 30).Data
        Disconnect-UdpClient $client
        $answer.Count | Should -Be 12
        [Convert]::ToHexString($answer)
    }
}

AfterAll { Stop-AllExample }

Describe 'The DNS server' {
    AfterEach { Close-Peer }

    It 'tells dig over <Way> addresses and texts' -Skip:(-not $dig) -ForEach @{ Way = 'UDP'; Option = '+notcp' }, @{ Way = 'TCP'; Option = '+tcp' } {
        Invoke-Dig "$Option +short WWW.example.test" | Should -BeExactly 192.0.2.1, 192.0.2.2
        Invoke-Dig "$Option +short www.example.test AAAA" | Should -BeExactly 2001:db8::1
        Invoke-Dig "$Option +noall +answer text.example.test TXT" | Should -BeExactly @(
            "text.example.test.`t60`tIN`tTXT`t""a text"""
            "text.example.test.`t60`tIN`tTXT`t""$('x' * 255)"" ""$('x' * 45)"""
        )
        Invoke-Dig "$Option +noall +comments text.example.test A" | Should -Contain ';; flags: qr aa rd; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0'
        (Invoke-Dig "$Option no.example.test") -match 'status: NXDOMAIN' | Should -HaveCount 1
        (Invoke-Dig "$Option -c CH www.example.test") -match 'status: REFUSED' | Should -HaveCount 1
        (Invoke-Dig "$Option +opcode=notify www.example.test") -match 'status: NOTIMP' | Should -HaveCount 1
    }

    It 'cuts an answer short that is too long for UDP, so that dig asks over TCP' -Skip:(-not $dig) {
        Invoke-Dig '+notcp +ignore +noall +comments many.example.test' | Should -Contain ';; flags: qr aa tc rd; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0'
        Invoke-Dig '+short many.example.test' | Should -BeExactly $records['many.example.test']
    }

    It 'tells that <Name> is malformed' -ForEach @(
        @{ Name = 'no question'; Query = @(); Count = 0 }
        @{ Name = 'half a name'; Query = 5, 97, 98; Count = 1 }
        @{ Name = 'a name without an end'; Query = 1, 97; Count = 1 }
        @{ Name = 'a name without a type'; Query = 1, 97, 0, 0; Count = 1 }
        @{ Name = 'a name that is a pointer'; Query = 0xC0, 12, 0, 1, 0, 1; Count = 1 }
        @{ Name = 'two questions'; Query = 0, 0, 1, 0, 1, 0, 0, 1, 0, 1; Count = 2 }
    ) {
        Get-Header (@(0xAB, 0xCD, 1, 0, 0, $Count, 0, 0, 0, 0, 0, 0) + $Query) | Should -BeExactly ABCD85010000000000000000
    }

    It 'says nothing to what is no question, and goes on' {
        $client = Connect-UdpClient 127.0.0.1 $port
        Send-Datagram $client ([byte[]] (1, 2)), ([byte[]] (@(0, 1, 0x81) + @(0) * 9)), ([byte[]] (@(0, 2, 1) + @(0) * 9))
        (Receive-Datagram $client -Timeout 30).Data[0, 1] | Should -BeExactly 0, 2
        Disconnect-UdpClient $client
    }

    It 'answers over TCP what comes in pieces' {
        $peer = Connect-Peer $port
        foreach ($byte in [byte[]] (0, 12, 0xAB, 0xCD, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)) { Send-Peer $peer ([char] $byte) }
        [Convert]::ToHexString([Text.Encoding]::Latin1.GetBytes((Receive-Peer $peer -Length 14))) | Should -BeExactly 000CABCD85010000000000000000
    }
}
