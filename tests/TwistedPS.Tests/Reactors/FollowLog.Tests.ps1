BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ChildShell.psm1 -Force
}

AfterAll {
    Remove-Module TwistedPS
}

Describe 'Get-ReactorLog -Follow on a reactor with <Kind>' -ForEach $kinds {
    AfterEach {
        Get-Reactor | Stop-Reactor
    }

    It 'loses and doubles nothing while entries come quickly, and ends with its server' {
        $reactor = New-Reactor @ReactorOptions
        $s = Start-LineServer 0 -Reactor $reactor {
            Write-ReactorLog $_
            if ($_ -eq 'last') {
                $Server.Dispose()
            }
        }
        $c = Connect-LineClient 127.0.0.1 $s.Port -Reactor $reactor -OnLine { }
        # They come while it begins to follow.
        1..300 | Send-Line $c
        $hasSent = $false
        $messages = Get-ReactorLog $s -Follow | ForEach-Object {
            $_.Message
            if (-not $hasSent) {
                $hasSent = $true
                301..1200 | Send-Line $c
                Send-Line $c 'last'
            }
        }
        $messages -match '^\d+$|^last$' | Should -Be @(1..1200; 'last')
        $messages[-1] | Should -Be Stopped
    }
}

Describe 'Get-ReactorLog -Follow' {
    AfterEach {
        Get-Reactor | Stop-Reactor
    }

    It 'begins with the last entries, and goes on with those that -Level wants' {
        $s = Start-LineServer 0 { }
        Write-ReactorLog 'a', 'b', 'c' -Service $s -Level Warning
        $messages = Get-ReactorLog $s -Follow -Tail 2 -Level Warning | ForEach-Object {
            $_.Message
            if ($_.Message -eq 'c') {
                Write-ReactorLog 'not wanted' -Service $s
                Write-ReactorLog 'd' -Service $s -Level Error
            }
        } | Select-Object -First 3
        $messages | Should -Be b, c, d
    }

    It 'follows all that runs on the session''s reactors, until they have stopped' {
        $s = Start-LineServer 0 -Name A { }
        $messages = Get-ReactorLog -Follow -Tail 1 | ForEach-Object {
            if ($_.Message -like 'Started on*') {
                $null = Start-ReactorTimer -After 1ms { Write-ReactorLog 'from a timer' }
            }
            elseif ($_.Message -eq 'from a timer') {
                Stop-Reactor $s.Reactor
            }
            "$($_.Message)"
        }
        $messages | Should -Contain 'from a timer'
        $messages[-1] | Should -Be Stopped
    }

    It 'ends at once where there is nothing to follow' {
        Get-ReactorLog -Follow | Should -BeNullOrEmpty
        $s = Start-LineServer 0 { }
        Stop-LineServer $s
        (Get-ReactorLog $s -Follow).Message[-1] | Should -Be Stopped
        Get-LineServer No* | Get-ReactorLog -Follow | Should -BeNullOrEmpty
    }

    It 'ends at once with Ctrl+C' {
        Measure-QuickStop -Activity Following -Limit 1 {
            $null = Start-LineServer 0 { }
            Write-Progress -Activity Following
            Get-ReactorLog -Follow
        } | Should -BeLessThan 1
    }

    It 'leaves a reactor in the foreground alive at Ctrl+C' {
        $pipeline = Start-Pipeline {
            $null = Start-LineServer 0 -Name Left { } -Reactor (New-Reactor -Foreground)
            Write-Progress -Activity Following
            Get-ReactorLog -Follow
        }
        Wait-Until { $pipeline.Shell.Streams.Progress.Activity -eq 'Following' }
        $null = Stop-Pipeline $pipeline
        $after = [powershell]::Create($pipeline.Shell.Runspace).AddScript('(Get-LineServer).Status; Get-Reactor | Stop-Reactor').Invoke()
        "$after" | Should -Be Running
    }
}
