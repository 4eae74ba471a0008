BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $socat = [bool](Find-RealProgram socat)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
}

Describe 'A conversation of bytes' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-TcpClient | Disconnect-TcpClient
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'asks, waits and answers, in the order in which it is written' {
        $s = Start-TcpServer 0 -Conversation {
            'size? '
            $size = (Receive-TcpData -Count 2)[1]
            $data = Receive-TcpData -Count $size
            "$($data.Count) bytes: $data"
        }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until 'size? ' | Should -BeExactly 'size? '
        Send-Peer $peer "`0`u{3}a"
        Send-Peer $peer "b`u{ff}"
        Receive-Peer $peer -End | Should -BeExactly '3 bytes: 97 98 255'
        $peer.Close()
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.Log.Message -match 'Lost client connection' | Should -BeLike '*Reason: Done'
        $s.ErrorCount | Should -Be 0
    }

    It 'receives up to an end, so many bytes, what has come, and the rest, as bytes or text' {
        $s = Start-TcpServer 0 -Conversation {
            Receive-TcpData -Until "`n" -AsString
            Receive-TcpData $Connection -Count 2 -AsString
            'go '
            (Receive-TcpData -AsString).Length
            'rest '
            (Receive-TcpData -ToEnd).Count
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "ab`ncd"
        Receive-Peer $peer -Until 'go ' | Should -BeExactly "ab`ncdgo "
        Send-Peer $peer 'xyz'
        Receive-Peer $peer -Until 'rest ' | Should -BeExactly '3rest '
        Send-Peer $peer ('x' * 100000) -End
        Receive-Peer $peer -End | Should -BeExactly '100000'
    }

    It 'sends bytes, text and the results of Deferreds in order, unrolled or not' {
        $s = Start-TcpServer 0 -Conversation {
            [byte[]](1, 2)
            'a'
            , [byte[]](3, 4)
            5
            [byte]6
            Send-TcpData 'b'
            Send-TcpData ([byte[]](7, 8))
            [byte]9
            [byte[]](10, 11) | Send-TcpData
            Send-TcpData $Connection 'c'
            'd', [byte]12 | Send-TcpData
            $Connection.Write('e')
        }
        Invoke-Peer $s.Port | Get-Hex | Should -Be '01026103043506620708090A0B63640C65'
    }

    It 'sends each byte when it comes' {
        $s = Start-TcpServer 0 -Conversation { [byte]65; Wait-Event never }
        $peer = Connect-Peer $s.Port
        Receive-Peer $peer -Until 'A' | Should -BeExactly 'A'
    }

    It 'sends a megabyte of bytes that come one by one' {
        $s = Start-TcpServer 0 -Conversation { [byte[]]::new(1MB) }
        (Invoke-Peer $s.Port).Length | Should -Be 1MB
    }

    It 'has messages of a framing, which it counts, and sends bytes in a row as one' {
        $s = Start-TcpServer 0 -MetricsPort 0 -Framing Netstring -Conversation {
            $first, $second = Receive-TcpData -Count 2 -AsString
            "$first+$second"
            [byte[]](65, 66)
            'end'
            [byte]67
            Send-TcpData 'x'
            Receive-TcpData -ToEnd -AsString
        }
        Invoke-Peer $s.Port '3:one,0:,2:ab,1:c,' | Should -BeExactly '4:one+,2:AB,3:end,1:C,1:x,2:ab,1:c,'
        $page = Invoke-RestMethod "http://127.0.0.1:$($s.MetricsPort)/metrics"
        [regex]::Matches($page, "_messages_total{.*port=`"$($s.Port)`".*io_direction=`"(.+)`"} (.+)").ForEach{ "$($_.Groups[1,2])" } | Should -Be 'receive 4', 'transmit 7'
    }

    It 'has objects with -Framing Json, and sends each at once' {
        $s = Start-TcpServer 0 -Framing Json -Conversation {
            $question = Receive-TcpData
            [pscustomobject]@{ sum = $question.a + $question.b }
            Wait-Event never
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer "{`"a`":2,`"b`":3}`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly "{`"sum`":5}`n"
    }

    It 'receives a number of bytes in place of a message' {
        $s = Start-TcpServer 0 -Framing Netstring -Conversation {
            $Connection.ReadBytes((Receive-TcpData -AsString))
            [byte[]](103, 111)
            Receive-TcpData -AsString
            Receive-TcpData -AsString
        }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer '1:4,'
        Receive-Peer $peer -Until 'go,' | Should -BeExactly '2:go,'
        Send-Peer $peer 'raw!2:ok,'
        Receive-Peer $peer -End | Should -BeExactly '4:raw!,2:ok,'
    }

    It 'ends, or can catch it, when the peer sends nothing more, and keeps what has come' {
        $s = Start-TcpServer 0 -Conversation {
            try { Receive-TcpData -Count 4 } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject -eq $Connection) " }
            Receive-TcpData -ToEnd -AsString
            Receive-TcpData
            'never'
        }
        Invoke-Peer $s.Port 'abc' | Should -BeExactly 'ConversationEnded True abc'
        $s.ErrorCount | Should -Be 0
    }

    It 'has a time-out, which ends it unless it is caught, and keeps what has come' {
        $s = Start-TcpServer 0 -Conversation {
            $null = Receive-TcpData -Until '>'
            try { Receive-TcpData -Count 4 -Timeout 1ms } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) " }
            Receive-TcpData -Count 4 -Timeout 1ms -ErrorAction SilentlyContinue
            Receive-TcpData -Count 3 -AsString
            Receive-TcpData -Timeout 1ms
            'never'
        } -OnError { " E: $($_.FullyQualifiedErrorId.Split(',')[0])" }
        $peer = Connect-Peer $s.Port
        Send-Peer $peer '>abc'
        Receive-Peer $peer -End | Should -BeExactly 'ReceiveTimeout abc E: ReceiveTimeout'
    }

    It 'has a limit of what is one output, which ends it unless it is caught' {
        $s = Start-TcpServer 0 -Conversation {
            try { Receive-TcpData -Until "`n" -MaxLength 3 } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) " }
            Receive-TcpData -Until "`n" -AsString
        }
        Invoke-Peer $s.Port "abcde`n" | Should -BeExactly "ReplyTooLong abcde`n"
    }

    It 'is stopped when its connection is lost' {
        $s = Start-TcpServer 0 -Conversation { try { 'begun'; Receive-TcpData } finally { Write-ReactorLog 'cleaned up' } }
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Until begun
        Reset-Peer $peer
        Wait-Until { $s.ConnectionCount -eq 0 -and $s.Log.Message -contains 'cleaned up' }
        $s.ErrorCount | Should -Be 0
    }

    It 'ends with its server, and can say goodbye' {
        $s = Start-TcpServer 0 -Conversation { try { 'begun'; Receive-TcpData } catch { 'closing' } }
        $peer = Connect-Peer $s.Port
        $null = Receive-Peer $peer -Until begun
        $peer.Client.Shutdown('Send')
        Stop-TcpServer $s
        Receive-Peer $peer -End | Should -BeExactly closing
        Wait-Until { -not (Get-Runspace | Where-Object Name -Like 'TwistedPS conversation*') }
    }

    It 'has its turn after those before it, and is told so in the framing of the server' {
        $s = Start-TcpServer 0 -Framing Netstring -ThrottleLimit 1 -QueuedMessage wait -Conversation { "hello $(Receive-TcpData -AsString)" }
        $first = Connect-Peer $s.Port
        Wait-Until { $s.ConnectionCount -eq 1 }
        $second = Connect-Peer $s.Port
        Receive-Peer $second -Until ',' | Should -BeExactly '4:wait,'
        Send-Peer $second '1:b,'
        Send-Peer $first '1:a,'
        Receive-Peer $first -End | Should -BeExactly '7:hello a,'
        Receive-Peer $second -End | Should -BeExactly '7:hello b,'
    }

    It 'goes on when Set-TcpServer replaces handlers, which can not be -OnData' {
        $s = Start-TcpServer 0 -OnConnect { 'old ' } -Conversation { "one $(Receive-TcpData -AsString)" }
        Set-TcpServer $s -OnConnect { 'new ' }
        Invoke-Peer $s.Port 'b' | Should -BeExactly 'new one b'
        (Get-Failure { Set-TcpServer $s -OnData { } }).Id | Should -Be ConversationContradicted
    }

    It 'serves a test connection, in memory' {
        $s = Start-TcpServer 0 -Conversation { "hello $(Receive-TcpData -AsString)" }
        $c = New-TcpTestConnection -Server $s
        Send-TcpData $c 'Ann'
        Receive-TcpData $c -AsString -Count 9 -Timeout 20 | Should -BeExactly 'hello Ann'
    }

    It 'uses clients beside its peer' {
        $echo = Start-TcpServer 0 { $_ }
        $port = $echo.Port
        $s = Start-TcpServer 0 -Conversation {
            $other = Connect-TcpClient 127.0.0.1 $using:port -Name Echo
            Send-TcpData $other (Receive-TcpData)
            Send-TcpData -Connection Echo -Data '!'
            Receive-TcpData $other -Count 3 -AsString -Timeout 20
            Receive-TcpData Echo -Count 1 -Timeout 1ms -ErrorAction SilentlyContinue
        }
        Invoke-Peer $s.Port 'ab' | Should -BeExactly 'ab!'
    }

    It 'serves a program of others' -Skip:(-not $socat) {
        $s = Start-TcpServer 0 -Conversation {
            $length = (Receive-TcpData -Count 1)[0]
            (Receive-TcpData -Count $length -AsString).ToUpperInvariant()
            "$(Receive-TcpData -ToEnd -AsString)."
        }
        Invoke-Program (Find-RealProgram socat) '-t60', '-', "TCP:127.0.0.1:$($s.Port)" -InputText "`u{3}abcrest" | Should -BeExactly 'ABCrest.'
    }
}

Describe 'Start-TcpServer -Conversation' {
    It 'is refused together with -OnData and several reactors' {
        $failure = Get-Failure { Start-TcpServer 0 -Conversation { } -OnData { } }
        $failure.Id, $failure.Category, $failure.IsTerminating | Should -Be ConversationContradicted, InvalidArgument, $true
        (Get-Failure { Start-TcpServer 0 -Conversation { } -ReactorCount 2 }).Id | Should -Be ParameterWithoutEffect
        (Get-Failure { Start-TcpServer 0 { } -QueuedMessage x }).Id | Should -Be ParameterWithoutEffect
        Get-TcpServer | Should -BeNullOrEmpty
    }

    It 'refuses a -QueuedMessage that can not be sent' {
        (Get-Failure { Start-TcpServer 0 -Conversation { } -Framing 'Until:||' -QueuedMessage 'a||b' }).Id | Should -Be DelimiterInText
    }

    It 'is named where there is nothing to do' {
        (Get-Failure { Start-TcpServer 0 }).Message | Should -BeExactly 'Start-TcpServer needs at least one handler: specify -OnData, or -Conversation or -OnConnect.'
    }
}

Describe 'Cmdlets of the peer of a conversation' {
    AfterEach {
        Close-Peer
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineServer | Stop-LineServer -DrainTime 0
    }

    It 'need a client where there is none' {
        $failure = Get-Failure { Receive-TcpData -Count 2 }
        $failure.Id, $failure.IsTerminating | Should -Be ConversationMissing, $true
        (Get-Failure { Send-TcpData 'a' }).Id | Should -Be ConversationMissing
        (Get-Failure { 'a' | Send-TcpData }).Id | Should -Be InvalidTarget
    }

    It 'receive what the server of the conversation has: lines or bytes' {
        $id = { param($Try) try { & $Try; 'none' } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }
        $s = Start-TcpServer 0 -ArgumentList $id -Conversation { param($Peer, $Id) & $Id { Receive-Line }; & $Id { Receive-Line 'name? ' } }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly ConversationMissingConversationMissing
        $s = Start-LineServer 0 -ArgumentList $id -Conversation { param($Peer, $Id) & $Id { Receive-TcpData }; Send-TcpData 'raw' }
        Invoke-Peer $s.Port "a`n" | Should -BeExactly "ConversationMissing`r`nraw"
    }
}
