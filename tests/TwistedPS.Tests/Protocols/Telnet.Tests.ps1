BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $telnet = (Find-RealProgram telnet -Package inetutils-telnet) -and (Find-RealProgram python3)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/telnet.ps1").Port
    $ask = "$([char]255)$([char]253)$([char]31)Name: "
    $hide = "$([char]255)$([char]251)$([char]1)Password: "
    $show = "$([char]255)$([char]252)$([char]1)`r`n"
}

AfterAll { Stop-AllExample }

Describe 'The telnet server' {
    AfterEach { Close-Peer }

    It 'hides the password that is typed to a real telnet, and knows the size of its window' -Skip:(-not $telnet) {
        $program = Start-Program python3 ("$PSScriptRoot/../Support/terminal.py", 'bash', '-c', "stty rows 40 cols 100; exec telnet 127.0.0.1 $port")
        $program.StandardInput.AutoFlush = $true
        $null = Read-ChildText $program 'Name: '
        $program.StandardInput.Write("me`r")
        Read-ChildText $program 'Password: ' | Should -BeLike '*me*'
        $program.StandardInput.Write("secret`r")
        Read-ChildText $program '> ' | Should -Not -BeLike '*secret*'
        $program.StandardInput.Write("size`r")
        Read-ChildText $program '> ' | Should -Match 'size\s+100 x 40\s+>'
        $program.StandardInput.Write("bye`r")
        Read-ChildText $program 'closed by foreign host' | Should -Match 'bye\s+Bye\.'
        $null = Wait-ChildShell $program
    }

    It 'negotiates, whatever pieces the commands come in, <Size> bytes' -ForEach @{ Size = 1 }, @{ Size = 1000 } {
        # WILL and DO for other options are refused; a size with a byte 255 in it has that doubled; NOP is for nothing.
        $sent = [char[]] (255, 251, 31, 255, 250, 31, 0, 255, 255, 1, 2, 255, 240, 255, 251, 24, 255, 253, 3, 255, 254, 1, 255, 252, 24) -join ''
        $lines = "me`r`0x$([char]255)$([char]241)y`r`nsize`nwhat`r`nbye`r`n"
        $peer = Connect-Peer $port
        for ($at = 0; $at -lt ($sent + $lines).Length; $at += $Size) { Send-Peer $peer ($sent + $lines).Substring($at, [Math]::Min($Size, ($sent + $lines).Length - $at)) }
        $refused = [char[]] (255, 254, 24, 255, 252, 3) -join ''
        Receive-Peer $peer -End | Should -BeExactly "$ask$refused$hide${show}Hello me.`r`n> 255 x 258`r`n> Commands: size, bye`r`n> Bye.`r`n"
    }

    It 'ends a connection whose <Name> does not end' -ForEach @{ Name = 'line'; Text = 'x' * 1001 }, @{ Name = 'option'; Text = "$([char]255)$([char]250)" + 'x' * 1000 } {
        $peer = Connect-Peer $port
        Send-Peer $peer $Text
        Receive-Peer $peer -End | Should -BeExactly "${ask}Line too long.`r`n"
    }
}
