BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A handler of framed messages whose calls share a scope, <Framing>' -ForEach @(
    @{ Framing = 'Netstring'; Sent = '1:a,0:,3:bcd,2:éx,' }
    @{ Framing = 'Length8'; Sent = "`u{1}a`0`u{3}bcd`u{2}`u{e9}x" }
) {
    AfterEach { Stop-Everything }

    It 'does the same with <_>' -ForEach @(
        '$_', ', $_', '$_; $_', ', $_; $_', '$_; , $_', '$_; "text"', '"text"; $_', '$_; 1; $_', '$_; $null', '$_; @()', '$_[0]', '[byte] 65; [byte] 66; "x"; [byte] 67',
        '"text"; 1; [byte] 65; , [byte[]] (66, 67)', '$_.Length; $_[0..2]', '$Connection.Send($_)', '$_; $Connection.Send($_); $_', '[byte[]]::new(3)', '""; ""',
        '$x = 0; if ($_.Length -gt 2) { $x = $_.Length }; "$x"', '$Server.State.n += $_.Length; $Server.State.n', '[System.Collections.Generic.List[byte]] $_; $_',
        'if ($_.Length -eq 1) { throw "no" }; $_', 'if ($_.Length -eq 1) { "x" * 300 } else { $_ }', '[byte[]]::new(300); "never"', '@{ a = 1 }; $_', '$_; $Server.State.n = $_; $_[0], $_'
    ) {
        $handler = [scriptblock]::Create($_)
        $on = @{ Framing = $Framing; OnError = { 'error' } }
        $said, $first = Start-TcpServer 0 $handler @on -Verbose 4>&1
        "$said" | Should -BeExactly 'OnData: inlined'
        $twin = Use-Twin { Start-TcpServer 0 $handler @on }
        $replies = foreach ($s in $first, $twin) {
            Invoke-Peer $s.Port $Sent | Get-Hex
            $s.Errors.Message -join '|'
        }
        $replies[0..1] | Should -BeExactly $replies[2..3]
    }
}
