BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    # Keeps the variable of its first call, whose value tells whether a later call has the same scope.
    $keep = '$own = "$_"; if ($null -eq $Owner.State.kept) { $Owner.State.kept = Get-Variable own }; Write-ReactorLog "has <$($Owner.State.kept.Value)>"; '
    $keepForConnection = $keep.Replace('$Owner', '$Connection')
    $keepForServer = $keep.Replace('$Owner', '$Server')

    # The values that the variable of the first call has after each call of a connection.
    function Get-Kept ($Server, [string] $Sent) {
        $before = @(@($Server.Log.Message) -like 'has *').Count
        $null = Invoke-Peer $Server.Port $Sent
        $Server.Log.Message -like 'has *' -replace '^has ' | Select-Object -Skip $before
    }

    # Has some datagrams wait for a foreground reactor before it runs, and outputs all that can be seen.
    function Get-DatagramTranscript ([string] $Text, [hashtable] $Options = @{}) {
        $reactor = New-Reactor -Foreground
        $s = Start-UdpServer 0 ([scriptblock]::Create($Text)) -AsText -Reactor $reactor -Name same @Options -InitializationScript {
            function Stop-Here { throw "stopped by $args" }
            function Leave-Loop { break }
        }
        $peers = foreach ($n in 1, 2) {
            $peer = [System.Net.Sockets.UdpClient]::new()
            $peer.Connect('127.0.0.1', $s.Port)
            $peer.Client.ReceiveTimeout = 30000
            $peer
        }
        try {
            foreach ($data in 'a', 'b', 'ab', '', '7', 'b') {
                foreach ($peer in $peers) {
                    $bytes = [Text.Encoding]::UTF8.GetBytes($data)
                    $null = $peer.Send($bytes, $bytes.Length)
                }
            }
            $null = Wait-Reactor $reactor -Until { $s.DatagramsIn -ge 12 } -Timeout 30 -ErrorAction SilentlyContinue
            Invoke-Reactor -Reactor $reactor { }
            $s.DatagramsIn, $s.DatagramsOut
            foreach ($peer in $peers) {
                $from = $null
                while ($peer.Available -gt 0) {
                    [Text.Encoding]::UTF8.GetString($peer.Receive([ref] $from))
                }
            }
            $s.Errors | ForEach-Object { "$($_.Handler): $($_.Message) $($_.Where) $($_.Exception.ErrorRecord.FullyQualifiedErrorId)" }
            $s.Log | Where-Object Message -NotMatch 'Started on' | ForEach-Object { "$($_.Level) $($_.Message)" }
            $s.State.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" }
        }
        finally {
            $peers.Dispose()
            Stop-UdpServer $s -DrainTime 0
            Stop-Reactor $reactor
        }
    }
}

Describe 'A handler with commands that gets <Framing>' -ForEach @(
    @{ Framing = 'Netstring'; Sent = '1:a,0:,3:bcd,2:éx,1:a,' }
    @{ Framing = 'Length8'; Sent = "`u{1}a`0`u{3}bcd`u{2}`u{e9}x`u{1}a" }
) {
    AfterEach { Stop-Everything }

    It 'does the same as one that is called for each message with <_>' -ForEach @(
        'Write-Output $_', 'Write-Output $_ -NoEnumerate', 'Write-Output $_; $_', '$_; Write-Output text', 'Write-Output 1 text; [byte] 65; , [byte[]] (66, 67)',
        'Write-Output text 1 $null; "", $_.Length', 'Write-Output 1.5; Get-Date 2020-01-01 -Format yyyy; @{ a = 1 }', 'Send-TcpData $Connection $_; Write-Output $_ -NoEnumerate',
        'if ($_.Length -eq 1) { Get-Item ./none -ErrorAction Stop }; $_', 'if ($_.Length -eq 1) { Write-Output ("x" * 300) } else { $_ }',
        'Write-Output ([byte[]]::new(300)); "never"', 'if ($_.Length -eq 3) { $x = "left" }; Write-Output "<$x>"', 'Write-Output "before"; if ($_.Length -eq 3) { exit }; "after"',
        'Write-Output @(1, 2) -NoEnumerate; , $_', '$null = Get-Date; if ($_.Length -eq 3) { $Connection.Close() }; $_'
    ) {
        $handler = [scriptblock]::Create($_)
        $on = @{ Framing = $Framing; OnError = { 'error' } }
        $first = Start-TcpServer 0 $handler @on
        $twin = Use-Twin { Start-TcpServer 0 $handler @on }
        $replies = foreach ($s in $first, $twin) {
            Invoke-Peer $s.Port $Sent | Get-Hex
            $s.Errors.Message -join '|'
        }
        $replies[0..1] | Should -BeExactly $replies[2..3]
    }

    It 'has one scope for all calls with an output of <_>' -ForEach 'Write-Output text', 'Write-Output 5 text', '[byte] 65; Write-Output text', '$_', 'Write-Output $null' {
        $handler = [scriptblock]::Create("$keepForConnection$_")
        $s = Start-TcpServer 0 $handler -Framing $Framing
        $twin = Use-Twin { Start-TcpServer 0 $handler -Framing $Framing }
        "$(Get-Kept $twin $Sent)" | Should -BeExactly '<97> <97> <97> <97> <97>'

        # On a busy machine a turn may end between two of them.
        Wait-Until { "$(Get-Kept $s $Sent)" -match '^<97> <> <98 99 100> <[\d ]+> <97>$' }
    }
}

Describe 'A handler that gets JSON<Of>' -ForEach @(
    @{ Of = ''; Options = @{ Framing = 'Json' } }
    @{ Of = ' as hashtables'; Options = @{ Framing = 'Json:AsHashtable' } }
) {
    BeforeAll {
        $sent = '{"a":1}', '{"a":[1,{"b":2}]}', '', 'no JSON', 'null', '5', '"text"', '{"a":{"b":null}}', '[1,2]', '{"a":1}' -join "`n"
    }

    AfterEach { Stop-Everything }

    It 'does the same as one that is called for each with <_>' -ForEach @(
        ', $_', '$_', 'Write-Output $_ -NoEnumerate', '$_.a', '"$($_.a)"; @{ x = $_ }', '[pscustomobject]@{ x = $_; y = Get-Date 2020-01-01 }', '[ordered]@{ x = 1.5; y = [byte] 1; z = $null; a = 1d }',
        'if ($_.a -eq 1) { $x = "left" }; @{ x = $x }', 'if ($_ -eq 5) { throw "no" }; , $_', 'if ($_ -eq 5) { $Connection.Close() }; , $_', 'Send-TcpData $Connection @{ sent = 1 }; Write-Output output',
        '[pscustomobject]@{ a = 1 } | Add-Member -MemberType ScriptProperty -Name own -Value { "own $x $($this.a)" } -PassThru; $x = "left"', '@{ 1 = 2; (Get-Date 2020-01-01) = 3 }; [guid]::Empty; [DayOfWeek]::Monday',
        'param($Peer, [pscustomobject] $Order) $Order.a; $Order', 'param($Peer, [int] $Number) $Number', 'param($Peer, [hashtable] $Order) $Order.Count', '$t = @{ n = 1 }; $t.t = $t; if ($_ -eq 5) { $t } else { "small" }',
        'trap { "trapped"; continue }; [int] $_.a; , [byte[]] (1, 2)', ', [byte[]] (1, 2)', '[Collections.Generic.List[object]] @(1, $_)', '$r = [pscustomobject]@{ }; 1..20 | ForEach-Object { $r = @{ r = $r } }; $r'
    ) {
        $handler = [scriptblock]::Create($_)
        foreach ($more in @{}, @{ OnError = { "error $_ <$x>" } }) {
            $first = Start-TcpServer 0 $handler @Options @more
            $twin = Use-Twin { Start-TcpServer 0 $handler @Options @more }
            $replies = foreach ($s in $first, $twin) {
                Invoke-Peer $s.Port $sent
                $s.Errors.Message -join '|'
                $s.MessagesInvalid
            }
            $replies[0..2] | Should -BeExactly $replies[3..5]
        }
    }

    It 'has one scope for all calls with an output of <_>' -ForEach @(
        'Write-Output text', '[pscustomobject]@{ x = $_; y = 1, 2 }', '@{ x = @{ y = Get-Date } }', ', $_', '$_.a', '5; 1.5; $null'
    ) {
        $s = Start-TcpServer 0 ([scriptblock]::Create($keepForConnection.Replace('"$_"', '$_.a') + $_)) @Options
        $numbers = "{`"a`":1}`n{`"a`":2}`n{`"a`":3}`n"
        Wait-Until { "$(Get-Kept $s $numbers)" -ceq '<1> <2> <3>' }
    }

    It 'has no scope for a script in its output' {
        $s = Start-TcpServer 0 ([scriptblock]::Create(
                "$keepForConnection[pscustomobject]@{ } | Add-Member -MemberType ScriptProperty -Name own -Value { `"`$own`" } -PassThru")) @Options
        "$(Get-Kept $s "1`n2`n")" | Should -BeExactly '<1> <1>'
        Invoke-Peer $s.Port "1`n2`n" | Should -BeExactly "{`"own`":`"`"}`n{`"own`":`"`"}`n"
    }
}

Describe 'A handler of bytes among lines with commands' {
    BeforeAll {
        $handler = { if ($_ -match '^b(\d+)$') { $Connection.ReadBytes([int] $Matches[1]) }; Write-Output "line $_ <$x>"; $x = 'left' }

        function Get-Exchange ([string] $OnData, [hashtable] $Options) {
            $s = Start-LineServer 0 $handler -OnData ([scriptblock]::Create($OnData)) @Options
            Invoke-Peer $s.Port "b3`nabcb1`nxb2`nyzplain`nb0`nb4`nlast"
            $s.Errors.Message -join '|'
            $s.LinesIn
        }
    }

    AfterEach { Stop-Everything }

    It 'does the same as one that is called for each with <_>' -ForEach @(
        'Write-Output "data $($_.Length) <$x>"; $x = "of data"', 'param($Peer, [byte[]] $Data) Write-Output "$Data"', 'param($Peer, [string] $Data) Write-Output "$Data"',
        'param($Peer, $Data) if ($Data.Length -eq 1) { Get-Item ./none -ErrorAction Stop }; Write-Output $Data.Length', 'if ($_.Length -eq 2) { $Connection.Close() }; Write-Output data',
        'if ($_.Length -eq 3) { $Connection.ReadBytes(1) }; Write-Output "data $_"', 'param($Peer, [int] $Data) Write-Output $Data'
    ) {
        foreach ($options in @{}, @{ OnError = { "error <$x>" } }) {
            $expected = Use-Twin { Get-Exchange $_ $options }
            Get-Exchange $_ $options | Should -BeExactly $expected
        }
    }

    It 'has one scope for all calls' {
        $s = Start-LineServer 0 { $Connection.ReadBytes(1) } -OnData ([scriptblock]::Create("$keepForConnection`$Connection.ReadBytes(1); Write-Output text"))
        Wait-Until { "$(Get-Kept $s "`n123")" -ceq '<49> <50> <51>' }
    }
}

Describe 'A handler of lines with commands' {
    AfterEach { Stop-Everything }

    It 'has one scope for all calls with an output of <_>' -ForEach 'Write-Output text', 'Write-Output 5 text', '"$_".Length; Write-Output $null', 'Write-Output 1.5 12345678901 1d $true', 'Get-Date' {
        $s = Start-LineServer 0 ([scriptblock]::Create("$keepForConnection$_"))
        Wait-Until { "$(Get-Kept $s "a`nb`nc`n")" -ceq '<a> <b> <c>' }
    }
}

Describe 'A handler of datagrams with commands' {
    It 'does the same as one that is called for each with <_>' -ForEach @(
        'Write-Output $_', 'Write-Output "$_ of $($Peer.RemoteAddress.Port -eq $Peer.EndPoint.Port)" $_.Length', 'Write-Output 1.5; @{ a = $_ }; Get-Date 2020-01-01 -Format yyyy',
        'param($From, $Text) $n = "$Text!"; Write-Output $n $From.State.Count; $From = 5', 'if ($_ -eq "a") { $x = "left" }; Write-Output "<$x>"',
        'Write-Output "before"; if ($_ -eq "b") { Stop-Here $_ }; "after"', 'Write-Output "before"; if ($_ -eq "b") { Leave-Loop }; "after"',
        'Write-Output $_; if ($_ -eq "b") { exit }; "after"', 'if ($_ -eq "b") { Remove-Variable Peer }; Write-Output $_', 'Set-Variable Peer other; "$Peer".Length',
        'Write-Output first; if ($_ -eq "ab") { "x" * 70000 }; "last"', '"one"; $Peer.Send("two"); Send-Datagram $Peer three; Write-Output four', 'Write-ReactorLog "log of $_"; $_',
        'param($From, [int] $Number) Write-Output $Number', '$null = Get-Date; $Server.State[$_] += 1', 'Set-Alias say Write-Output; say $_', 'Write-Output ([byte] 65) ([byte] 66) "x"; , [byte[]] (67, 68)', 'Out-Null; $Server.State.n += 1; $Server.State.n'
    ) {
        foreach ($options in @{}, @{ OnError = { "error $_" } }) {
            $expected = Use-Twin { Get-DatagramTranscript $_ $options }
            Get-DatagramTranscript $_ $options | Should -BeExactly $expected
        }
    }

    It 'has one scope for all calls' {
        Use-Twin { Get-DatagramTranscript "$keepForServer`$_" } | Where-Object { $_ -like '* has *' } | Select-Object -Unique | Should -HaveCount 1
        Wait-Until { @(Get-DatagramTranscript "$keepForServer`$_" | Where-Object { $_ -like '* has *' } | Select-Object -Unique).Count -eq 5 }
    }
}
