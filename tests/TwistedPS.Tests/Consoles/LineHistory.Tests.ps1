BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Editor.psm1, $PSScriptRoot/../Support/ChildShell.psm1 -Force
    $failures = [Collections.Generic.List[string]]::new()

    function New-HistoryFile ([string] $Path) {
        New-ConsolePart HistoryFile $Path, ([Action[string]] { $failures.Add($args[0]) })
    }
}

Describe 'The file of a history' {
    BeforeEach {
        $failures.Clear()
        $path = Join-Path $TestDrive "$(New-Guid)/history.txt"
    }

    It 'keeps lines for the next session, but not those that are secret, for its owner alone' {
        $history = New-ConsolePart LineHistory (New-HistoryFile $path)
        $history.Add('one', $false)
        $history.Add('hidden', $true)
        $history.Add("t`u{1F600}o", $false)
        $next = New-ConsolePart LineHistory (New-HistoryFile $path)
        0..($next.Count - 1) | ForEach-Object { $next.Older('') } | Should -BeExactly "t`u{1F600}o", 'one'
        if (-not $IsWindows) {
            (Get-Item $path).UnixFileMode | Should -Be 'UserWrite, UserRead'
        }
        $failures | Should -BeNullOrEmpty
    }

    It 'is cut to the newest lines' {
        $null = New-Item (Split-Path $path) -ItemType Directory
        [IO.File]::WriteAllLines($path, [string[]] (1..8192))
        $file = New-HistoryFile $path
        $read = $file.Read()
        $read.Count, $read[0], $read[-1] | Should -Be 4096, 4097, 8192
        $file.Add('new')
        $lines = [IO.File]::ReadAllLines($path)
        $lines.Count, $lines[0], $lines[-1] | Should -Be 4096, 4098, 'new'
    }

    It 'gets each line of consoles that write at once' {
        $written = 1..4 | ForEach-Object { @{ Console = $_; File = New-HistoryFile $path } } | ForEach-Object -ThrottleLimit 4 -Parallel {
            foreach ($number in 1..50) {
                $_.File.Add("$($_.Console)-$number")
                "$($_.Console)-$number"
            }
        }
        $written.Count | Should -Be 200
        Get-Content $path | Sort-Object | Should -BeExactly ($written | Sort-Object)
    }

    It 'is not touched while another console has it open' {
        $file = New-HistoryFile $path
        $file.Add('one')
        $other = [IO.FileStream]::new($path, 'Open', 'ReadWrite', 'ReadWrite')
        try {
            $file.Add('two')
            $failures | Should -HaveCount 1
        }
        finally { $other.Dispose() }
        Get-Content $path | Should -BeExactly 'one'
    }

    It 'says once why it can not be kept, and goes on without' {
        $file = Join-Path $TestDrive file
        $null = New-Item $file
        $history = New-ConsolePart LineHistory (New-HistoryFile "$file/history.txt")
        $history.Add('one', $false)
        $history.Add('two', $false)
        $history.Older('') | Should -BeExactly 'two'
        $failures | Should -HaveCount 1
    }

    It 'lies beside that of PSReadLine' {
        $before = $env:XDG_DATA_HOME
        try {
            $env:XDG_DATA_HOME = $TestDrive
            $type = (New-HistoryFile $path).GetType()
            $expected = $IsWindows ? "$env:APPDATA\Microsoft\Windows\PowerShell\TwistedPS\LineClient_history.txt" : "$TestDrive/powershell/TwistedPS/LineClient_history.txt"
            $type.GetProperty('DefaultPath').GetValue($null) | Should -BeExactly $expected
        }
        finally { $env:XDG_DATA_HOME = $before }
    }
}
