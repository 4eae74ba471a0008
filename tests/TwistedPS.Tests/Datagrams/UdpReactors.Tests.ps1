BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $dig, $logger, $socat = 'dig', 'logger', 'socat' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $script:peers = New-Queue

    # A socket of UDP that no reactor of ours serves.
    function New-Peer ([object] $Server) {
        $peer = [Net.Sockets.UdpClient]::new('127.0.0.1', $Server.Port)
        $peer.Client.ReceiveTimeout = 30000
        $script:peers.Enqueue($peer)
        $peer
    }

    function Send-Text ([Net.Sockets.UdpClient] $Peer, [string[]] $Text) {
        foreach ($one in $Text) {
            $null = $Peer.Send([Text.Encoding]::UTF8.GetBytes($one))
        }
    }

    function Receive-Text ([Net.Sockets.UdpClient] $Peer) {
        $from = $null
        [Text.Encoding]::UTF8.GetString($Peer.Receive([ref] $from))
    }

    # A peer for each reactor, that of the first reactor first. The handler has to answer 'who' with Get-Name.
    function Connect-Apart ([object] $Server) {
        $found = @{}
        while ($found.Count -lt $Server.ReactorCount) {
            $peer = New-Peer $Server
            Send-Text $peer who
            $found[(Receive-Text $peer)] = $peer
        }
        $first = "TwistedPS reactor $($Server.Reactor.Id)"
        $found[$first]
        $found.Keys.Where{ $_ -ne $first } | ForEach-Object { $found[$_] }
    }
}

Describe 'A UDP server on several reactors' {
    BeforeEach {
        $gate, $held = (New-Gate), (New-Gate)
        $many = @{ AsText = $true; ReactorCount = 2; InitializationScript = { function Get-Name { [Threading.Thread]::CurrentThread.Name } } }
        $null = $gate, $held, $many
    }

    AfterEach {
        $gate.Set()
        Stop-Everything
        foreach ($peer in $script:peers) {
            $peer.Dispose()
        }
        $script:peers.Clear()
    }

    It 'has one for each sender, with $script: variables of its own' {
        $s = Start-UdpServer 0 { "$script:mine|$([Threading.Thread]::CurrentThread.Name)" } -ReactorCount 3 -InitializationScript {
            $script:mine = [Threading.Thread]::CurrentThread.Name
        }
        $said = foreach ($number in 1..40) {
            $peer = New-Peer $s
            Send-Text $peer a, b
            $answers = (Receive-Text $peer), (Receive-Text $peer)
            $answers[0] | Should -BeExactly $answers[1]
            $answers[0]
        }
        $said | Sort-Object -Unique | Should -HaveCount 3
        foreach ($line in $said) {
            $mine, $thread = $line -split '\|'
            $mine | Should -BeExactly $thread
        }
        $s.ReactorCount, $s.DatagramsIn, $s.Dropped | Should -Be 3, 80, 0
        @(Get-Reactor | Where-Object { $_.Services -contains $s }) | Should -HaveCount 3
        @(Get-UdpServer) | Should -HaveCount 1
        $s | Out-String | Should -BeLike "*$($s.LocalAddress)*80*"
    }

    It 'runs handlers of two at once, and no two of one' {
        $both = [Threading.Barrier]::new(2)
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { return Get-Name }
            $script:inside++
            $worst = $script:inside
            $met = ($using:both).SignalAndWait(30000)
            $script:inside--
            "$met $worst"
        } -WarningAction SilentlyContinue
        $one, $two = Connect-Apart $s
        Send-Text $one a, b
        Send-Text $two c, d
        $one, $one, $two, $two | ForEach-Object { Receive-Text $_ } | Should -BeExactly (@('True 1') * 4)
        $both.Dispose()
    }

    It 'serves on while a handler holds one of them: number <_>' -ForEach 0, 1 {
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { return Get-Name }
            if ($_ -eq 'hold') { ($using:held).Set(); $null = ($using:gate).Wait(30000) }
            "$_!"
        }
        $pair = Connect-Apart $s
        Send-Text $pair[$_] hold, after
        $held.Wait(30000) | Should -BeTrue
        foreach ($text in 'a', 'b') {
            Send-Text $pair[1 - $_] $text
            Receive-Text $pair[1 - $_] | Should -BeExactly "$text!"
        }
        $gate.Set()
        Receive-Text $pair[$_] | Should -BeExactly 'hold!'
        Receive-Text $pair[$_] | Should -BeExactly 'after!'
    }

    It 'sums its counts and shares $Server.State, in which it counts' {
        $s = Start-UdpServer 0 { "$($Server.State.Increment('all'))" } -ReactorCount 2
        $some = 1..10 | ForEach-Object { New-Peer $s }
        foreach ($round in 1..5) {
            $some | ForEach-Object { Send-Text $_ x }
            $some | ForEach-Object { $null = Receive-Text $_ }
        }
        $s.State.all, $s.DatagramsIn, $s.BytesIn | Should -Be 50, 50, 50
        Wait-Until { $s.DatagramsOut -eq 50 }
    }

    It 'keeps errors and the log of all, and answers with -OnError' {
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { return Get-Name }
            Write-ReactorLog "asked for $_"
            throw "no $_"
        } -OnError { "sorry: $_" }
        $pair = Connect-Apart $s
        foreach ($i in 0, 1) {
            Send-Text $pair[$i] "$i"
            Receive-Text $pair[$i] | Should -BeExactly "sorry: no $i"
        }
        $s.ErrorCount | Should -Be 2
        $s.Errors.Message | Should -BeExactly 'no 1', 'no 0'
        $s.Errors[0].Connection.Port | Should -Be $pair[1].Client.LocalEndPoint.Port
        @($s.Log | Where-Object Message -Like 'OnDatagram failed: no *') | Should -HaveCount 2
        @($s.Log | Where-Object Message -Like 'asked for *') | Should -HaveCount 2
    }

    It 'sends the output of a deferred, and ends what its handlers have started with it' {
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { return Get-Name }
            $null = Start-ReactorTimer -Every 1h { }
            Start-Deferred { "done $using:_" }
        }
        $pair = Connect-Apart $s
        foreach ($i in 0, 1) {
            Send-Text $pair[$i] "$i"
            Receive-Text $pair[$i] | Should -BeExactly "done $i"
        }
        @(Get-ReactorTimer | ForEach-Object Reactor | Sort-Object Id -Unique) | Should -HaveCount 2
        Stop-UdpServer $s
        Wait-Until { -not (Get-ReactorTimer) }
    }

    It 'sends to any sender from a handler of any of them, and from the prompt' {
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { $Server.State[[string] $Peer.Port] = $Peer; return Get-Name }
            $other = $Server.State[$_]
            'before'
            Send-Datagram $Peer 'to the sender'
            Send-Datagram $other 'by the cmdlet'
            Send-Datagram $Server 'by its address' -To "127.0.0.1:$($other.Port)"
            $other.Send('by the method')
            Send-Datagram $other ([byte[]]::new(65508)) -ErrorVariable failure -ErrorAction SilentlyContinue
            "$($failure.FullyQualifiedErrorId)"
        }
        $pair = Connect-Apart $s
        foreach ($i in 0, 1) {
            Send-Text $pair[$i] "$($pair[1 - $i].Client.LocalEndPoint.Port)"
            1..3 | ForEach-Object { Receive-Text $pair[$i] } | Should -BeExactly before, 'to the sender', 'MessageTooLong,TwistedPS.Commands.SendDatagramCommand'
            1..3 | ForEach-Object { Receive-Text $pair[1 - $i] } | Should -BeExactly 'by the cmdlet', 'by its address', 'by the method'
        }
        foreach ($peer in $pair) {
            Send-Datagram $s.State["$($peer.Client.LocalEndPoint.Port)"] 'from the prompt'
            Receive-Text $peer | Should -BeExactly 'from the prompt'
        }
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'gets new handlers on all of them, also from one of them' {
        $s = Start-UdpServer 0 @many { Get-Name }
        $pair = Connect-Apart $s
        Set-UdpServer $s { if ($_ -eq 'more') { Set-UdpServer $Server { "newest $_" }; 'set' } else { "new $_" } }
        foreach ($peer in $pair) {
            Send-Text $peer a
            Receive-Text $peer | Should -BeExactly 'new a'
        }
        Send-Text $pair[1] more
        Receive-Text $pair[1] | Should -BeExactly set
        foreach ($peer in $pair) {
            Wait-Until { Send-Text $peer b; (Receive-Text $peer) -eq 'newest b' }
        }
    }

    It 'is stopped by a handler of any of them: number <_>' -ForEach 0, 1 {
        $s = Start-UdpServer 0 @many { if ($_ -eq 'who') { return Get-Name }; Stop-UdpServer $Server; 'bye' }
        $peer = (Connect-Apart $s)[$_]
        Send-Text $peer stop
        Receive-Text $peer | Should -BeExactly bye
        Wait-UdpServer $s -Timeout 30 | Should -Be $s
        @(Get-Reactor | Where-Object { $_.Services -contains $s }) | Should -BeNullOrEmpty
    }

    It 'waits in a stop for the handlers of all, drops what waits, and leaves no port and no thread' {
        $seen = New-Queue
        $s = Start-UdpServer 0 @many {
            if ($_ -eq 'who') { return Get-Name }
            ($using:held).Set()
            $null = ($using:gate).Wait(30000)
            "late $_"
        } -OnStart { ($using:seen).Enqueue('start') } -OnStop { ($using:seen).Enqueue("stop $($Server.Status)") }
        $further = @(Get-Reactor | Where-Object { $_.Services -contains $s -and $_ -ne $s.Reactor })
        $further | Should -HaveCount 1
        $peer = (Connect-Apart $s)[1]
        Send-Text $peer a, b, c
        $held.Wait(30000) | Should -BeTrue
        Wait-Until { $s.WaitingDatagrams -eq 2 }
        $s.Dispose()
        Wait-Until { $s.Status -eq 'Stopping' }
        $seen | Should -BeExactly start
        $gate.Set()
        Receive-Text $peer | Should -BeExactly 'late a'
        Wait-UdpServer $s -Timeout 30 | Should -Be $s
        $seen | Should -BeExactly start, 'stop Stopped'
        $s.Dropped, $s.WaitingDatagrams, ($s.DatagramsIn - $s.DatagramsOut) | Should -Be 2, 0, 2
        $again = Start-UdpServer $s.Port
        Stop-UdpServer $again
        $further.IsStopped | Should -BeTrue
        Wait-Until { -not (Get-Runspace | Where-Object { $_.Name -eq "TwistedPS reactor $($further.Id)" -and $_.RunspaceStateInfo.State -eq 'Opened' }) }
    }

    It 'is interrupted on the one that a handler holds' {
        $s = Start-UdpServer 0 @many { if ($_ -eq 'who') { return Get-Name }; ($using:held).Set(); [Threading.Thread]::Sleep(-1) }
        Send-Text (Connect-Apart $s)[1] x
        $held.Wait(30000) | Should -BeTrue
        Stop-UdpServer $s -DrainTime 0 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnDatagram of UDP server*was interrupted.*'
        $s.Status | Should -Be Stopped
    }

    It 'ends with any of its reactors' {
        $s = Start-UdpServer 0 { $_ } -ReactorCount 2
        Get-Reactor | Where-Object { $_.Services -contains $s -and $_ -ne $s.Reactor } | Stop-Reactor
        Wait-UdpServer $s -Timeout 30 | Should -Be $s
        $s.Status | Should -Be Stopped
    }

    It 'answers dig' -Skip:(-not $dig) {
        $names = Start-UdpServer 0 -ReactorCount 2 {
            for ($end = 12; $_[$end]; $end += $_[$end] + 1) { }
            $question = $_[12..($end + 4)]
            $null = $Server.State.Increment('asked')
            , [byte[]]($_[0, 1] + 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0 + $question + 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, $_[12])
        }
        $lengths = 1..20
        $questions = $lengths.ForEach{ ('a' * $_) + '.example' }
        dig '@127.0.0.1' -p $names.Port +noedns +short +tries=1 +time=20 @questions | Should -BeExactly $lengths.ForEach{ "192.0.2.$_" }
        $names.State.asked, $names.Errors.Count | Should -Be 20, 0
    }

    It 'hears logger, and socat at a UNIX socket' -Skip:(-not ($logger -and $socat)) {
        $log = Start-UdpServer 0 -AsText { $Server.State[($_ -replace '.*: ')] = 1 } -ReactorCount 2
        foreach ($i in 1..10) {
            logger -d -n 127.0.0.1 -P $log.Port --rfc3164 -t test "entry $i"
        }
        Wait-Until { $log.State.Count -eq 10 }
        $log.State.Keys | Sort-Object { [int](-split $_)[1] } | Should -BeExactly (1..10).ForEach{ "entry $_" }
        $echo = Start-UdpServer -Path "$TestDrive/ours" { "unix $_" } -AsText -ReactorCount 2
        foreach ($i in 1..4) {
            $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'socat'; RedirectStandardInput = $true; RedirectStandardOutput = $true }
            '-', "UNIX-SENDTO:$TestDrive/ours,bind=$TestDrive/asking$i" | ForEach-Object { $start.ArgumentList.Add($_) }
            $tool = [Diagnostics.Process]::Start($start)
            $tool.StandardInput.WriteLine("asked $i")
            $line = $tool.StandardOutput.ReadLineAsync()
            $line.Wait(30000) | Should -BeTrue
            $line.Result | Should -BeExactly "unix asked $i"
            $tool.Kill()
            $tool.Dispose()
        }
        $echo.DatagramsIn | Should -Be 4
    }
}
