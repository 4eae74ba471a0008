BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'A line that is too long, on the <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterAll {
        Stop-Reactor $reactor
    }

    It 'is left out after -OnLineTooLong' {
        $s = Start-LineServer 0 { "line $_" } -Reactor $reactor -MaxLineLength 5 -OnLineTooLong {
            param($Peer, $Beginning)
            "too long: $_ $($Beginning -eq $_) $($Peer -eq $Connection)"
        }
        Get-Stream $s "a`n123456789`n12345`nb`n" |
            Should -BeExactly "line a`r`ntoo long: 12345 True True`r`nline 12345`r`nline b`r`n"
        $s.LinesTooLong, $s.LinesIn | Should -Be 1, 3
        $s.Errors | Should -BeNullOrEmpty
    }

    It 'closes the connection without' {
        $s = Start-LineServer 0 { "line $_" } -Reactor $reactor -MaxLineLength 5
        Get-Stream $s "a`n123456789`nb`n" | Should -BeExactly "line a`r`n"
        $s.LinesTooLong | Should -Be 1
    }
}

Describe 'The handler of lines that are too long' {
    AfterEach {
        Stop-Everything
    }

    It 'may close' {
        $s = Start-LineServer 0 { "line $_" } -MaxLineLength 5 -OnLineTooLong { 'bye'; $Connection.Close() }
        Invoke-Peer $s.Port "123456789`nb`n" | Should -BeExactly "bye`r`n"
    }

    It 'is named where it fails' {
        $s = Start-LineServer 0 { "line $_" } -MaxLineLength 5 -OnLineTooLong { throw 'what a line' } -OnError { "error $_" }
        Invoke-Peer $s.Port "123456789`nb`n" | Should -BeExactly "error what a line`r`nline b`r`n"
        $s.Errors[0].Handler | Should -BeExactly OnLineTooLong
    }

    It 'can be given later' {
        $s = Start-LineServer 0 { "line $_" } -MaxLineLength 5
        Set-LineServer $s -OnLineTooLong { 'too long' }
        Invoke-Peer $s.Port "123456789`nb`n" | Should -BeExactly "too long`r`nline b`r`n"
    }

    It 'is one of clients and of tests in memory, too' {
        $s = Start-LineServer 0 { $_ }
        $seen = New-Queue
        $c = Connect-LineClient 127.0.0.1 $s.Port -MaxLineLength 5 -OnLineTooLong { ($using:seen).Enqueue($_) }
        Send-Line $c 123456789
        Send-Line $c end -Receive -Timeout 30 | Should -BeExactly end
        "$seen" | Should -BeExactly 12345

        $c = New-LineTestConnection { "line $_" } -MaxLineLength 5 -OnLineTooLong { "too long $_" }
        Send-Line $c 123456789 -Receive | Should -BeExactly 'too long 12345'
    }
}
