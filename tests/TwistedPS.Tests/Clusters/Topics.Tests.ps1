BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A topic' {
    BeforeEach {
        $r = New-Reactor
        $seen = [System.Collections.Concurrent.BlockingCollection[object]]::new()
        function Receive-Seen ([int] $Count = 1) {
            foreach ($number in 1..$Count) {
                $item = $null
                $seen.TryTake([ref] $item, 30000) | Should -BeTrue -Because 'a message is to come'
                , $item
            }
        }
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'gets the messages of its subject, in order' {
        $t = Register-ReactorTopic orders.new { ($using:seen).Add("$Subject $_") } -Reactor $r
        Publish-ReactorMessage orders.old 'a'
        'b', 'c' | Publish-ReactorMessage orders.new
        Receive-Seen 2 | Should -Be 'orders.new b', 'orders.new c'
        Wait-Handled $r { $t.Messages -eq 2 }
        $t.Subject, $t.Name, $t.Queue, $t.Status | Should -Be 'orders.new', 'orders.new', $null, 'Running'
    }

    It 'gets those of all subjects of its pattern' {
        $null = Register-ReactorTopic orders.* { ($using:seen).Add("* $Subject") } -Reactor $r
        $null = Register-ReactorTopic 'orders.>' { ($using:seen).Add("> $Subject") } -Reactor $r
        Publish-ReactorMessage orders.new.big 'a'
        Receive-Seen | Should -Be '> orders.new.big'
        Publish-ReactorMessage orders.new 'a'
        Receive-Seen 2 | Sort-Object | Should -Be '* orders.new', '> orders.new'
    }

    It 'gets <Name> as it is' -ForEach @(
        @{ Name = 'text'; Message = 'a line'; Type = 'String'; Text = 'a line' }
        @{ Name = 'empty text'; Message = ''; Type = 'String'; Text = '' }
        @{ Name = 'bytes'; Message = [byte[]](0, 1, 255); Type = 'Byte[]'; Text = '0 1 255' }
        @{ Name = 'a number'; Message = 5; Type = 'Int64'; Text = '5' }
        @{ Name = 'a truth'; Message = $true; Type = 'Boolean'; Text = 'True' }
        @{ Name = 'a table'; Message = @{ a = @{ b = 1 } }; Type = 'PSCustomObject'; Text = '@{a=}' }
        @{ Name = 'an array'; Message = @(1, 'b'); Type = 'Object[]'; Text = '1 b' }
        @{ Name = 'text with a note'; Message = ('x' | Add-Member Note 1 -PassThru); Type = 'String'; Text = 'x' }
    ) {
        $null = Register-ReactorTopic it { ($using:seen).Add($_) } -Reactor $r
        Publish-ReactorMessage it $Message
        $got = Receive-Seen
        $got.GetType().Name | Should -Be $Type
        "$got" | Should -Be $Text
    }

    It 'gets nothing at all as $null' {
        $null = Register-ReactorTopic it { ($using:seen).Add("null: $($null -eq $_)") } -Reactor $r
        Publish-ReactorMessage it $null
        Receive-Seen | Should -Be 'null: True'
    }

    It 'has its message and itself as arguments, and extra ones' {
        $null = Register-ReactorTopic it { param($It, $Message, $Extra) ($using:seen).Add("$($It.Name) $Message $Extra $($It -eq $Topic)") } -ArgumentList more -Reactor $r
        Publish-ReactorMessage it 'a'
        Receive-Seen | Should -Be 'it a more True'
    }

    It 'writes what its handler outputs to its log' {
        $t = Register-ReactorTopic it { "got $_" } -Reactor $r
        Publish-ReactorMessage it 'a'
        Wait-Until { $t.Log.Message -contains 'OnMessage: got a' }
    }

    It 'goes on after an error, which it keeps' {
        $t = Register-ReactorTopic it { if ($_ -eq 'bad') { throw 'oh no' }; ($using:seen).Add($_) } -Reactor $r
        'bad', 'good' | Publish-ReactorMessage it
        Receive-Seen | Should -Be 'good'
        $t.Errors.Message | Should -Be 'oh no'
        Get-LineServer -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'OnMessage of topic it (it) has failed: oh no*'
    }

    It 'shares the messages with others of its queue' {
        $t = 1..2 | ForEach-Object { Register-ReactorTopic jobs { ($using:seen).Add($_) } -Queue workers -Reactor $r }
        $all = Register-ReactorTopic jobs { } -Reactor $r
        1..6 | Publish-ReactorMessage jobs
        Receive-Seen 6 | Sort-Object | Should -Be (1..6)
        Wait-Handled $r { $all.Messages -eq 6 }
        $t.Messages | Should -Be 3, 3
    }

    It 'is found by its name, and is unregistered' {
        $t = Register-ReactorTopic orders.new { } -Reactor $r
        $other = Register-ReactorTopic orders.paid { } -Name Paid -Reactor $r
        Get-ReactorTopic orders.* | Should -Be $t
        Get-ReactorTopic -Id $other.Id | Should -Be $other
        Unregister-ReactorTopic Paid
        Get-ReactorTopic | Should -Be $t
        $t | Unregister-ReactorTopic
        Get-ReactorTopic | Should -BeNullOrEmpty
        $t.Status | Should -Be Stopped
        Publish-ReactorMessage orders.new 'nobody'
    }

    It 'of a connection gives it its output, and ends with it' {
        $s = Start-LineServer 0 -OnConnect { $null = Register-ReactorTopic news { "news: $_" }; 'ready' } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Receive-Line $c -Timeout 30 | Should -Be 'ready'
        Publish-ReactorMessage news 'rain'
        Receive-Line $c -Timeout 30 | Should -Be 'news: rain'
        Disconnect-LineClient $c
        Wait-Until { -not (Get-ReactorTopic) }
    }

    It 'of a connection goes on with -Detached' {
        $s = Start-LineServer 0 -OnConnect { $null = Register-ReactorTopic news { "news: $_" } -Detached; 'ready' } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        $null = Receive-Line $c -Timeout 30
        Disconnect-LineClient $c
        Wait-Handled $r { $s.ConnectionCount -eq 0 }
        Publish-ReactorMessage news 'rain'
        Wait-Until { (Get-ReactorTopic news).Log.Message -contains 'OnMessage: news: rain' }
    }

    It 'runs on a foreground reactor while a cmdlet runs that' {
        $front = New-Reactor -Foreground
        $all = [System.Collections.Generic.List[string]]::new()
        $null = Register-ReactorTopic it { $all.Add($_) } -Reactor $front
        'a', 'b' | Publish-ReactorMessage it
        $all | Should -BeNullOrEmpty
        Wait-Reactor $front -Until { $all.Count -eq 2 } -Timeout 30
        $null = Register-ReactorTopic ask { "$_!" } -Reactor $front
        Send-ReactorRequest ask 'x' -Reactor $front | Should -Be 'x!'
        Stop-Reactor $front
    }

    It 'has a subject that is one: <Subject>' -ForEach @(
        @{ Subject = 'a..b'; Why = 'it has an empty word' }
        @{ Subject = 'a b'; Why = 'it has a blank in it' }
        @{ Subject = '>.a'; Why = '> stands for the last words only' }
        @{ Subject = '_.a'; Why = 'its first word is _, which TwistedPS keeps for itself' }
    ) {
        $failed = { Register-ReactorTopic $Subject { } -Reactor $r } | Should -Throw -ErrorId 'SubjectInvalid,*' -PassThru
        "$failed" | Should -Be "'$Subject' is no subject here: $Why."
    }

    It 'has a queue that is one: <Queue>' -ForEach @(
        @{ Queue = 'a b'; Why = 'it has a blank in it' }
        @{ Queue = 'a.*'; Why = 'it has a wildcard' }
        @{ Queue = 'a..b'; Why = 'it has an empty word' }
    ) {
        $failed = { Register-ReactorTopic it { } -Queue $Queue -Reactor $r } | Should -Throw -ErrorId 'QueueInvalid,*' -PassThru
        "$failed" | Should -Be "'$Queue' is no name of a queue: $Why."
        $failed.TargetObject | Should -BeExactly $Queue
    }
}

Describe 'A message' {
    It 'is not published to a pattern' {
        { Publish-ReactorMessage orders.* 'a' } | Should -Throw "'orders.*' is no subject here: it has a wildcard." -ErrorId 'SubjectInvalid,*'
    }

    It 'that contains itself is an error' {
        $ring = @{}
        $ring.Ring = $ring
        { Publish-ReactorMessage it $ring -ErrorAction Stop } | Should -Throw '*contains itself*'
    }
}
