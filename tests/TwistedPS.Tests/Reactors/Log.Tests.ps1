BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
}

AfterAll {
    Remove-Module TwistedPS
}

Describe 'Write-ReactorLog' {
    AfterEach {
        Close-Peer
        Get-Reactor | Stop-Reactor
    }

    It 'writes to the log of the handler''s server, under its connection' {
        $s = Start-LineServer 0 -Name CmdProtocol { Write-ReactorLog "Cmd received from $($Connection.Address) : $_"; 'done' }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        $null = Send-Line $c 'test' -Receive -Timeout 30
        "$($s.Log -match 'Cmd received')" |
            Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[CmdProtocol,0,127\.0\.0\.1\] Cmd received from 127\.0\.0\.1 : test$'
    }

    It 'writes under the server where a handler has no connection' {
        $s = Start-LineServer 0 -Name Lone -OnStart { 'one', 'two' | Write-ReactorLog -Level Warning } -OnLine { }
        ($s.Log | Where-Object Level -EQ Warning).Message | Should -Be one, two
        ($s.Log | Where-Object Level -EQ Warning).Source | Should -Be Lone, Lone
    }

    It 'writes under the connection from what its handlers start' {
        $s = Start-LineServer 0 -Name Later {
            $null = Start-ReactorTimer -After 0 { Write-ReactorLog 'from the timer'; 'timer' }
            Start-Deferred { } | Add-DeferredCallback { Write-ReactorLog 'from the callback'; 'callback' }
        }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'x'
        Receive-Line $c -Count 2 -Timeout 60 | Sort-Object | Should -Be callback, timer
        ($s.Log | Where-Object Message -Like 'from the*').Source | Should -Be 'Later,0,127.0.0.1', 'Later,0,127.0.0.1'
    }

    It 'writes to the log of the session''s reactor at the prompt' {
        Write-ReactorLog 'from the prompt', 5
        (Get-ReactorLog -Tail 2).Message | Should -Be 'from the prompt', 5
    }

    It 'writes to the services that are given' {
        $a = Start-LineServer 0 -Name A { }
        $b = Start-TcpServer 0 -Name B { }
        Write-ReactorLog 'to both' -Service $a, B -Level Error
        "$($a.Log[-1].Message) $($b.Log[-1].Message) $($b.Log[-1].Level)" | Should -Be 'to both to both Error'
    }
}

Describe 'Get-ReactorLog' {
    BeforeAll {
        $a = Start-LineServer 0 -Name A { }
        $b = Start-LineServer 0 -Name B { }
        1..3 | ForEach-Object {
            Write-ReactorLog "a$_" -Service $a
            Write-ReactorLog "b$_" -Service $b -Level Warning
        }
    }

    AfterAll {
        Get-Reactor | Stop-Reactor
    }

    It 'outputs the entries of all that runs on the session''s reactors, in order' {
        (Get-ReactorLog | Where-Object Message -Match '^[ab]\d').Message | Should -Be a1, b1, a2, b2, a3, b3
    }

    It 'outputs the last entries with -Tail' {
        (Get-ReactorLog -Tail 2).Message | Should -Be a3, b3
        (Get-ReactorLog A -Tail 1).Message | Should -Be a3
        Get-ReactorLog -Tail 0 | Should -BeNullOrEmpty
    }

    It 'outputs what matters enough with -Level' {
        (Get-ReactorLog -Level Warning).Message | Should -Be b1, b2, b3
    }

    It 'takes services from the pipeline' {
        (Get-LineServer | Get-ReactorLog -Tail 3).Message | Should -Be b2, a3, b3
    }

    It 'still has the entries of what has ended' {
        $gone = Start-LineServer 0 -Name Gone { }
        Stop-LineServer $gone
        (Get-ReactorLog | Where-Object Source -EQ Gone).Message | Should -Contain Stopped
    }

    It 'writes an error for a name that does not exist' {
        { Get-ReactorLog Nobody -ErrorAction Stop } | Should -Throw '*Nobody*' -ErrorId 'ServiceNotFound,*'
    }
}

Describe '-LogLevel and -LogPath' {
    It 'keep and write what matters enough' {
        $file = Join-Path $TestDrive level.log
        $s = Start-LineServer 0 -Name Quiet -LogLevel Warning -LogPath $file { Write-Warning $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c 'look out'
        Disconnect-LineClient $c
        Stop-LineServer $s
        $s.Log.Message | Should -Be 'look out'
        Get-Content $file | Should -Match '^\S+ \S+ \[Quiet,0,127\.0\.0\.1\] look out$'
    }
}
