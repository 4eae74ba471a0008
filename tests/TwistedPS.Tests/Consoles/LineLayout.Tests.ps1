BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $python = Find-RealProgram python3
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Editor.psm1 -Force

    # The rows of a line on a screen of some columns, with | at the cursor.
    function Get-Row ([string] $Prompt, [string] $Marked, [int] $Width) {
        $view = New-ConsolePart LineView $Prompt, '', $Marked.Replace('|', ''), '', $Marked.IndexOf('|')
        $layout = New-ConsolePart LineLayout $view, $Width
        $text = [Text.StringBuilder]::new()
        foreach ($row in 0..($layout.Count - 1)) {
            $null = $text.Clear()
            $layout.Write($text, $row, $row)
            if ($row -eq $layout.CursorRow) {
                $before = [Text.StringBuilder]::new()
                $layout.WriteToCursor($before, $row)
                $null = $text.Insert($before.Length, '|')
            }
            "$text"
        }
    }
}

Describe 'The rows of a line' {
    It 'are <Rows> for <Marked> in <Width> columns' -ForEach @(
        @{ Marked = '|'; Width = 5; Rows = , '> |' }
        @{ Marked = 'ab|'; Width = 5; Rows = , '> ab|' }
        @{ Marked = 'abc|'; Width = 5; Rows = '> abc', '|' }
        @{ Marked = 'ab|c'; Width = 5; Rows = , '> ab|c' }
        @{ Marked = 'abc|d'; Width = 5; Rows = '> abc', '|d' }
        @{ Marked = '|abcdefghij'; Width = 5; Rows = '> |abc', 'defgh', 'ij' }
        @{ Marked = "a`u{6F22}|b"; Width = 5; Rows = "> a`u{6F22}", '|b' }
        @{ Marked = "ab|`u{6F22}"; Width = 5; Rows = '> ab', "|`u{6F22}" }
        @{ Marked = "e`u{301}e`u{301}e`u{301}e|"; Width = 5; Rows = "> e`u{301}e`u{301}e`u{301}", 'e|' }
        @{ Marked = "a`nb|c`nd"; Width = 5; Rows = '> a', 'b|c', 'd' }
        @{ Marked = "a|`nb"; Width = 5; Rows = '> a|', 'b' }
        @{ Marked = "a`n|"; Width = 5; Rows = '> a', '|' }
        @{ Marked = "a`t|b"; Width = 20; Rows = , '> a     |b' }
        @{ Marked = "a`e|b"; Width = 20; Rows = , '> a\e|b' }
        @{ Marked = "`u{6F22}|"; Width = 1; Rows = '>', ' ', "`u{6F22}|" }
    ) {
        Get-Row '> ' $Marked $Width | Should -BeExactly $Rows
    }

    It 'are around the cursor where there is no room for all' {
        $written = [IO.StringWriter]::new()
        $screen = New-ConsolePart LineScreen $written, ([Func[ValueTuple[int, int]]] { [ValueTuple]::Create(10, 3) }), ''
        function Show-Line ([int] $Cursor) {
            $null = $written.GetStringBuilder().Clear()
            $screen.Show((New-ConsolePart LineView '> ', '', (-join (97..122 | ForEach-Object { [string][char] $_ * 2 })), '', $Cursor))
            "$written" -replace "`e\[\d*[AJ]|`r", ''
        }
        Show-Line 52 | Should -BeExactly 'ooppqqrrssttuuvvwwxxyyzz'
        Show-Line 0 | Should -BeLike '> aabbccddeeffgghhiijjkkllmmnn*'
    }
}

Describe 'The width of characters' {
    It 'is <Width> for <Name>' -ForEach @(
        @{ Name = 'a letter'; Character = 'a'; Width = 1 }
        @{ Name = 'a letter with a combining accent'; Character = "e`u{301}"; Width = 1 }
        @{ Name = 'Chinese'; Character = "`u{6F22}"; Width = 2 }
        @{ Name = 'a letter of full width'; Character = "`u{FF21}"; Width = 2 }
        @{ Name = 'an emoji'; Character = "`u{1F600}"; Width = 2 }
        @{ Name = 'an old emoji'; Character = "`u{2705}"; Width = 2 }
        @{ Name = 'a sign as an emoji'; Character = "`u{2764}`u{FE0F}"; Width = 2 }
        @{ Name = 'a family'; Character = "`u{1F468}`u{200D}`u{1F469}`u{200D}`u{1F467}"; Width = 2 }
        @{ Name = 'a flag'; Character = "`u{1F1E9}`u{1F1EA}"; Width = 2 }
        @{ Name = 'a Korean syllable of letters'; Character = "`u{1112}`u{1161}`u{11AB}"; Width = 2 }
        @{ Name = 'a mathematical letter'; Character = "`u{1D400}"; Width = 1 }
        @{ Name = 'a joiner by itself'; Character = "`u{200D}"; Width = 0 }
    ) {
        Invoke-ConsolePart CellWidth Of $Character | Should -Be $Width
    }

    It 'is what Python knows from Unicode, wherever it changes' -Skip:(-not $python) {
        $changes = & python3 -c @'
import unicodedata as u
before = (0, 1)
for code in range(0x300, 0x110000):
    c = chr(code)
    if u.category(c) in ('Cn', 'Mn', 'Me', 'Cf', 'Cs', 'Co') or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB:
        continue
    now = (code, 2 if u.east_asian_width(c) in 'WF' else 1)
    if now[1] != before[1]:
        print(*before, *now)
    before = now
'@
        $wrong = foreach ($change in $changes) {
            $last, $lastWidth, $first, $firstWidth = -split $change
            if ((Invoke-ConsolePart CellWidth Of ([char]::ConvertFromUtf32($last))) -ne $lastWidth) { $last }
            if ((Invoke-ConsolePart CellWidth Of ([char]::ConvertFromUtf32($first))) -ne $firstWidth) { $first }
        }
        $changes.Count | Should -BeGreaterThan 100
        # Each version of Unicode changes a few.
        @($wrong).Count | Should -BeLessThan 10 -Because "$wrong"
    }
}
