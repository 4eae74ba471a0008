BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/ViewText.psm1 -Force

    # Everything that a peer can give, in one text: a title, a clear screen, a line end, a turn of direction.
    $evil = "a`e]0;owned`a`e[2J`u{202E}b`n`u{9B}2Jc"
    $r = New-Reactor
    $s = Start-LineServer 0 -Reactor $r -Name "S$evil" -Delimiter NUL -OnError { } {
        $null = $Server.Groups[$_].Add($Connection)
        throw "bad: $_"
    }
    $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r -Name "C$evil" -Delimiter NUL
    Send-Line $c $evil
    Wait-Until { $s.ErrorCount -eq 1 }
    $w = Start-HttpServer 0 -Reactor $r { $Server.State.Request = $_; $Server.State.Response = $Response; 'x' }
    $uri = "http://127.0.0.1:$($w.Port)/a%1B%5B2Jb?q%0A=%1B%5B2J"
    $null = Invoke-RestMethod $uri
    $w.State.Response.Headers["X`e"] = "y`e[2J"
    $u = Start-UdpServer 0 { $_ } -Reactor $r -Name "U$evil"
    $uc = Connect-UdpClient 127.0.0.1 $u.Port -Reactor $r
    Send-Datagram $uc $evil
    $datagram = Receive-Datagram $uc -Timeout 30
    $cars = Start-LineServer 0 -OnConnect { $Connection.Write("1:b`e[2Jr`nand:c`e[2J."); $Connection.Close() }
    $d = New-Deferred
    Complete-Deferred $d @($evil, @{ $evil = $evil })
    $failed = New-Deferred
    $failed.Fail([Exception]::new($evil))
    Wait-Until { $failed.Status -eq 'Failed' }
    $process = Start-ReactorProcess sleep '1000', $evil -Name "P$evil" -Reactor $r
    Wait-Until { $process.Status -eq 'Exited' }
    $timer = Start-ReactorTimer -Every 1000 { } -Name "T$evil" -Reactor $r
    $group = @($s.Groups)[0]
    $null = Register-ObjectEvent $s LineReceived -SourceIdentifier evil
    Send-Line $c $evil
    $lineEvent = (Wait-Event evil -Timeout 30).SourceEventArgs
    Unregister-Event evil
    $made = @{
        'a server' = $s; 'a client' = $c; 'a UDP server' = $u; 'a timer' = $timer; 'a process' = $process; 'a reactor' = $r
        'a connection' = $s.Connections[0]; 'a group' = $group; 'an error' = $s.Errors[0]; 'a log' = $s.Log; 'a datagram' = $datagram; 'a sender' = $datagram.Peer
        'a request' = $w.State.Request; 'an answer' = $w.State.Response; 'a deferred' = $d; 'a deferred that failed' = $failed; 'an event' = $lineEvent
        'a car' = Get-RemoteCars "127.0.0.1:$($cars.Port)" -Timeout 30
        'a delimiter' = [TwistedPS.LineDelimiter]::Parse("`e[2J`n")
    }
}

AfterAll {
    $null = $failed | Receive-Deferred -ErrorAction Ignore
    Stop-Reactor $r
    Stop-Everything
}

Describe 'The view of <Name>' -ForEach (
    'a server', 'a client', 'a UDP server', 'a timer', 'a process', 'a reactor', 'a connection', 'a group', 'an error', 'a log', 'a datagram', 'a sender',
    'a request', 'an answer', 'a deferred', 'a deferred that failed', 'an event', 'a car', 'a delimiter' | ForEach-Object { @{ Name = $_ } }
) {
    It 'gives a terminal nothing of a peer to obey, as a table, a list, in a window of any width, or in a text' {
        $object = $made[$Name]
        $object | Should -Not -BeNullOrEmpty
        $views = foreach ($width in 80, 120) {
            # A group is many connections to a pipeline.
            Format-Table -InputObject $object | Out-String -Width $width
            Format-List -InputObject $object | Out-String -Width $width
            Out-String -InputObject $object -Width $width
        }
        # The text of a delimiter is itself.
        foreach ($view in @($views) + ($object -is [TwistedPS.LineDelimiter] ? '' : "$object")) {
            $view -replace "`e\[[\d;]*m" | Should -Not -Match '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]'
        }
        foreach ($width in 80, 120) {
            (Format-Table -InputObject $object | Out-String -Width $width).Split("`n").Where{ $_.TrimEnd().Length -gt $width } | Should -BeNullOrEmpty
        }
    }
}

Describe 'The table of <Kind>' -ForEach @(
    @{ Kind = 'errors'; Get = { $s.Errors }; Head = 'Time     Handler      Where                Message'; Row = '^\d\d:\d\d:\d\d OnLine       \S+' }
    @{ Kind = 'a log'; Get = { $s.Log }; Head = 'Time         Level       Source               Message'; Row = '^\d\d:\d\d:\d\d\.\d{3} Information S' }
    @{ Kind = 'datagrams'; Get = { $datagram }; Head = 'Peer                  Length Text'; Row = '^127\.0\.0\.1:\d+ +\d+ a\\e\]0;owned\\x07\\e\[2J\\u202Eb\\n\\x9B2Jc$' }
    @{ Kind = 'senders'; Get = { $datagram.Peer }; Head = 'Address                                  Port Owner'; Row = '^127\.0\.0\.1 +\d+ Udp' }
    @{ Kind = 'requests'; Get = { $w.State.Request }; Head = 'Number Method  Peer                  Path'; Row = '^     0 GET     127\.0\.0\.1:\d+ +/a\\e\[2Jb$' }
    @{ Kind = 'answers'; Get = { $w.State.Response }; Head = 'StatusCode ContentType                    Headers'; Row = '^       200 .* \{X\\e=y\\e\[2J\}$' }
    @{ Kind = 'deferreds'; Get = { $d, $failed }; Head = '    Id Status    Origin                   Result'; Row = '^ *\d+ Succeeded RecordViews.Tests.ps1:\d+ +\{a\\e' }
    @{ Kind = 'reactors'; Get = { $r }; Head = '  Id Status    Count Services'; Row = '^ *\d+ Running +\d Sa\\e' }
    @{ Kind = 'connections'; Get = { $s.Connections }; Head = '    Id Owner        Status  Address               LinesIn LinesOut CloseReason'; Row = '^ *\d+ Sa\\e\]0;owne… Open    127\.0\.0\.1:\d+ +2 +0$' }
    @{ Kind = 'groups'; Get = { $s.Groups }; Head = 'Name                 Count Members'; Row = '^a\\e\]0;owned\\x07\\e\[2… +1 Sa\\e' }
) {
    It 'has what matters in 80 columns' {
        $table = Get-ViewText (& $Get)
        $table[0] | Should -BeExactly $Head
        $table[2] | Should -Match $Row
    }
}

Describe 'A test connection' {
    It 'is in memory' {
        $server = Start-LineServer 0 { $_ }
        $test = New-LineTestConnection -Server $server
        (Get-ViewText $test)[2] | Should -Match '^ *\d+ LineClient\d+ +Connected +memory +0 +0 +0$'
        "$test" | Should -BeExactly "line client $($test.Name) (memory)"
    }
}

Describe 'What another session has sent' {
    It 'is shown as here' {
        $here = Get-ViewText $s.Connections[0]
        $sent = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($s.Connections[0], 1))
        (Get-ViewText $sent)[0] | Should -BeExactly $here[0]
        (Get-ViewText $sent)[2] | Should -Match '^ *\d+ .* Open    127\.0\.0\.1:\d+ +2 +0$'
        $plain = Start-LineServer 0 { $_ } -Name Plain
        $sent = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($plain, 1))
        (Get-ViewText $sent) | Should -BeExactly (Get-ViewText $plain)
    }
}
