BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tmux = if (-not $IsWindows) { Find-RealProgram tmux }
}

Describe 'Watch-Reactor at a terminal' -Skip:(-not $tmux) {
    BeforeAll {
        Import-Module $PSScriptRoot/../Support/Screen.psm1 -Force
        # One terminal for all: to start a shell takes longer than anything that is done in it. A timer has one of its clients send.
        $screen = Start-Screen '-NoExit', '-Command', @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            function prompt { 'PS> ' }
            `$echo = Start-LineServer 0 -Name Echo { `$_ }
            `$bad = Start-LineServer 0 -Name Bad -OnError { 'no' } { throw "`$([char]27)[31mbad: `$_" }
            1..30 | ForEach-Object { `$null = Start-UdpServer 0 -Name "Udp`$('{0:00}' -f `$_)" { } }
            `$caller = Connect-LineClient 127.0.0.1 `$echo.Port -Name Caller -OnLine { }
            `$null = Start-ReactorTimer -Every 10ms -Name Beat { (`$using:caller).Send('x') }
            `$null = Connect-LineClient 127.0.0.1 `$bad.Port -Name BadCaller -OnConnect { 1..3 } -OnLine { }
            'before'
"@
        $null = Wait-Screen $screen '^PS>'

        # The names of the services in the table, from top to bottom.
        function Get-Shown {
            $lines = Get-Screen $screen
            $from = [array]::FindIndex([string[]] $lines, [Predicate[string]] { param($line) $line -match '^Name ' }) + 1
            $lines[$from..($lines.Count - 1)] -match '^(Echo|Bad|Caller|BadCaller|Beat|Udp\d+) ' -replace ' .*'
        }
    }

    AfterAll {
        Stop-Screen $screen
    }

    It 'shows what is alive with its rates, handlers and errors, within 80 columns and 24 lines' {
        Send-Key $screen -Line 'Watch-Reactor -Interval 200ms'
        $null = Wait-Screen $screen '^Bad +1 .* 3$'
        # A rate that is not 0, and so of a second look at least.
        $lines = Wait-Screen $screen '^Echo +\d+ +[1-9]'
        $lines[0] | Should -Match '^\d\d:\d\d:\d\d  every 200 ms  35 alive  by name'
        $lines[1] | Should -Match '^reactor \d+ +\d+% busy'
        $lines[2] | Should -Match '^messages/s +in +[\d.]+k? .*out +[\d.]+k? '
        $lines[3] | Should -Match '^bytes/s +in +[\d.]+ [KM]?B .*out'
        $lines[4] | Should -Match '^Name +Peers +In/s +Out/s +BytesIn BytesOut +P50 +P99 Load Errors$'
        $lines -match '^Bad +1 .* 3$' | Should -HaveCount 1
        # There is room for two, and which are the slowest depends on the machine.
        $lines -match '^On(Line|Connect|Error|Tick) of (Echo|Bad|Caller|BadCaller|Beat) +[\d.]+[kM]? calls  p50' | Should -HaveCount 2
        ($lines -match '^\d\d:\d\d:\d\d Bad,0,127\.0\.0\.1: OnLine failed: \\e\[31mbad: 3').Count | Should -Be 1
        $lines[23] | Should -BeLike '1-* of 35 ↑↓  q quit  space pause  by Name In Out Bytes Peers Time Load Errors'
        $lines | Should -HaveCount 24
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'draws bars that move' {
        $null = Wait-Screen $screen '[▁-█]{8}'
    }

    It 'sorts by the figure of a key, and the other way round when it is pressed again' {
        Send-Key $screen i
        $null = Wait-Screen $screen 'by in$'
        Get-Shown | Select-Object -First 3 | Sort-Object | Should -Be Beat, Caller, Echo
        Send-Key $screen n
        $null = Wait-Screen $screen 'by name$'
        Get-Shown | Select-Object -First 3 | Should -Be Bad, BadCaller, Beat
        Send-Key $screen n
        $null = Wait-Screen $screen 'by name, reversed'
        Get-Shown | Select-Object -First 2 | Should -Be Udp30, Udp29
    }

    It 'scrolls, and no further than there is something to show' {
        Send-Key $screen End
        $null = Wait-Screen $screen '^\d+-35 of 35'
        Get-Shown | Select-Object -Last 2 | Should -Be BadCaller, Bad
        Send-Key $screen Up
        $null = Wait-Screen $screen '^\d+-34 of 35'
        Send-Key $screen Down, Down, Down
        $null = Wait-Screen $screen '^\d+-35 of 35'
        Send-Key $screen Home
        $null = Wait-Screen $screen '^1-\d+ of 35'
    }

    It 'stands still while it is paused' {
        Send-Key $screen Space
        $bars = (Wait-Screen $screen '  paused  ')[2, 3]
        # Each key takes the time of a look for keys, so looks at the rates come and go meanwhile.
        foreach ($order in 'by in$', 'by in, reversed', 'by in$', 'by in, reversed', 'by in$', 'by in, reversed', 'by in$') {
            Send-Key $screen i
            $lines = Wait-Screen $screen $order
        }
        $lines[2, 3] | Should -Be $bars
        Send-Key $screen Space
        $null = Wait-Screen $screen '  every 200 ms  '
        $null = Wait-Screen $screen ([regex]::Escape($bars[0])) -Gone
        Send-Key $screen n
    }

    It 'follows the size of the window: more at <Width>x<Height>' -ForEach @(
        @{ Width = 120; Height = 30; Heading = '^Name +Status +Kind +Reactor Peers .* Errors Trend' }
        @{ Width = 40; Height = 10; Heading = '^Name +In/s Out/s +P99 Errors$' }
        @{ Width = 20; Height = 5; Heading = '^Name +In/s' }
        @{ Width = 80; Height = 24; Heading = '^Name +Peers .* Errors$' }
    ) {
        Resize-Screen $screen $Width $Height
        $null = Wait-Screen $screen $Heading
        # Nothing is left of the other size.
        $lines = Wait-Screen $screen '\bquit|^\d+-\d+ of 35'
        $lines | Should -HaveCount $Height
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        ($lines -match '^Name ').Count | Should -Be 1
    }

    It 'is left with <Key>, and the screen before is back, with a prompt that works' -ForEach @(
        @{ Key = 'q'; Other = 'Escape' }
        @{ Key = 'C-c'; Other = 'q' }
    ) {
        Send-Key $screen $Key
        $lines = Wait-Screen $screen '^before'
        $lines -match 'busy|q quit' | Should -BeNullOrEmpty
        # The next character typed is seen, and so is the cursor.
        Send-Key $screen -Line '"answer $(6 * 7)"'
        $null = Wait-Screen $screen '^answer 42'
        tmux -L $screen display-message -p '#{cursor_flag} #{alternate_on} #{wrap_flag}' | Should -Be '1 0 1'
        Send-Key $screen -Line 'clear; "before"; Watch-Reactor -Interval 200ms Echo, Caller -SortBy Errors'
        $null = Wait-Screen $screen '2 alive  by errors'
        tmux -L $screen display-message -p '#{cursor_flag} #{alternate_on} #{wrap_flag}' | Should -Be '0 1 0'
    }

    It 'ends by itself after -Count' {
        # What is typed after the key that leaves is for the prompt.
        Send-Key $screen -Line 'qclear; Watch-Reactor -Interval 50ms -Count 3; "has ended"'
        $null = Wait-Screen $screen '^has ended'
    }

    It 'follows the size at once, however long it is until the next look' {
        Send-Key $screen -Line 'clear; Watch-Reactor -Interval 1h'
        $null = Wait-Screen $screen 'every 3600 s'
        Resize-Screen $screen 40 10
        $null = Wait-Screen $screen '^Name +In/s Out/s +P99 Errors$'
        Resize-Screen $screen 80 24
        $null = Wait-Screen $screen '^Name +Peers '
        Send-Key $screen q
        $null = Wait-Screen $screen '^PS>$'
    }

    It 'has colours, and none with NO_COLOR or plain text' {
        Send-Key $screen -Line 'clear; Watch-Reactor -Interval 200ms Bad'
        $null = Wait-Screen $screen '1 alive'
        (Get-Screen $screen -WithColor) -join '' | Should -Match "`e\["
        Send-Key $screen q
        foreach ($plain in '$PSStyle.OutputRendering = "PlainText"', '$PSStyle.OutputRendering = "Host"; $env:NO_COLOR = 1') {
            $null = Wait-Screen $screen '^PS>$'
            Send-Key $screen -Line "clear; $plain; Watch-Reactor -Interval 200ms Bad"
            $null = Wait-Screen $screen '1 alive'
            (Get-Screen $screen -WithColor) -join '' | Should -Not -Match "`e\[[1-9]"
            Send-Key $screen q
        }
    }

    It 'runs a reactor in the foreground meanwhile, and leaves it alive at Ctrl+C' {
        $null = Wait-Screen $screen '^PS>$'
        Send-Key $screen -Line 'clear; $r = New-Reactor -Foreground; $f = Start-LineServer 0 -Name Front { Write-Host "shown"; $_ } -Reactor $r'
        Send-Key $screen -Line '$fc = Connect-LineClient 127.0.0.1 $f.Port -Reactor $r -OnLine { }'
        Send-Key $screen -Line '$t = Start-ReactorTimer -Every 10ms { $fc.Send("x") } -Reactor $r; Watch-Reactor Front -Interval 200ms'
        $lines = Wait-Screen $screen '^Front +1 +[1-9]'
        $lines[0] | Should -Match '  every 200 ms  '
        Send-Key $screen C-c
        $null = Wait-Screen $screen '^PS>$'
        Send-Key $screen -Line 'clear; "state $($f.Status)"; Stop-Reactor $r'
        $null = Wait-Screen $screen '^state Running'
    }

    It 'outputs objects in a pipeline, at a terminal as well' {
        $null = Wait-Screen $screen '^PS>$'
        Send-Key $screen -Line 'clear; Watch-Reactor Echo -Count 2 -Interval 50ms | ForEach-Object { "rate of $($_.Name)" }'
        (Wait-Screen $screen '^PS>$') -match '^rate of Echo$' | Should -HaveCount 2
    }
}
