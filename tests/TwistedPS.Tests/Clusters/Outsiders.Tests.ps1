# Programs at a broker that know nothing of TwistedPS, and what Redis does in ways of its own.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $nats, $redis = foreach ($kind in 'NATS', 'Redis') { [bool](Get-BrokerKind).Where{ $_.Kind -eq $kind } }
    $redis = $redis -and (Find-RealProgram redis-cli redis-tools)
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1, $PSScriptRoot/../Support/RealProgram.psm1, $PSScriptRoot/../Support/Tls.psm1 -Force
    $seen = [System.Collections.Concurrent.BlockingCollection[object]]::new()
    function Receive-Seen {
        $item = $null
        $seen.TryTake([ref] $item, 30000) | Should -BeTrue -Because 'a message is to come'
        $item
    }
}

Describe 'Who speaks NATS' -Skip:(-not $nats) {
    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'hears, and is heard' {
        $broker = Start-Broker NATS
        $null = Join-ReactorCluster $broker.Url -Name nodes
        $null = Register-ReactorTopic sum { ($_ | Measure-Object -Sum).Sum }
        $null = Register-ReactorTopic relay { Publish-ReactorMessage back $_ }
        $peer = Connect-Peer $broker.Port
        Send-Peer $peer "CONNECT {""verbose"":false}`r`nSUB _INBOX.x 1`r`nSUB nodes.back 2`r`nPUB nodes.sum _INBOX.x 1`r`n7`r`n"
        Receive-Peer $peer -Until "`r`n7`r`n" | Should -Match '(?m)^MSG _INBOX\.x 1 1\r$'
        Send-Peer $peer "PUB nodes.relay 5`r`nhello`r`n"
        Receive-Peer $peer -Until "`r`nhello`r`n" | Should -BeExactly "MSG nodes.back 2 5`r`nhello`r`n"
    }
}

Describe 'Redis as a broker' -Skip:(-not $redis) {
    BeforeAll {
        $broker = Start-Broker Redis
        $null = Join-ReactorCluster $broker.Url -Name others
        $client = Find-RealProgram redis-cli
        function Invoke-Redis { & $client -p $broker.Port @args }
        function Start-Listening ([string] $Channel) {
            $listener = Start-Program $client -ArgumentList '-p', $broker.Port, 'SUBSCRIBE', $Channel
            1..3 | ForEach-Object { Read-ChildLine $listener } | Should -Be 'subscribe', $Channel, '1'
            $listener
        }
    }

    AfterEach {
        Get-ReactorTopic | Unregister-ReactorTopic
        if ($listener) { $listener.Kill() }
    }

    AfterAll {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'lets others hear text as it is, and all else behind headers' {
        $listener = Start-Listening others.news
        Publish-ReactorMessage others.news 'not here'
        Publish-ReactorMessage news 'ä tea'
        Publish-ReactorMessage news @{ item = 'tea' }
        1..3 | ForEach-Object { Read-ChildLine $listener } | Should -Be 'message', 'others.news', 'ä tea'
        1..6 | ForEach-Object { Read-ChildLine $listener } |
            Should -Be 'message', 'others.news', 'TwistedPS/1.0', 'Content-Type: application/json', '', '{"item":"tea"}'
    }

    It 'gives topics of a subject and of patterns what others publish' {
        $null = Register-ReactorTopic orders.new { ($using:seen).Add("exact $_") }
        Invoke-Redis PUBLISH others.orders.new 'tea' | Should -Be 1
        Receive-Seen | Should -Be 'exact tea'
        $null = Register-ReactorTopic orders.* { ($using:seen).Add("* $_") }
        $null = Register-ReactorTopic 'orders.>' { ($using:seen).Add("> $($_.item)") }
        Invoke-Redis PUBLISH others.orders.old.tea "TwistedPS/1.0`nContent-Type: application/json`n`n{""item"":""old""}" | Should -Be 2
        Receive-Seen | Should -Be '> old'
        Invoke-Redis PUBLISH others.orders.old 'tea' | Should -Be 2
        (Receive-Seen), (Receive-Seen) | Sort-Object | Should -Be '* tea', '> '
    }

    It 'lets others ask, and read the reply' {
        $null = Register-ReactorTopic price { "3 for $_" }
        $listener = Start-Listening mine
        Invoke-Redis PUBLISH others.price "TwistedPS/1.0`nReply-To: mine`n`ntea" | Should -Be 1
        1..3 | ForEach-Object { Read-ChildLine $listener } | Should -Be 'message', 'mine', '3 for tea'
    }

    It 'gives members of a queue nothing that others publish' {
        $null = Register-ReactorTopic jobs { } -Queue workers
        Invoke-Redis PUBLISH others.jobs 1 | Should -Be 0
    }

    It 'lets others read and change values' {
        Set-ReactorValue shop @{ open = $true } -Timeout 30
        Invoke-Redis GET others:shop | Should -Be '{"open":true}'
        Set-ReactorValue visits -Increment 1 -Timeout 30 | Should -Be 1
        Invoke-Redis INCR others:visits | Should -Be 2
        Set-ReactorValue visits 9 -Expected 1 -Timeout 30 | Should -BeFalse
        Get-ReactorValue visits -Timeout 30 | Should -Be 2
        $null = Invoke-Redis LPUSH others:list 1
        Get-ReactorValue list -Timeout 30 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike "The broker $($broker.Url) has not done it: WRONGTYPE *"
    }

    It 'keeps subjects apart that are patterns to it' {
        $null = Register-ReactorTopic 'a[b]?\c.*' { ($using:seen).Add("$Subject $_") }
        Publish-ReactorMessage 'ab?c.x' 1
        Publish-ReactorMessage 'a[b]x\c.x' 1
        Publish-ReactorMessage 'a[b]?\c.%d' 2
        Receive-Seen | Should -Be 'a[b]?\c.%d 2'
        Send-ReactorRequest 'a[b]?\c.%d' 1 -Timeout 30 | Should -BeNullOrEmpty
    }

    It 'knows that nobody replies, though its own patterns match' {
        $null = Register-ReactorTopic orders.* { 'yes' }
        $null = Register-ReactorTopic orders.*.* -Queue workers { 'two words' }
        Send-ReactorRequest orders.new.big.one 1 -Timeout 1h -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'orders.new.big.one'."
        Send-ReactorRequest orders.new.big 1 -Timeout 30 | Should -Be 'two words'
        Send-ReactorRequest orders.new 1 -Timeout 30 | Should -Be 'yes'
        $null = Register-ReactorTopic 'orders.>' { "> $_" }
        Send-ReactorRequest orders.new.big.one 1 -Timeout 30 | Should -Be '> 1'
    }

    It 'shares a queue between its patterns' {
        $all = Register-ReactorTopic jobs.* -Queue workers { 'all' }
        $one = Register-ReactorTopic jobs.one -Queue workers { 'one' }
        $other = Register-ReactorTopic other -Queue workers { }
        $replies = 1..10 | Send-ReactorRequest jobs.one -Timeout 30
        $replies | Should -HaveCount 10
        $replies | Select-Object -Unique | Sort-Object | Should -Be 'all', 'one'
        $all.Messages + $one.Messages | Should -Be 10
        $other.Messages | Should -Be 0
    }

    It 'forgets members of queues that were killed' {
        $node = Start-Node $broker.Url others '$null = Register-ReactorTopic work -Queue workers { "there" }; $null = Register-ReactorTopic x.* { }'
        $null = Register-ReactorTopic work -Queue workers { 'here' }
        Invoke-Redis LLEN __twistedps:queues:others:workers | Should -Be 2
        Stop-Node $node
        # Redis notices it a moment later.
        Wait-Until { $null = Send-ReactorRequest work 1 -Timeout 1 -ErrorAction SilentlyContinue; (Invoke-Redis LLEN __twistedps:queues:others:workers) -eq 1 }
        1..5 | Send-ReactorRequest work -Timeout 30 | Select-Object -Unique | Should -Be 'here'
        Invoke-Redis SMEMBERS __twistedps:patterns:others | Should -Contain 'others.x.*'
        $null = Register-ReactorTopic y.* { }
        Invoke-Redis SMEMBERS __twistedps:patterns:others | Should -Be 'others.y.*'
    }

    It 'may be emptied, and end all connections' {
        $null = Register-ReactorTopic work -Queue workers { 'again' }
        $null = Register-ReactorTopic any.* { 'any' }
        $null = Invoke-Redis SCRIPT FLUSH
        Send-ReactorRequest work 1 -Timeout 30 | Should -Be 'again'
        $null = Invoke-Redis FLUSHALL
        $null = Invoke-Redis CLIENT KILL TYPE pubsub
        Wait-Until { (Send-ReactorRequest work 1 -Timeout 1 -ErrorAction SilentlyContinue) -eq 'again' }
        $null = Invoke-Redis CLIENT KILL TYPE normal
        Wait-Until { (Send-ReactorRequest work 1 -Timeout 1 -ErrorAction SilentlyContinue) -eq 'again' }
        Send-ReactorRequest any.one 1 -Timeout 30 | Should -Be 'any'
        Send-ReactorRequest any.one.more 1 -Timeout 1h -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'any.one.more'."
    }

    It 'refuses a user who <Lacks>' -ForEach @(
        @{ Lacks = 'may not run scripts'; Rights = '~*', '&*', '+@all', '-evalsha', '-eval' }
        @{ Lacks = 'may not hear all channels'; Rights = '~*', '&__twistedps*', '&others.*', '+@all' }
    ) {
        Invoke-Redis ACL SETUSER guest reset on '>secret' @Rights | Should -Be 'OK'
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $url = $broker.Url.Replace('//', '//guest:secret@')
        $child = Start-ChildShell '-Command', "Import-Module '$module'; try { Join-ReactorCluster $url } catch { ""`$(`$_.FullyQualifiedErrorId): `$_"" }"
        Read-ChildLine $child | Should -BeLike "BrokerRefused,*: The broker $($broker.Url) refuses: *NOPERM *"
        Assert-ChildSucceeded $child
    }
}

Describe 'Redis over TLS' -Skip:(-not $redis -or -not $IsLinux) {
    AfterEach {
        Stop-Broker $broker
    }

    It 'is not redis://, as Join-ReactorCluster says' {
        New-TestCertificate $TestDrive
        $broker = Start-Broker Redis -Tls $TestDrive
        $url = "redis://localhost:$($broker.Port)"
        { Join-ReactorCluster $url -Timeout 30 } |
            Should -Throw "The broker $url can't be reached: it has TLS, so its address begins with rediss://." -ErrorId 'BrokerUnreachable,*'
        (Get-ReactorCluster).Status | Should -Be Alone
    }

    It 'is joined by rediss://, if its certificate is trusted' {
        New-TestCertificate $TestDrive
        $broker = Start-Broker Redis -Tls $TestDrive
        $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
        $script = "Import-Module '$module'; try { ""`$((Join-ReactorCluster rediss://localhost:$($broker.Port)).Status)"" } catch { `$_.FullyQualifiedErrorId }"
        $stranger = Start-ChildShell '-Command', $script
        Read-ChildLine $stranger | Should -BeLike 'BrokerUnreachable,*'
        $child = Invoke-Trusting $TestDrive { Start-ChildShell '-Command', $script }
        Read-ChildLine $child | Should -Be Connected
        $stranger, $child | ForEach-Object { Assert-ChildSucceeded $_ }
    }
}
