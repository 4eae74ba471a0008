BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    $evil = "a`e]0;owned`a`u{202E}b`u{9B}2J`u{2028}c"
    $visible = 'a\e]0;owned\x07\u202Eb\x9B2J\u2028c'
    $hidden = '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]'

    function Format-Plain {
        param([scriptblock] $Format)
        (& $Format | Out-String -Width 500) -replace "`e\[[\d;]*m"
    }
}

AfterAll {
    Stop-Everything
}

Describe 'Control characters and marks of direction from a peer' {
    BeforeAll {
        $file = Join-Path $TestDrive evil.log
        $s = Start-LineServer 0 -Name Evil -LogPath $file -OnError { } -OnLine {
            Write-ReactorLog $_
            $null = $Server.Groups[$_].Add($Connection)
            throw "bad: $_"
        }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Send-Line $c $evil
        Wait-Until { $s.ErrorCount -eq 1 }
        $group = @($s.Groups)[0]
    }

    It 'are escapes in the log file, one line for each entry' {
        Disconnect-LineClient $c
        Stop-LineServer $s
        $lines = Get-Content $file
        $lines | Should -HaveCount $s.Log.Count
        $lines -match $hidden | Should -BeNullOrEmpty
        $lines -like "*[[]Evil,0,127.0.0.1] $visible" | Should -HaveCount 1
    }

    It 'are escapes in the view of <Name>' -ForEach @(
        @{ Name = 'a log'; Get = { $s.Log } }
        @{ Name = 'a log as a list'; Get = { $s.Log | Format-List } }
        @{ Name = 'errors'; Get = { $s.Errors } }
        @{ Name = 'errors as a list'; Get = { $s.Errors | Format-List } }
        @{ Name = 'a group'; Get = { , $group } }
        @{ Name = 'a deferred'; Get = { $d = New-Deferred; Complete-Deferred $d $evil; $d } }
    ) {
        $text = Format-Plain $Get
        # Some columns are narrow.
        $text | Should -Match ([regex]::Escape('a\e]0;owned\x07'))
        $text | Should -Not -Match $hidden
    }

    It 'are what they are for a script' {
        $s.Errors[0].Message | Should -BeExactly "bad: $evil"
        $s.Log.Message | Should -Contain $evil
        $group.Name | Should -BeExactly $evil
    }

    It 'are escapes in the warning about an error of a handler' {
        $bad = Start-LineServer 0 { throw "bad: $_" }
        $caller = Connect-LineClient 127.0.0.1 $bad.Port
        Send-Line $caller $evil
        # The next cmdlet shows it, whichever that is.
        $warned = @{ WarningVariable = '+warnings'; WarningAction = 'SilentlyContinue' }
        $null = Wait-LineClient $caller @warned
        $null = Get-LineServer @warned
        "$warnings" | Should -Match ([regex]::Escape("bad: $visible"))
    }

    It 'are on one line where an error has several' {
        $bad = Start-LineServer 0 { throw "no such thing.`r`nCheck it.`n" }
        $caller = Connect-LineClient 127.0.0.1 $bad.Port
        Send-Line $caller 'a'
        $warned = @{ WarningVariable = '+warnings'; WarningAction = 'SilentlyContinue' }
        $null = Wait-LineClient $caller @warned
        $null = Get-LineServer @warned
        "$warnings" | Should -BeLike '*no such thing. Check it. (*'
        $views = { $bad.Errors }, { $bad.Errors | Format-List }, { $bad | Format-List }, { $bad.Log } | ForEach-Object { Format-Plain $_ }
        $views | Should -Match 'no such thing\. Check it\.'
        $views | Should -Not -Match '\\[rn]'
        $bad.Errors[0].Message | Should -BeExactly "no such thing.`r`nCheck it.`n"
    }
}

Describe 'Enter-LineClient' -Skip:(-not $IsLinux -or -not (Get-Command python3 -CommandType Application -ErrorAction Ignore)) {
    It 'shows escapes on a terminal, and bytes as they are where the output goes elsewhere' {
        $s = Start-LineServer 0 -ArgumentList $evil -OnConnect { param($c, $evil) $evil; $c.Close() }
        $script = "Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; Enter-LineClient 127.0.0.1 $($s.Port)"
        $shell = Start-TerminalShell '-Command', $script
        $onTerminal = while ($null -ne ($line = Read-ChildLine $shell)) {
            $line
            if ($line -like '*lost*') {
                $shell.StandardInput.Write("exit`r")
            }
        }
        "$onTerminal" | Should -Match ([regex]::Escape($visible))
        Assert-ChildSucceeded $shell
        $program, $arguments = Get-ShellCommand '-Command', $script
        $redirected = $null | & $program @arguments
        "$redirected" | Should -Match ([regex]::Escape($evil))
    }
}
