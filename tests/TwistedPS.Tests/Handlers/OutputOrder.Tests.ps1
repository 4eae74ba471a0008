BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    # Each gets the line "x" and is to answer with first, second and third.
    $handlers = @(
        @{ Way = 'Send-Line'; Handler = { 'first'; Send-Line $Connection 'second'; 'third' } }
        @{ Way = 'Send-Line to all connections of its server'; Handler = { 'first'; Send-Line -Server $Server 'second'; 'third' } }
        @{ Way = 'Send-Line to a group'; Handler = { $null = $Server.Groups['all'].Add($Connection); 'first'; Send-Line $Server.Groups['all'] 'second'; 'third' } }
        @{ Way = '$Connection.Send'; Handler = { 'first'; $Connection.Send('second'); 'third' } }
        @{ Way = '$Connection.Write of text'; Handler = { 'first'; $Connection.Write("sec"); $Connection.Write("ond`r`n"); 'third' } }
        @{ Way = '$Connection.Write of bytes'; Handler = { 'first'; $Connection.Write([Text.Encoding]::ASCII.GetBytes("second`r`n")); 'third' } }
        @{ Way = 'Send-TcpData'; Handler = { 'first'; Send-TcpData $Connection "second`r`n"; 'third' } }
        @{ Way = 'a pipeline'; Handler = { 'first', 'third' | ForEach-Object { $_; if ($_ -eq 'first') { Send-Line $Connection 'second' } } } }
        @{ Way = 'a function'; Handler = { function Reply { 'first'; Send-Line $Connection 'second' }; Reply; 'third' } }
        @{ Way = 'a method of a class'; Handler = { class Voice { [void] Say($c) { $c.Send('second') } }; 'first'; [Voice]::new().Say($Connection); 'third' } }
        @{ Way = 'a scriptblock in a table'; Handler = { $table = @{ x = { 'first'; $Connection.Send('second') } }; & $table[$_]; 'third' } }
        @{ Way = 'a loop and a switch'; Handler = { foreach ($i in 1..2) { switch ($i) { 1 { 'first' } 2 { $Connection.Send('second'); 'third' } } } } }
        @{ Way = 'exit'; Handler = { 'first'; Send-Line $Connection 'second'; 'third'; exit; 'never' } }
        @{ Way = 'break'; Handler = { 'first'; $Connection.Send('second'); 'third'; break; 'never' } }
        @{ Way = 'break in a function'; Handler = { function Leave { break }; 'first'; $Connection.Send('second'); 'third'; Leave; 'never' } }
        @{ Way = 'parameters with attributes'; Handler = { [CmdletBinding()] param([Parameter(Mandatory)] $Peer, $Line) 'first'; $Peer.Send('second'); 'third' } }
        @{ Way = 'a format'; Handler = { [pscustomobject]@{ first = 1 } | Format-Table -HideTableHeaders -Property @{ n = 'x'; e = { 'first' } } | Out-String -Stream | Where-Object { $_ } | ForEach-Object Trim; $Connection.Send('second'); 'third' } }
        @{ Way = 'an object'; Handler = { [uri] 'first'; $Connection.Send('second'); [uri] 'third' } }
        @{ Way = 'a callback that a handler has fire'; Handler = {
                $d = New-Deferred
                $null = Add-DeferredCallback $d { Send-Line $Connection 'second' }
                'first'
                Complete-Deferred $d
                'third'
            }
        }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'What a handler outputs and what it sends, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $on = @{ Reactor = New-Reactor @ReactorOptions }
    }

    AfterEach {
        Stop-Everything
        Stop-Reactor $on.Reactor
    }

    It 'goes out in the order written, with <Way>' -ForEach $handlers {
        $s = Start-LineServer 0 $Handler @on
        Get-Stream $s "x`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'goes out in that order with the result of an earlier call that it has fire' {
        $s = Start-LineServer 0 {
            if ($_ -eq 'ask') { ($Server.State.d = New-Deferred) } else { 'first'; Complete-Deferred $Server.State.d 'second'; 'third' }
        } @on
        Get-Stream $s "ask`nx`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
    }

    It 'goes out in that order on every connection and for every line' {
        $s = Start-LineServer 0 { "a $_"; Send-Line $Connection "b $_"; "c $_" } @on
        Get-Stream $s "1`n2`n3`n" | Should -BeExactly (-join (1..3 | ForEach-Object { "a $_`r`nb $_`r`nc $_`r`n" }))
    }

    It 'goes out in that order from <Name>' -ForEach @(
        @{ Name = 'OnConnect'; Handlers = @{ OnConnect = { 'first'; Send-Line $Connection 'second'; 'third' } } }
        @{ Name = 'OnEnd'; Handlers = @{ OnLine = { }; OnEnd = { 'first'; Send-Line $Connection 'second'; 'third'; $Connection.Close() } } }
        @{ Name = 'OnError'; Handlers = @{ OnLine = { throw 'no' }; OnError = { 'first'; Send-Line $Connection 'second'; 'third' } } }
    ) {
        $s = Start-LineServer 0 @Handlers @on
        Get-Stream $s "x`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
    }

    It 'goes out in that order from a timer, and a process, of the connection' {
        $s = Start-LineServer 0 {
            if ($_ -eq 'timer') {
                $null = Start-ReactorTimer -After 1ms { 'first'; Send-Line $Connection 'second'; 'third' }
            }
            else {
                $null = Start-ReactorProcess cat -InputObject 'x' -OnOutput { 'first'; Send-Line $Connection 'second'; 'third' }
            }
        } @on
        Get-Stream $s "timer`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
        Get-Stream $s "process`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
    }

    It 'goes out in that order from a client' {
        $lines = New-Queue
        $s = Start-LineServer 0 -OnConnect { 'go' } -OnLine { ($using:lines).Enqueue($_); if ($_ -eq 'third') { $Connection.Close() } } @on
        $c = Connect-LineClient 127.0.0.1 $s.Port { 'first'; Send-Line $Client 'second'; 'third' } @on
        Wait-LineClient $c -Timeout 30
        $lines | Should -BeExactly 'first', 'second', 'third'
    }

    It 'goes out in that order as bytes, and as messages of a framing' {
        $s = Start-TcpServer 0 { [byte[]] (49, 50); Send-TcpData $Connection '3'; '4'; $Connection.Send([byte[]] (53)); [byte] 54; [byte] 55 } @on
        Get-Stream $s 'x' | Should -BeExactly '1234567'
        $s = Start-TcpServer 0 { 'a'; 'b'; Send-TcpData $Connection 'c'; 'd'; $Connection.Send([byte[]] (101)); 'f' } -Framing Netstring @on
        Get-Stream $s '1:x,' | Should -BeExactly '1:a,1:b,1:c,1:d,1:e,1:f,'
    }

    It 'is what was sent until then where the handler fails' -ForEach @(
        @{ Handler = { 'first'; Send-Line $Connection 'second'; 'never'; throw 'no' } }
        @{ Handler = { 'first'; $Connection.Send('second'); 'never'; throw 'no' } }
    ) {
        $s = Start-LineServer 0 $Handler @on -OnError { 'third' }
        Get-Stream $s "x`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
    }

    It 'does not send the output of a callback, which is its result' {
        $s = Start-LineServer 0 {
            $d = New-Deferred
            $d | Add-DeferredCallback { 'first'; Send-Line $Connection 'sent'; 'second' } | Add-DeferredCallback { $_ -join '+' }
            Complete-Deferred $d
        } @on
        Get-Stream $s "x`n" | Should -BeExactly "sent`r`nfirst+second`r`n"
    }

    It 'sends the result of a deferred that is output once, with and without a callback' {
        $s = Start-LineServer 0 {
            $d = New-Deferred
            if ($_ -eq 'more') { $null = Add-DeferredCallback $d { "$_!" } }
            'first'
            $d
            Send-Line $Connection 'second'
            Complete-Deferred $d 'third'
        } @on
        Get-Stream $s "x`n" | Should -BeExactly "first`r`nsecond`r`nthird`r`n"
        Get-Stream $s "more`n" | Should -BeExactly "first`r`nsecond`r`nthird!`r`n"
    }

    It 'goes to the log in that order: <Name>' -ForEach @(
        @{ Name = 'Write-ReactorLog'; Script = { 'first'; Write-ReactorLog 'second'; 'third' } }
        @{ Name = 'Write-Warning'; Script = { 'first'; Write-Warning 'second'; 'third' } }
        @{ Name = 'Write-Information'; Script = { 'first'; Write-Information 'second'; 'third' } }
    ) {
        $s = Start-LineServer 0 { } -OnStart $Script @on 3> $null
        $s.Log.Message -replace '^OnStart: ' | Select-Object -First 3 | Should -BeExactly 'first', 'second', 'third'
    }
}

Describe 'What a handler outputs and what it sends in a twin that is not inlined' {
    AfterEach { Stop-Everything }

    It 'goes out in the same order: <Handler>' -ForEach @(
        @{ Handler = { 'first'; $Connection.Send("$_"); 'third' } }
        @{ Handler = { [uri] 'first'; $Connection.Send("$_"); , (1, 2) } }
        @{ Handler = { 'first'; $Connection.Write("$_"); $Connection.Send('x'); @() } }
        @{ Handler = { if ($_ -eq 'b') { return 'early' }; 1; $Connection.Send($_); 2; if ($_ -eq 'c') { throw 'no' } } }
    ) {
        $s = Start-LineServer 0 $Handler
        $twin = Use-Twin { Start-LineServer 0 $Handler }
        Invoke-Peer $s.Port "a`nb`nc`nd`n" | Should -BeExactly (Invoke-Peer $twin.Port "a`nb`nc`nd`n")
    }
}
