BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Editor.psm1 -Force
}

Describe 'The editor of a line' {
    It 'makes <After> of <Keys>' -ForEach @(
        @{ Keys = 'abc'; After = 'abc|' }
        @{ Keys = 'abc', 'Ctrl+A', 'x'; After = 'x|abc' }
        @{ Keys = 'abc', 'Home', 'x'; After = 'x|abc' }
        @{ Keys = 'abc', 'Home', 'End', 'x'; After = 'abcx|' }
        @{ Keys = 'abc', 'Ctrl+A', 'Ctrl+E'; After = 'abc|' }
        @{ Keys = 'abc', 'Ctrl+B', 'Ctrl+B', 'Ctrl+F', 'x'; After = 'abx|c' }
        @{ Keys = 'abc', 'Left', 'Left', 'Right', 'x'; After = 'abx|c' }
        @{ Keys = 'abc', 'Home', 'Left', 'x'; After = 'x|abc' }
        @{ Keys = 'abc', 'Right', 'x'; After = 'abcx|' }
        @{ Keys = 'abc', 'Left', 'Backspace'; After = 'a|c' }
        @{ Keys = 'abc', 'Left', 'Ctrl+H'; After = 'a|c' }
        @{ Keys = 'abc', 'Home', 'Backspace'; After = '|abc' }
        @{ Keys = 'abc', 'Home', 'Delete'; After = '|bc' }
        @{ Keys = 'abc', 'Delete'; After = 'abc|' }
        @{ Keys = 'abc', 'Home', 'Ctrl+D'; After = '|bc' }
        @{ Keys = 'one two', 'Alt+B', 'x'; After = 'one x|two' }
        @{ Keys = 'one two ', 'Ctrl+Left', 'Ctrl+Left'; After = '|one two ' }
        @{ Keys = 'one two', 'Home', 'Alt+F', 'x'; After = 'onex| two' }
        @{ Keys = 'one two', 'Home', 'Ctrl+Right', 'Ctrl+Right'; After = 'one two|' }
        @{ Keys = 'one two', 'Home', 'Alt+D'; After = '| two' }
        @{ Keys = 'one two', 'Home', 'Alt+D', 'Alt+D'; After = '|' }
        @{ Keys = 'one two', 'Alt+Backspace'; After = 'one |' }
        @{ Keys = 'one /a/b', 'Alt+Backspace'; After = 'one /a/|' }
        @{ Keys = 'one /a/b', 'Ctrl+W'; After = 'one |' }
        @{ Keys = 'one two ', 'Ctrl+W'; After = 'one |' }
        @{ Keys = 'one two', 'Alt+B', 'Ctrl+U'; After = '|two' }
        @{ Keys = 'one two', 'Alt+B', 'Ctrl+K'; After = 'one |' }
        @{ Keys = 'one two', 'Ctrl+U', 'x', 'Ctrl+Y', 'Ctrl+Y'; After = 'xone twoone two|' }
        @{ Keys = 'one two', 'Ctrl+W', 'Ctrl+W', 'Ctrl+Y'; After = 'one two|' }
        @{ Keys = 'one two', 'Alt+B', 'Ctrl+K', 'Ctrl+U', 'Ctrl+Y'; After = 'one two|' }
        @{ Keys = 'one two', 'Ctrl+W', 'Left', 'Right', 'Ctrl+W', 'Ctrl+Y'; After = 'one |' }
        @{ Keys = 'a', "`t", 'b'; After = "a`tb|" }
        @{ Keys = 'a', 'Ctrl+Q', 'Alt+X', 'F5', 'Escape', 'Ctrl+G', 'b'; After = 'ab|' }
    ) {
        $editor = New-Editor
        Send-Key $editor $Keys | Should -BeNullOrEmpty
        Get-Edited $editor | Should -BeExactly $After
    }

    # A family, an e with an accent of its own, a flag, a Korean syllable of letters, a letter outside of the BMP.
    It 'moves over and deletes <Name> as one' -ForEach @(
        @{ Name = 'an emoji of several'; Character = "`u{1F468}`u{200D}`u{1F469}`u{200D}`u{1F467}" }
        @{ Name = 'a letter with a combining accent'; Character = "e`u{301}" }
        @{ Name = 'a flag'; Character = "`u{1F1E9}`u{1F1EA}" }
        @{ Name = 'a Korean syllable'; Character = "`u{1112}`u{1161}`u{11AB}" }
        @{ Name = 'a character beyond 16 bits'; Character = "`u{20000}" }
        @{ Name = 'an emoji with a color of skin'; Character = "`u{1F44D}`u{1F3FD}" }
    ) {
        $editor = New-Editor
        Send-Key $editor 'a', $Character, $Character, 'b'
        Send-Key $editor 'Left', 'Left'
        Get-Edited $editor | Should -BeExactly "a$Character|${Character}b"
        Send-Key $editor 'Backspace'
        Get-Edited $editor | Should -BeExactly "a|${Character}b"
        Send-Key $editor 'Right'
        Get-Edited $editor | Should -BeExactly "a${Character}|b"
        Send-Key $editor 'Left', 'Delete'
        Get-Edited $editor | Should -BeExactly 'a|b'
    }

    It 'asks for what is not its own: <Key> for <Action>' -ForEach @(
        @{ Key = 'Enter'; Action = 'Enter' }
        @{ Key = 'Ctrl+Enter'; Action = 'Enter' }
        @{ Key = 'Ctrl+D'; Action = 'End' }
        @{ Key = 'Ctrl+L'; Action = 'Clear' }
        @{ Key = 'F1'; Action = 'Help' }
    ) {
        Send-Key (New-Editor) $Key | Should -BeExactly $Action
    }

    It 'inserts a character for which a keyboard needs Alt and Ctrl' {
        $editor = New-Editor
        $key = Invoke-ConsolePart EditorKey Of @([ConsoleKeyInfo]::new('@', 'Q', $false, $true, $true), [ConsoleModifiers] 0)
        $null = $editor.Handle($key)
        Get-Edited $editor | Should -BeExactly '@|'
    }

    It 'enters each line of what was pasted' {
        $editor = New-Editor
        Send-Key $editor '>', '<', 'Left'
        $null = $editor.Handle((Invoke-ConsolePart EditorKey OfPaste "a`nb`n"))
        Get-Edited $editor | Should -BeExactly ">a`nb`n|<"
        Send-Key $editor 'Delete', 'Enter' | Should -Be Enter
        $editor.Enter($false) | Should -BeExactly '>a', 'b'
        Get-Edited $editor | Should -BeExactly '|'
        Send-Key $editor 'Up'
        Get-Edited $editor | Should -BeExactly 'b|'
    }
}

Describe 'The history of a line' {
    It 'makes <After> of <Keys>' -ForEach @(
        @{ Keys = , 'Up'; After = 'second hello|' }
        @{ Keys = 'Up', 'Up'; After = 'first|' }
        @{ Keys = 'Up', 'Up', 'Up', 'Up'; After = 'first hello|' }
        @{ Keys = 'Ctrl+P', 'Ctrl+P', 'Ctrl+N'; After = 'second hello|' }
        @{ Keys = 'typed', 'Up', 'Up', 'Down', 'Down'; After = 'typed|' }
        @{ Keys = 'typed', 'Down'; After = 'typed|' }
        @{ Keys = 'typed', 'Up', 'Down', 'Down', '!'; After = 'typed!|' }
        @{ Keys = 'Ctrl+R', 'hel'; After = 'second |hello' }
        @{ Keys = 'Ctrl+R', 'HEL', 'Ctrl+R'; After = 'first |hello' }
        @{ Keys = 'Ctrl+R', 'hel', 'Ctrl+R', 'Ctrl+R'; After = 'first |hello' }
        @{ Keys = 'Ctrl+R', 'hel', 'Ctrl+R', 'Ctrl+S'; After = 'second |hello' }
        @{ Keys = 'Ctrl+R', 'first', ' '; After = '|first hello' }
        @{ Keys = 'Ctrl+R', 'first h', 'Backspace', 'Backspace'; After = '|first' }
        @{ Keys = 'Ctrl+R', 'hel', 'End', '!'; After = 'second hello!|' }
        @{ Keys = 'Ctrl+R', 'hel', 'Escape', '!'; After = 'second !|hello' }
        @{ Keys = 'typed', 'Ctrl+R', 'hel', 'Ctrl+G', '!'; After = 'typed!|' }
        @{ Keys = 'typed', 'Left', 'Ctrl+R', 'zzz', 'Escape', '!'; After = 'type!|d' }
    ) {
        $editor = New-Editor 'first hello', 'first', 'first', ' ', 'second hello'
        Send-Key $editor $Keys
        Get-Edited $editor | Should -BeExactly $After
    }

    It 'is searched past lines that are the same' {
        $editor = New-Editor 'older same', 'same', 'other', 'same'
        Send-Key $editor 'Ctrl+R', 'same', 'Ctrl+R'
        Get-Edited $editor | Should -BeExactly 'older |same'
    }

    It 'is searched under a prompt that says for what, and enters what was found' {
        $editor = New-Editor 'first hello'
        Send-Key $editor 'Ctrl+R', 'hel'
        $editor.SearchPrompt | Should -BeExactly "bck-i-search 'hel': "
        Send-Key $editor 'x'
        $editor.SearchPrompt | Should -BeExactly "failed-bck-i-search 'helx': "
        Send-Key $editor 'Backspace', 'Enter' | Should -Be Enter
        $editor.SearchPrompt | Should -BeNullOrEmpty
        $editor.Enter($false) | Should -BeExactly 'first hello'
    }
}

Describe 'The keys of a terminal' {
    BeforeAll {
        # What is read of the characters that a terminal sends: Ctrl+A, or the text of what was pasted.
        function Read-Key ([string] $Characters) {
            $queue = [Collections.Generic.Queue[ConsoleKeyInfo]]::new([ConsoleKeyInfo[]] (ConvertTo-KeyInfo $Characters))
            $next = [Func[timespan, Nullable[ConsoleKeyInfo]]] { if ($queue.Count) { $queue.Dequeue() } }
            $reader = New-ConsolePart KeyReader $next
            $key = Invoke-ConsolePart EditorKey OfPaste ''
            while ($reader.TryRead([ref] $key)) {
                $name = ($key.Modifiers ? "$($key.Modifiers)+" : '') + ($key.Key ? $key.Key : '') + $key.Text
                ($key.IsPaste ? 'paste:' : '') + $name
            }
        }
    }

    It 'are <Read> where it sends <Sent>' -ForEach @(
        @{ Sent = 'ab'; Read = 'a', 'b' }
        @{ Sent = "`e"; Read = , "Escape`e" }
        @{ Sent = "`ebc"; Read = 'Alt+b', 'c' }
        @{ Sent = "`e[200~a`rb`ec`e[201~d"; Read = "paste:a`nb`ec", 'd' }
        @{ Sent = "`e[200~`e[201~d"; Read = 'paste:', 'd' }
        @{ Sent = "`e[200~unended"; Read = , 'paste:unended' }
        @{ Sent = "`e[99;5~d"; Read = '', 'd' }
    ) {
        Read-Key $Sent | Should -BeExactly $Read
    }
}
