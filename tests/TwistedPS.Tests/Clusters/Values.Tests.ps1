BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Broker.psm1 -Force
    $brokers = @(Get-BrokerKind)
    $places = @(@{ Where = 'of a process alone'; Kind = $null }) + $brokers.ForEach{ @{ Where = "of a cluster at $($_.Kind)"; Kind = $_.Kind } }
    $nats = $brokers.Where{ $_.Kind -eq 'NATS' }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Broker.psm1 -Force
}

# The same cmdlets do the same with a broker and without one.
Describe 'Shared values <Where>' -ForEach $places {
    BeforeAll {
        if ($Kind) {
            $broker = Start-Broker $Kind -Store "$TestDrive/store of $Kind"
            $null = Join-ReactorCluster $broker.Url -Name values
        }
    }

    AfterAll {
        Stop-Everything
        if ($Kind) { Stop-Broker $broker }
    }

    It 'are there once they are set: <Name>' -ForEach @(
        @{ Name = 'text'; Value = "ä`r`n" }
        @{ Name = 'empty text'; Value = '' }
        @{ Name = 'text like a date'; Value = '2024-05-06T07:08:09Z' }
        @{ Name = 'a number'; Value = 1.5 }
        @{ Name = 'true'; Value = $true }
    ) {
        Set-ReactorValue it.$($Name -replace ' ', '_') $Value -Timeout 30 | Should -BeNullOrEmpty
        $got = Get-ReactorValue it.$($Name -replace ' ', '_') -Timeout 30
        $got | Should -BeExactly $Value
        $got | Should -BeOfType $Value.GetType()
    }

    It 'may be objects and arrays' {
        Set-ReactorValue object @{ a = 1, 2 } -Timeout 30
        (Get-ReactorValue object -Timeout 30).a | Should -Be 1, 2
        Set-ReactorValue array 1, 2, 3 -Timeout 30
        Get-ReactorValue array -Timeout 30 | Should -Be 1, 2, 3
    }

    It 'are those of a pipeline, several as an array, and without one they stay' {
        'a' | Set-ReactorValue piped -Timeout 30
        Get-ReactorValue piped -Timeout 30 | Should -BeExactly 'a'
        Set-ReactorValue piped.from 1, $null, 3 -Timeout 30
        Get-ReactorValue piped.from -Timeout 30 | Set-ReactorValue piped -Timeout 30
        ConvertTo-Json -Compress @(Get-ReactorValue piped -Timeout 30) | Should -BeExactly '[1,null,3]'
        Get-ReactorValue none.piped -Timeout 30 | Set-ReactorValue piped -Timeout 30
        (Get-ReactorValue piped -Timeout 30).Count | Should -Be 3
        , $null | Set-ReactorValue piped -Timeout 30
        Get-ReactorValue piped -Timeout 30 | Should -BeNullOrEmpty
    }

    It 'are nothing before they are set, and when they are removed' {
        Get-ReactorValue none -Timeout 30 | Should -BeNullOrEmpty
        Set-ReactorValue none $null -Timeout 30
        Set-ReactorValue none 1 -Timeout 30
        Set-ReactorValue none $null -Timeout 30
        Get-ReactorValue none -Timeout 30 | Should -BeNullOrEmpty
    }

    It 'are set only if they are what is expected' {
        Set-ReactorValue cas 1 -Expected 0 -Timeout 30 | Should -BeFalse
        Set-ReactorValue cas 'a' -Expected $null -Timeout 30 | Should -BeTrue
        Set-ReactorValue cas 'b' -Expected $null -Timeout 30 | Should -BeFalse
        Set-ReactorValue cas 'c' -Expected 'a' -Timeout 30 | Should -BeTrue
        Set-ReactorValue cas $null -Expected 'a' -Timeout 30 | Should -BeFalse
        Get-ReactorValue cas -Timeout 30 | Should -Be 'c'
        Set-ReactorValue cas $null -Expected 'c' -Timeout 30 | Should -BeTrue
        Set-ReactorValue cas 'd' -Expected $null -Timeout 30 | Should -BeTrue
    }

    It 'count' {
        Set-ReactorValue count -Increment 5 -Timeout 30 | Should -Be 5
        Set-ReactorValue count -Increment -7 -Timeout 30 | Should -Be -2
        Get-ReactorValue count -Timeout 30 | Should -Be -2
        Set-ReactorValue count 'text' -Timeout 30
        Set-ReactorValue count -Increment 1 -Timeout 30 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "'count' can't be counted: it is no whole number of 64 bits."
        $failed.FullyQualifiedErrorId | Should -BeLike 'ValueNotNumber,*'
    }

    It 'are deferreds in a handler, whose results are its answers' {
        $s = Start-LineServer 0 { if ($_ -eq 'get') { Get-ReactorValue hits -Timeout 30 } else { Set-ReactorValue hits -Increment $_ -Timeout 30 } }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c '2' -Receive -Timeout 30 | Should -Be '2'
        Send-Line $c '3' -Receive -Timeout 30 | Should -Be '5'
        Send-Line $c 'get' -Receive -Timeout 30 | Should -Be '5'
    }
}

Describe 'A shared value' {
    It 'has no such key: <_>' -ForEach 'a b', 'a..b', '*', 'ä' {
        { Get-ReactorValue $_ } | Should -Throw "'$_' is no key of a value: *" -ErrorId 'ValueKeyInvalid,*'
    }
}

Describe 'The shared values of several nodes at <Kind>' -ForEach $brokers {
    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'lose no count and have one winner, and outlast their nodes and the broker' {
        $broker = Start-Broker $Kind -Store "$TestDrive/values of $Kind"
        $null = Join-ReactorCluster $broker.Url -Name it
        $nodes = 1..2 | ForEach-Object {
            Start-Node $broker.Url it '$null = Register-ReactorTopic begin { 1..50 | ForEach-Object { Set-ReactorValue n -Increment 1 -Timeout 60 }; Set-ReactorValue leader (Get-ReactorCluster).Node -Expected $null -Timeout 60 }'
        }
        Publish-ReactorMessage begin 1
        1..50 | ForEach-Object { $null = Set-ReactorValue n -Increment 1 -Timeout 60 }
        Wait-Until { (Get-ReactorValue n -Timeout 60) -eq 150 }
        Wait-Until { Get-ReactorValue leader -Timeout 60 }
        Set-ReactorValue leader 'me' -Expected $null -Timeout 60 | Should -BeFalse
        $nodes | ForEach-Object { Stop-Node $_ }

        Stop-Broker $broker
        Wait-Until { (Get-ReactorCluster).Status -eq 'Reconnecting' }
        Get-ReactorValue n -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerUnreachable,*'
        $broker = Start-Broker $Kind $broker.Port -Store "$TestDrive/values of $Kind"
        Wait-Until { (Get-ReactorValue n -ErrorAction SilentlyContinue) -eq 150 }
    }

    It 'are no longer than the broker carries' {
        $broker = Start-Broker $Kind -Store "$TestDrive/long of $Kind"
        $null = Join-ReactorCluster $broker.Url -Name it
        Set-ReactorValue n ('x' * 9MB) -Timeout 60 -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'MessageTooLong,*'
    }
}

Describe 'The shared values at NATS' -Skip:(-not $nats) {
    AfterEach {
        Stop-Everything
        Stop-Broker $broker
    }

    It 'need a broker that keeps them' {
        $broker = Start-Broker NATS
        $null = Join-ReactorCluster $broker.Url -Name it
        Set-ReactorValue n 1 -Timeout 60 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -Be "The broker $($broker.Url) keeps no values: it runs without JetStream."
        $failed.FullyQualifiedErrorId | Should -BeLike 'BrokerWithoutStore,*'
        Get-ReactorValue n -Timeout 60 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike '*without JetStream.'
    }
}
