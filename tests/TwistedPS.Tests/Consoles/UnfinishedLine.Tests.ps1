BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
    $kinds = Get-ReactorKind
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Editor.psm1, $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A line whose end has not come, <Kind>' -ForEach $kinds {
    BeforeAll {
        $reactor = New-Reactor @ReactorOptions
    }

    AfterAll {
        Stop-Everything
        Stop-Reactor $reactor
    }

    It 'is known as far as it has come, less what stood before a line that was typed' {
        $server = Start-LineServer 0 { }
        $client = Connect-LineClient 127.0.0.1 $server.Port -Reactor $reactor
        Wait-Until { $server.ConnectionCount }
        $unfinished = New-ConsolePart UnfinishedLine $client
        $shown = [Collections.Generic.List[string]]::new()
        $show = [Func[bool]] { while ($client.WaitingLines) { $shown.Add($unfinished.EndWith((Receive-Line $client))) }; $true }

        function Send-Bytes ([object] $Bytes, [string] $Expected, [string] $Lines) {
            $server.Connections[0].Write($Bytes)
            Wait-Until {
                Invoke-Reactor -Reactor $reactor { }
                $unfinished.Update($show)
                $unfinished.Text -ceq $Expected -and "$shown" -ceq $Lines
            }
        }

        Send-Bytes "one`r`nname? " 'name? ' 'one'
        Send-Bytes ([byte[]] (0xC3)) 'name? ' 'one'
        Send-Bytes ([byte[]] (0xA9)) "name? `u{E9}" 'one'
        $unfinished.Leave()
        $unfinished.Text | Should -BeExactly ''
        Send-Bytes ' and' ' and' 'one'
        Send-Bytes "`r" ' and' 'one'
        Send-Bytes "`ntwo`nrest" 'rest' 'one  and two'
        Send-Bytes "`n" '' 'one  and two rest'
    }
}
