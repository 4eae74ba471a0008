BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A request' {
    BeforeEach {
        $r = New-Reactor
    }

    AfterEach {
        Stop-Reactor $r
    }

    It 'has the output of the handler as its reply: <Name>' -ForEach @(
        @{ Name = 'text'; Handler = { "got $_" }; Reply = 'got x' }
        @{ Name = 'several objects'; Handler = { 'a'; 'b' }; Reply = 'a', 'b' }
        @{ Name = 'nothing'; Handler = { }; Reply = $null }
        @{ Name = 'a result that comes later'; Handler = { Start-Deferred { 'late' } }; Reply = 'late' }
        @{ Name = 'one after an output'; Handler = { 'now'; Start-Deferred { 'late' } }; Reply = 'now', 'late' }
        @{ Name = 'the reply to another request'; Handler = { Send-ReactorRequest other "$_ y" }; Reply = 'other x y' }
    ) {
        $null = Register-ReactorTopic other { "other $_" } -Reactor $r
        $null = Register-ReactorTopic ask $Handler -Reactor $r
        Send-ReactorRequest ask 'x' -Timeout 30 | Should -Be $Reply
    }

    It 'is sent for each object of a pipeline' {
        $null = Register-ReactorTopic double { 2 * $_ } -Reactor $r
        1..3 | Send-ReactorRequest double | Should -Be 2, 4, 6
    }

    It 'has bytes and objects in its reply' {
        $null = Register-ReactorTopic ask { if ($_ -eq 'bytes') { , [byte[]](1, 2) } else { @{ a = 1 } } } -Reactor $r
        $bytes = Send-ReactorRequest ask 'bytes'
        , $bytes | Should -BeOfType ([byte[]])
        (Send-ReactorRequest ask 'object').a | Should -Be 1
    }

    It 'that nobody replies to is an error at once' {
        Send-ReactorRequest nobody 'x' -Timeout 1h -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody replies to requests at 'nobody'."
        $failed.FullyQualifiedErrorId | Should -BeLike 'NoResponder,*'
    }

    It 'that fails is an error here and there' {
        $t = Register-ReactorTopic ask { throw "no $_" } -Reactor $r
        Send-ReactorRequest ask 'x' -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        "$failed" | Should -Be "The request to 'ask' has failed: no x"
        $failed.FullyQualifiedErrorId | Should -BeLike 'RequestFailed,*'
        $t.Errors.Message | Should -Be 'no x'
    }

    It 'whose deferred fails is an error' {
        $null = Register-ReactorTopic ask { Start-Deferred { throw 'later' } } -Reactor $r
        Send-ReactorRequest ask 'x' -Timeout 30 -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        "$failed" | Should -Be "The request to 'ask' has failed: later"
    }

    It 'is given up after -Timeout' {
        $null = Register-ReactorTopic never { New-Deferred } -Reactor $r
        Send-ReactorRequest never 'x' -Timeout 10ms -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "Nobody has replied at 'never' within 0.01 s."
        $failed.FullyQualifiedErrorId | Should -BeLike 'RequestTimeout,*'
    }

    It 'is given up after -Timeout while a handler holds the reactor, and gets the reply of another one' {
        $gate, $over = (New-Gate), (New-Gate)
        $null = Register-ReactorTopic held { $null = ($using:gate).Wait(60000); ($using:over).Set() }
        $null = Register-ReactorTopic free { "free $_" } -Reactor $r
        1..2 | Send-ReactorRequest held -Timeout 10ms -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'RequestTimeout,*'
        $failed | Should -HaveCount 2
        Send-ReactorRequest free 3 -Timeout 30 | Should -Be 'free 3'
        $over.IsSet | Should -BeFalse
        $gate.Set()
        Get-ReactorTopic held | Unregister-ReactorTopic
    }

    It 'is given up in a handler after -Timeout, by the clock of its reactor' {
        $front = New-Reactor -Foreground -FakeClock
        $null = Register-ReactorTopic never { New-Deferred } -Reactor $r
        $errors = [System.Collections.Generic.List[string]]::new()
        $null = Start-ReactorTimer -After 1 -Reactor $front {
            Send-ReactorRequest never 'x' -Timeout 5m | Add-DeferredCallback -OnError { $errors.Add("$_") }
        }
        Wait-Reactor $front -Advance 10s
        $errors | Should -BeNullOrEmpty
        Wait-Reactor $front -Advance 10m
        $errors | Should -Be "Nobody has replied at 'never' within 300 s."
        Stop-Reactor $front
    }

    It 'is an answer in a handler' {
        $null = Register-ReactorTopic price { @{ tea = 3 }[$_] } -Reactor $r
        $s = Start-LineServer 0 { Send-ReactorRequest price $_ } -Reactor $r
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $r
        Send-Line $c 'tea' -Receive -Timeout 30 | Should -Be 3
    }

    It 'works in Start-Deferred, where it waits' {
        $null = Register-ReactorTopic price { 3 } -Reactor $r
        Start-Deferred { 'tea' | Send-ReactorRequest price } -Reactor $r | Receive-Deferred -Timeout 30 | Should -Be 3
    }
}
