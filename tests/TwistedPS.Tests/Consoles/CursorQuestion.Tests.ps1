BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1 -Force
}

Describe 'Ctrl+C that takes away where the cursor is' -Skip:($IsWindows -or -not (Get-Command python3 -CommandType Application -ErrorAction Ignore)) {
    AfterEach {
        if (-not $shell.HasExited) {
            $shell.Kill($true)
        }
    }

    It 'ends <Wait> while it draws <Draws>' -ForEach @(
        @{
            Wait = 'Wait-LineServer'
            Draws = 'progress'
            Command = 'Wait-LineServer (Start-LineServer 0 { })'
            After = 'begins to wait'
        }
        @{
            Wait = 'Wait-LineServer'
            Draws = 'a warning beside progress'
            Command = '$null = Start-ReactorTimer -After 1.5 { throw "lo" + "st" }; Wait-LineServer (Start-LineServer 0 { })'
            After = 'lost'
        }
        @{
            Wait = 'Wait-LineServer'
            Draws = 'what an event writes beside progress'
            Command = '$t = [Timers.Timer]::new(1500); $null = Register-ObjectEvent $t Elapsed -Action { Write-Host ("hap" + "pened") }; $t.Start(); Wait-LineServer (Start-LineServer 0 { })'
            After = 'happened'
        }
        @{
            Wait = 'Get-RemoteCars'
            Draws = 'progress'
            Command = 'Get-RemoteCars (1..2).ForEach{ "127.0.0.1:$((Start-LineServer 0 { }).Port)" }'
            After = 'begins to wait'
        }
        @{
            Wait = 'Get-RemoteCars'
            Draws = 'a car beside progress'
            Command = '$cars = { param($c) $c.Write("1:peu" + "geot:red"); $c.Close() }; Get-RemoteCars ((Start-LineServer 0 { }), (Start-LineServer 0 -OnConnect $cars)).ForEach{ "127.0.0.1:$($_.Port)" }'
            After = 'peugeot'
        }
    ) {
        # Without PSReadLine, nothing but progress asks for the cursor while a command runs.
        $begin = "Remove-Module PSReadLine -ErrorAction Ignore; Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'; 'ready'"
        $shell = Start-TerminalShell '-NoExit', '-Command', $begin -InterruptAfter $After
        $null = Read-ChildText $shell 'ready'
        $shell.StandardInput.Write("'begins ' + 'to wait'; $Command`r")
        $null = Read-ChildText $shell '<Ctrl+C>'
        $shell.StandardInput.Write("'is ' + 'back'`r")
        $null = Read-ChildText $shell 'is back'
        $shell.StandardInput.Write("exit`r")
        Assert-ChildSucceeded $shell
    }
}
