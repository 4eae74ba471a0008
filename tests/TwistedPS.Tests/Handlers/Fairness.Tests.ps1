BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A connection that sends much' {
    BeforeEach {
        $r = New-Reactor -Foreground -FakeClock
        $clock = $r.TimeProvider
        $call = [timespan]::FromMilliseconds(15)
        $seen = [System.Collections.Generic.List[string]]::new()
        $null = $clock, $call
    }

    AfterEach {
        Close-Peer
        Stop-Reactor $r
    }

    It 'gives way to others after its time, with <Way> handler' -ForEach @(
        @{ Way = 'an inlined'; Verdict = 'inlined'; Handler = { $clock.Advance($call); $seen.Add($_); "<$_>" } }
        @{ Way = 'any other'; Verdict = 'it calls *'; Handler = { $clock.Advance($call); $seen.Add($_); Write-Output "<$_>" } }
    ) {
        $verdict, $s = Start-LineServer 0 $Handler -Reactor $r -Verbose 4>&1
        "$verdict" | Should -BeLike "*$Verdict*"
        $null = Start-ReactorTimer -After 15ms { $seen.Add('tick') } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "1`n2`n3`n4`n5`n6`n7`n8`n" -End
        Wait-Reactor $r -Until { $s.ConnectionCount -eq 0 -and $s.TotalConnections } -Timeout 30
        $seen.IndexOf('tick') | Should -BeIn (1..7)
        $seen | Where-Object { $_ -ne 'tick' } | Should -BeExactly ([string[]] (1..8))
        Receive-Peer $peer -End | Should -BeExactly (-join (1..8 | ForEach-Object { "<$_>`r`n" }))
    }

    It 'is handled in order with a handler that is replaced meanwhile' {
        $s = Start-LineServer 0 { $clock.Advance($call); if ($_ -eq '3') { Set-LineServer $s -OnLine { $clock.Advance($call); "new $_" } }; "old $_" } -Reactor $r
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "1`n2`n3`n4`n5`n6`n" -End
        Wait-Reactor $r -Until { $s.ConnectionCount -eq 0 -and $s.TotalConnections } -Timeout 30
        Receive-Peer $peer -End | Should -BeExactly "old 1`r`nold 2`r`nold 3`r`nnew 4`r`nnew 5`r`nnew 6`r`n"
    }
}
