BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

Describe 'Text with line breaks, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeEach {
        $on = @{ Reactor = New-Reactor @ReactorOptions }
    }

    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpClient | Disconnect-TcpClient
        Stop-Reactor $on.Reactor
    }

    It 'is several lines where <Delimiter> ends them' -ForEach @(
        @{ Delimiter = 'Auto'; End = "`r`n" }
        @{ Delimiter = 'LF'; End = "`n" }
        @{ Delimiter = 'CRLF'; End = "`r`n" }
        @{ Delimiter = '\r\n'; End = "`r`n" }
    ) {
        $s = Start-LineServer 0 { "a`nb`r`nc"; Send-Line $Connection "d`ne"; $Connection.Send("f`ng") } -Delimiter $Delimiter @on
        $lines = (Get-Stream $s "x$End") -split $End
        $lines | Sort-Object | Should -BeExactly '', 'a', 'b', 'c', 'd', 'e', 'f', 'g'
    }

    It 'stays as it is where <Delimiter> does' -ForEach @(
        @{ Delimiter = 'NUL'; End = "`0"; Text = "a`r`nb`nc`rd" }
        @{ Delimiter = 'CR'; End = "`r"; Text = "a`nb`0" }
        @{ Delimiter = '\x1E'; End = [string][char]0x1e; Text = "a`r`nb`nc`rd" }
        @{ Delimiter = 'END'; End = 'END'; Text = "a`r`nb`nc`rd" }
    ) {
        $s = Start-LineServer 0 { $_; Send-Line $Connection $_; $Connection.Send($_) } -Delimiter $Delimiter @on
        Get-Stream $s "$Text$End" | Should -BeExactly ("$Text$End" * 3)
        $s.LinesOut | Should -Be 3
    }

    It 'is an error of the handler where the delimiter is in it, and nothing of that call is sent' -ForEach @(
        @{ Way = 'inlined'; Handler = { 'first'; $_ + '|' } }
        @{ Way = 'not inlined'; Handler = { 'first'; Write-Output "$_|" } }
        @{ Way = 'of an object'; Handler = { 'first'; [uri]"$_|" } }
    ) {
        $s = Start-LineServer 0 $Handler -Delimiter '|' @on -OnError { "<$($_.FullyQualifiedErrorId)>" }
        Get-Stream $s 'a|' | Should -BeExactly '<DelimiterInText>|'
        $s.Errors.Count | Should -Be 1
    }

    It 'is an error of $Connection.Send where the delimiter is in it' {
        $s = Start-LineServer 0 { try { $Connection.Send("a|b") } catch { $_.Exception.InnerException.GetType().Name } } -Delimiter '|' @on
        Get-Stream $s 'a|' | Should -BeExactly 'InvalidMessageException|'
    }
}

Describe 'Send-Line of text that has the delimiter in it' {
    BeforeAll {
        $s = Start-LineServer 0 { "<$_>" } -Delimiter '|'
        $c = Connect-LineClient 127.0.0.1 $s.Port -Delimiter '|'
        $c.Connection.Write('')
        Wait-Until { $s.Connections.Count -eq 1 }
        $group = $s.Groups['all']
        $null = $group.Add($s.Connections[0])
    }

    AfterAll {
        $s | Stop-LineServer -DrainTime 0
    }

    It 'writes an error that says the way out, for <Target>, and goes on' -ForEach @(
        @{ Target = 'a client'; Send = { 'one|two', 'three' | Send-Line $c } }
        @{ Target = 'a server'; Send = { 'one|two', 'three' | Send-Line -Server $s } }
        @{ Target = 'a group'; Send = { 'one|two', 'three' | Send-Line $group } }
        @{ Target = 'a connection'; Send = { 'one|two', 'three' | Send-Line $s.Connections[0] } }
    ) {
        $failure = Get-Failure $Send
        $failure.Id | Should -Be DelimiterInText
        $failure.IsTerminating | Should -BeFalse
        $failure.Message | Should -BeLike "*'|'*-NoNewline*"
        Receive-Line $c -Timeout 10 | Should -BeLike '*three*'
    }

    It 'sends it with -NoNewline' {
        Send-Line $c 'one|two|' -NoNewline -Receive -Count 2 -Timeout 10 | Should -BeExactly '<one>', '<two>'
    }
}

Describe 'A byte order mark' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-TcpServer | Stop-TcpServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'is no part of the first line that a client gets' {
        $s = Start-TcpServer 0 -OnConnect { , [byte[]](0xef, 0xbb, 0xbf, 0x61, 10, 0xef, 0xbb, 0xbf, 0x62, 10) } -OnData { }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        Receive-Line $c -Count 2 -Timeout 10 | ForEach-Object Length | Should -Be 1, 2
    }

    It 'is no part of the first line in memory' {
        $c = New-LineTestConnection { "$($_.Length)" }
        Send-Line $c "$([char]0xfeff)abc", "$([char]0xfeff)abc" -Receive -Timeout 10 | Should -BeExactly '3', '4'
    }
}

Describe '-Encoding' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'takes <_>, as Set-Content does' -ForEach @(
        'utf8', 'utf8BOM', 'utf8NoBOM', 'default', 'oem', 'ansi', 'latin1', 'unicode', 'bigendianunicode', 'utf32', 'bigendianutf32', 'utf7', 'string'
        'iso-8859-15', 'windows-1252', 'gb18030', 'utf-16', 1252, [Text.Encoding]::UTF8, [Text.Encoding]::BigEndianUnicode
    ) {
        { Set-Content $TestDrive/text x -Encoding $_ -ErrorAction Stop -WarningAction Ignore } | Should -Not -Throw
        $s = Start-LineServer 0 { "<$_>" } -Encoding $_
        $c = Connect-LineClient 127.0.0.1 $s.Port -Encoding $_
        Send-Line $c "aé`nb" -Receive -Count 2 -Timeout 10 | Should -BeExactly '<aé>', '<b>'
    }

    It 'refuses <_>, as Set-Content does' -ForEach 'klingon', '1252', 99999, $true {
        { Set-Content $TestDrive/text x -Encoding $_ -ErrorAction Stop } | Should -Throw
        { Start-LineServer 0 { } -Encoding $_ } | Should -Throw "*$_*"
    }
}
