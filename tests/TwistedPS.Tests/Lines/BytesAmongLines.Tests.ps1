BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'Bytes among lines, on the <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'come in place of the next line, as many as were asked for' {
        $s = Start-LineServer 0 -Reactor $reactor -OnLine {
            if ($_ -match '^set (\d+)$') { $Connection.ReadBytes($Matches[1]) }
            "line $_"
        } -OnData { "data $([BitConverter]::ToString($_))" }
        Get-Stream $s "a`nset 5`n1`n2`r`n`nset 0`nset 2`n`u{ff}`0b`n" |
            Should -BeExactly "line a`r`nline set 5`r`ndata 31-0A-32-0D-0A`r`nline `r`nline set 0`r`ndata `r`nline set 2`r`ndata FF-00`r`nline b`r`n"
        $s.LinesIn | Should -Be 6
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'come as they are until lines are asked for, with what belongs to them' {
        $s = Start-LineServer 0 -Reactor $reactor -OnLine {
            if ($_ -eq 'raw') { $Connection.ReadRaw() }
            "line $_"
        } -OnData {
            $end = [array]::IndexOf($_, [byte]46)
            $Connection.State.Raw += $Connection.Decode($_[0..($end -lt 0 ? $_.Length : $end)])
            if ($end -lt 0) { return }
            $Connection.ReadLines($_[($end + 1)..$_.Length])
            "raw $($Connection.State.Raw.Length)"
        }
        Get-Stream $s "raw`n1`n2`n.b`nraw`n.c`n" | Should -BeExactly "line raw`r`nraw 5`r`nline b`r`nline raw`r`nraw 6`r`nline c`r`n"
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'come to a client' {
        $s = Start-LineServer 0 -Reactor $reactor { "`$3"; $Connection.Write("a`nb"); 'done' }
        $seen = New-Queue
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $reactor -OnLine {
            ($using:seen).Enqueue($_)
            if ($_[0] -eq '$') { $Connection.ReadBytes($_.Substring(1)) }
        } -OnData { ($using:seen).Enqueue($_.Length) }
        Send-Line $c go
        Wait-Handled $reactor { $seen.Count -ge 3 }
        "$seen" | Should -BeExactly '$3 3 done'
    }

    It 'are asked for from elsewhere, too' {
        $s = Start-LineServer 0 -Reactor $reactor { "line $_" } -OnData { "data $($Connection.Decode($_))" }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $reactor
        Invoke-Reactor -Server $s { foreach ($one in $Server.Connections) { $one.ReadBytes(3) } }
        Send-Line $c abcd -Receive -Count 2 -Timeout 30 | Should -BeExactly 'data abc', 'line d'
    }
}

Describe 'The handler of bytes among lines' {
    AfterEach {
        Stop-Everything
    }

    It 'gets them by position, and the values of -ArgumentList' {
        $s = Start-LineServer 0 { $Connection.ReadBytes(2) } -ArgumentList one -OnData {
            param($Peer, $Bytes, $More)
            "$($Peer -eq $Connection) $($Bytes.GetType()) $([object]::ReferenceEquals($Bytes, $_)) $More"
        }
        Invoke-Peer $s.Port "x`nab" | Should -BeExactly "True byte[] True one`r`n"
    }

    It 'is named where it fails' {
        $s = Start-LineServer 0 { $Connection.ReadBytes(1) } -OnData { throw 'bad bytes' } -OnError { "error $_" }
        Invoke-Peer $s.Port "a`nbc`n" | Should -BeExactly "error bad bytes`r`n"
        $s.Errors[0].Handler | Should -BeExactly OnData
    }

    It 'can be replaced and added' {
        $s = Start-LineServer 0 { $Connection.ReadBytes(1) }
        $s | Set-LineServer -OnData { "one $_" }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c a -NoNewline
        Send-Line $c "`nb" -NoNewline -Receive -Timeout 30 | Should -BeExactly 'one 98'
        $s | Set-LineServer -OnData { "two $_" }
        Send-Line $c "`nc" -NoNewline -Receive -Timeout 30 | Should -BeExactly 'two 99'
    }

    It 'is tested in memory' {
        $c = New-LineTestConnection { $Connection.ReadBytes($_) } -OnData { "<$($Connection.Decode($_))>" } -MaxDataLength 4
        Send-Line $c '4'
        Send-Line $c 'abcd' -NoNewline -Receive | Should -BeExactly '<abcd>'
    }

    It 'is missed by who asks for bytes: <Ask>' -ForEach @(
        @{ Ask = '$Connection.ReadBytes(1)' }
        @{ Ask = '$Connection.ReadRaw()' }
    ) {
        $s = Start-LineServer 0 ([scriptblock]::Create($Ask)) -OnError { "$_" } -Name Mine
        Invoke-Peer $s.Port "a`n" | Should -BeLike '*The line server Mine (*) has no -OnData handler, to which the bytes would go.*'
    }

    It 'gets no more than -MaxDataLength, and <Count> are an error' -ForEach @(
        @{ Count = '5'; Message = '*5 bytes are more than can be read at once: the limit is 4.*' }
        @{ Count = '99999999999'; Message = '*99999999999 bytes are more than can be read at once: the limit is 4.*' }
        @{ Count = '-1'; Message = '*-1*' }
        @{ Count = 'x'; Message = '*"x"*' }
    ) {
        $s = Start-LineServer 0 { $Connection.ReadBytes($_) } -OnData { "data $_" } -MaxDataLength 4 -OnError { "$_" }
        Invoke-Peer $s.Port "$Count`n" | Should -BeLike $Message
    }

    It 'gets a payload of many segments, whole' {
        $s = Start-LineServer 0 { $Connection.ReadBytes($_) } -OnData { $_.Length }
        Invoke-Peer $s.Port "1000000`n$('x' * 1000000)" | Should -BeExactly "1000000`r`n"
    }

    It 'does not get what the end of the stream cuts off' {
        $s = Start-LineServer 0 { $Connection.ReadBytes($_) } -OnData { "data $_" } -DeliverPartialLine
        Invoke-Peer $s.Port "9`nabc" | Should -BeExactly ''
        $s.LinesCutOff | Should -Be 1
    }
}

Describe 'A number of bytes on a TCP connection' {
    AfterEach {
        Stop-Everything
    }

    It 'comes together from a raw stream, and then bytes as they come' {
        $s = Start-TcpServer 0 { "<$($_.Length)>" } -OnConnect { $Connection.ReadBytes(4) }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer 'ab'
        Wait-Until { $s.BytesIn -eq 2 }
        Send-Peer $peer 'cdef'
        Receive-Peer $peer 6 | Should -BeExactly '<4><2>'
        Send-Peer $peer 'g'
        Receive-Peer $peer 3 | Should -BeExactly '<1>'
    }

    It 'comes among frames' {
        $s = Start-TcpServer 0 { if ($_[0] -eq 33) { $Connection.ReadBytes(3) }; , $_ } -Framing Netstring
        Invoke-Peer $s.Port '1:a,1:!,xyz1:b,' | Should -BeExactly '1:a,1:!,3:xyz,1:b,'
    }
}
