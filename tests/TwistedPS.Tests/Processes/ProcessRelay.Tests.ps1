BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $ncat, $socat, $python = 'ncat', 'socat', 'python3' | ForEach-Object { [bool](Find-RealProgram $_) }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
}

Describe 'A connection that is relayed to a process, <Kind>' -ForEach (Get-ReactorKind -Background) {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterEach { Stop-Everything }

    AfterAll { Stop-Reactor $reactor }

    It 'makes a service of inetd of one line' {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Start-ReactorProcess tr 'a-z', 'A-Z')) }
        $text = 'some text ' * 50000
        $peer = Connect-Peer $s.Port
        Send-Peer $peer 'first'
        Send-Peer $peer $text -End
        $back = Receive-Peer $peer -End
        [string]::Equals($back, "first$text".ToUpper(), 'Ordinal') | Should -BeTrue
        $peer.Dispose()
        Wait-Until { $s.ConnectionCount -eq 0 -and -not (Get-ReactorProcess) }
    }

    It 'gets megabytes from a real client, byte for byte' -Skip:(-not $ncat) {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Start-ReactorProcess gzip '-1')) }
        [IO.File]::WriteAllBytes("$TestDrive/sent", [Security.Cryptography.RandomNumberGenerator]::GetBytes(3000000))
        $command = "ncat 127.0.0.1 $($s.Port) < '$TestDrive/sent' | gzip -d | cmp - '$TestDrive/sent'"
        Invoke-Program bash '-c', "set -o pipefail; $command"
    }

    It 'is a session at a terminal for a real client' -Skip:(-not ($ncat -and $python)) {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect { $Connection.RelayTo((Start-ReactorProcess sh -Terminal -Columns 100 -Rows 30)) }
        $shown = Invoke-Program ncat '127.0.0.1', $s.Port -InputText "stty size`npython3 -c 'import sys; print(sys.stdin.isatty(), sys.stdout.isatty())'`n"
        $shown | Should -BeLike '*30 100*'
        $shown | Should -BeLike '*True True*'
        Wait-Until { $s.ConnectionCount -eq 0 -and -not (Get-ReactorProcess) }
    }

    It 'passes the keys of a person with a real client' -Skip:(-not $socat) {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect {
            $Connection.RelayTo((Start-ReactorProcess sh '-c', 'trap "echo interrupted; exit" INT; echo ready; while :; do sleep 0.01; done' -Terminal))
        }
        $person = Start-Program socat '-', "tcp:127.0.0.1:$($s.Port)"
        Read-ChildLine $person | Should -BeExactly ready
        $person.StandardInput.Write("`u{3}")
        $person.StandardInput.Flush()
        Read-ChildRest $person | Should -BeLike "*interrupted`r`n"
        $null = Wait-ChildShell $person
        Wait-Until { $s.ConnectionCount -eq 0 -and -not (Get-ReactorProcess) }
    }
}

Describe 'A connection that is relayed to a process' {
    AfterEach { Stop-Everything }

    It 'is an error of the handler: <Name>' -ForEach @(
        @{ Name = 'to a process that is relayed already'; Handler = { $p = Start-ReactorProcess cat; $Connection.RelayTo($p); $Connection.RelayTo($p) }; Words = '*relayed already*' }
        @{ Name = 'to a server'; Handler = { $Connection.RelayTo($Server) }; Words = '*neither a client nor a process*' }
    ) {
        $s = Start-TcpServer 0 $Handler
        Invoke-Peer $s.Port x -ErrorAction SilentlyContinue
        Wait-Until { $s.ErrorCount }
        $s.Errors[0].Message | Should -BeLike $Words
    }

    It 'logs the error output, and joins a client at the prompt as well' {
        $far = Start-TcpServer 0 -OnConnect { "to the program`n" } -OnData { $Server.State.Got += $Connection.Decode($_) }
        $c = Connect-TcpClient localhost $far.Port
        $p = Start-ReactorProcess sh '-c', 'echo problem >&2; head -n 1 | tr a-z A-Z'
        $c.Connection.RelayTo($p)
        Wait-Until { $p.Status -eq 'Exited' -and -not (Get-TcpClient) }
        $far.State.Got | Should -BeExactly "TO THE PROGRAM`n"
        ($p.Log | Where-Object Level -EQ Warning).Message | Should -BeExactly problem
    }
}
