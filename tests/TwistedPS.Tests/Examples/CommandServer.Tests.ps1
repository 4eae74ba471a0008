BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
    $example = "$PSScriptRoot/../../../examples/command-server"
    $unknown = "Command not found.`n"
    $abcHash = 'a9993e364706816aba3e25717850c26c9cd0d89d'
    $shownLog = Join-Path $TestDrive shown.log

    # Shared; Get-OwnLog needs one of its own.
    function Get-CommandServer ([hashtable] $Parameters = @{ LogFile = $shownLog }) {
        Get-ExampleServer "$example/server.ps1" $Parameters
    }

    function Start-CommandServer ([int] $ClientsMax = 10) {
        $path = Join-Path $TestDrive "$(New-Guid).log"
        Start-ExampleServer "$example/server.ps1" @{ LogPath = $path; ClientsMax = $ClientsMax } |
            Add-Member -NotePropertyName LogPath -NotePropertyValue $path -PassThru
    }

    # Sends text in pieces of a size, half-closes, and outputs all that comes until the end.
    function Get-Answer ([int] $Port, [string] $Text, [int] $PieceSize = 65536) {
        $peer = Connect-Peer $Port
        for ($at = 0; $at -lt $Text.Length; $at += $PieceSize) {
            Send-Peer $peer $Text.Substring($at, [Math]::Min($PieceSize, $Text.Length - $at))
        }
        Send-Peer $peer '' -End
        Receive-Peer $peer -End
    }

    function Get-OwnLog ([object] $Shell, [int] $Number) {
        Get-Content $Shell.LogPath | Where-Object { $_ -match "\[CmdProtocol,$Number,127\.0\.0\.1\] (.*)" } | ForEach-Object { $Matches[1] }
    }
}

AfterAll { Stop-AllExample }

Describe 'The command server, sent <PieceSize> bytes at a time' -Skip:$IsWindows -ForEach @(
    @{ PieceSize = 1 }, @{ PieceSize = 3 }, @{ PieceSize = 65536 }
) {
    BeforeAll {
        Set-Content $shownLog (@('==> not this', 'out of sight') + 1..4 + '== nor this' + 5..7 + 'x == 8', '=9')
        $file = Join-Path $TestDrive abc
        Set-Content $file abc -NoNewline
        $shell = Get-CommandServer
    }

    AfterEach { Close-Peer }

    It 'keeps <Check>: <Sent> gets <Reply>' -ForEach @(
        @{ Check = 'W1'; Sent = ''; Reply = '' }
        @{ Check = 'W1'; Sent = 'test\n'; Reply = 'Command not found.\n' }
        @{ Check = 'W1'; Sent = '\n'; Reply = 'Command not found.\n' }
        @{ Check = 'W1'; Sent = '  \n'; Reply = 'Command not found.\n' }
        @{ Check = 'W1'; Sent = 'LASTLOG\n'; Reply = 'Command not found.\n' }
        @{ Check = 'W1'; Sent = 'a\nb\nc\n'; Reply = 'Command not found.\nCommand not found.\nCommand not found.\n' }
        @{ Check = 'W4'; Sent = 'exit\n'; Reply = '' }
        @{ Check = 'W4'; Sent = 'exit\ntest\n'; Reply = '' }
        @{ Check = 'W5'; Sent = 'lastlogXYZ\n'; Reply = 'Command not found.\n' }
        @{ Check = 'W5'; Sent = 'exits\ncomphashabc\n'; Reply = 'Command not found.\nCommand not found.\n' }
        @{ Check = 'W6'; Sent = 'lastlog\n'; Reply = 'Begin lastlog\n1\n2\n3\n4\n5\n6\n7\nx == 8\n=9\nEnd lastlog\n' }
        @{ Check = 'W11'; Sent = 'comphash\n'; Reply = 'Please provide a path.\n' }
        @{ Check = 'W11'; Sent = 'comphash a b\n'; Reply = 'Please provide a path.\n' }
        @{ Check = 'W13'; Sent = 'test\r\n\r\n'; Reply = 'Command not found.\nCommand not found.\n' }
        @{ Check = 'W13'; Sent = 'comphash\r\nexit\r\ntest\r\n'; Reply = 'Please provide a path.\n' }
        @{ Check = 'W13'; Sent = 'lastlog\r\n'; Reply = 'Begin lastlog\n1\n2\n3\n4\n5\n6\n7\nx == 8\n=9\nEnd lastlog\n' }
    ) {
        Get-Answer $shell.Port ([regex]::Unescape($Sent)) $PieceSize | Should -BeExactly ([regex]::Unescape($Reply))
    }

    It 'hashes a file' -Tag W10, W13 {
        Get-Answer $shell.Port "comphash $file`n" $PieceSize | Should -BeExactly "File hash is : $abcHash`n"
        Get-Answer $shell.Port "comphash $file`r`n" $PieceSize | Should -BeExactly "File hash is : $abcHash`n"
    }

    It 'says why there is no hash' -Tag W12 {
        Get-Answer $shell.Port "comphash $file.not`n" $PieceSize |
            Should -BeExactly "An error occured : Could not find file '$file.not'.`n"
        Get-Answer $shell.Port "comphash $TestDrive`n" $PieceSize |
            Should -BeExactly "An error occured : '$TestDrive' is a directory.`n"
    }

    It 'gives every answer to two clients that ask at once' -Tag G6 {
        $peers = 1..2 | ForEach-Object { Connect-Peer $shell.Port }
        $peers | ForEach-Object { Send-Peer $_ ("lastlog`ntest`ncomphash $file`n" * 5) -End }
        foreach ($peer in $peers) {
            $heard = Receive-Peer $peer -End
            [regex]::Matches($heard, "Begin lastlog\n1\n2\n3\n4\n5\n6\n7\nx == 8\n=9\nEnd lastlog\n").Count | Should -Be 5
            [regex]::Matches($heard, "(?m)^File hash is : $abcHash\n").Count | Should -Be 5
            [regex]::Matches($heard, "(?m)^$unknown").Count | Should -Be 5
            $heard.Split("`n").Count | Should -Be (5 * 13 + 1)
        }
    }
}

Describe 'The command server' -Skip:$IsWindows {
    AfterEach { Close-Peer }

    It 'writes the log of the article' {
        $shell = Start-CommandServer
        Get-Answer $shell.Port "test`r`n" | Should -BeExactly $unknown
        Wait-Until { (Get-OwnLog $shell 0) -match 'Lost' }
        Get-Content $shell.LogPath | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[CmdProtocol(,0,127\.0\.0\.1)?\] [^\r]+$'
        Get-OwnLog $shell 0 | Should -BeExactly @(
            'Client connection from 127.0.0.1', 'Cmd received from 127.0.0.1 : test', 'Lost client connection. Reason: Done')
    }

    It 'gives the client over the limit nothing but an end' -Tag W2 {
        $shell = Start-CommandServer 2
        $served = 1..2 | ForEach-Object { Connect-Peer $shell.Port }
        foreach ($peer in $served) {
            Send-Peer $peer "test`n"
            Receive-Peer $peer -Until "`n" | Should -BeExactly $unknown
        }
        Get-Answer $shell.Port "test`n" | Should -BeExactly ''
        Close-Peer
        Wait-Until { (Get-OwnLog $shell 2) -match 'Lost' }
        Get-OwnLog $shell 2 | Should -BeExactly @(
            'Client connection from 127.0.0.1', 'Too many connections. bye !', 'Lost client connection. Reason: Refused')
    }

    It 'gives the place of a client that <Way> to the next, and that of a refused one to nobody' -Tag W3 -ForEach @(
        @{ Way = 'exits'; Leave = { Send-Peer $args[0] "exit`n"; Receive-Peer $args[0] -End; $args[0].Close() } }
        @{ Way = 'closes'; Leave = { $args[0].Close() } }
        @{ Way = 'is reset'; Leave = { Reset-Peer $args[0] } }
    ) {
        $shell = Start-CommandServer 1
        $first = Connect-Peer $shell.Port
        Send-Peer $first "test`n"
        Receive-Peer $first -Until "`n" | Should -BeExactly $unknown
        1..3 | ForEach-Object { Get-Answer $shell.Port "test`n" | Should -BeExactly '' }
        & $Leave $first
        Wait-Until { (Get-OwnLog $shell 0) -match 'Lost' }
        Get-Answer $shell.Port "test`n" | Should -BeExactly $unknown
    }

    It 'shows lines of any length as a whole, between one begin and one end' -Tag W7, W8 {
        $lines = 1..10 | ForEach-Object { "$_ " + 'x' * 300000 }
        $lines[4] = 'y' * 3MB
        Set-Content $shownLog (@('z' * 100) * 100000 + $lines)
        $shell = Get-CommandServer
        $all = "Begin lastlog`n$($lines -join "`n")`nEnd lastlog`n"
        $heard = Get-Answer $shell.Port "lastlog`nlastlog`nlastlog`n"
        $heard.Length | Should -Be ($all.Length * 3)
        $heard -ceq $all * 3 | Should -BeTrue
    }

    It 'shows <Content>' -Tag W6, W7 -ForEach @(
        @{ Content = 'an empty log'; Text = ''; Shown = '' }
        @{ Content = 'lines with CRLF'; Text = "a`r`n`r`nb`r`n"; Shown = "a`n`nb`n" }
        @{ Content = 'a last line without an end'; Text = "a`nb"; Shown = "a`nb`n" }
        @{ Content = 'nothing of a log of headings'; Text = "==`n==> a <==`n"; Shown = '' }
    ) {
        Set-Content $shownLog $Text -NoNewline
        $shell = Get-CommandServer
        Get-Answer $shell.Port "lastlog`n" | Should -BeExactly "Begin lastlog`n${Shown}End lastlog`n"
    }

    It 'says why it can not show <Log>' -Tag W9 -ForEach @(
        @{ Log = 'a missing log'; Make = { } }, @{ Log = 'a directory'; Make = { New-Item -ItemType Directory $shownLog } }
    ) {
        Remove-Item $shownLog -ErrorAction Ignore
        $null = & $Make
        $shell = Get-CommandServer
        Get-Answer $shell.Port "lastlog`n" | Should -Match '\AAn error occured : .*tail: .+\n\z'
        Get-Answer $shell.Port "test`n" | Should -BeExactly $unknown
        Remove-Item $shownLog -ErrorAction Ignore
    }

    It 'says so where there is no tail, and serves on' -Tag W9 {
        $path = $env:PATH
        try {
            $env:PATH = "$TestDrive"
            $shell = Start-ExampleServer "$example/server.ps1" -Process
        }
        finally {
            $env:PATH = $path
        }
        Get-Answer $shell.Port "lastlog`ntest`n" | Should -Match "\AAn error occured : .*tail.*\n$unknown\z"
    }

    It 'answers others, and the same client, while it hashes' -Tag W14 {
        $shell = Get-CommandServer
        $slow = New-SlowFile
        $peer = Connect-Peer $shell.Port
        Send-Peer $peer "comphash $slow`ntest`n"
        Receive-Peer $peer -Until "`n" | Should -BeExactly $unknown
        Get-Answer $shell.Port "test`n" | Should -BeExactly $unknown
        Write-Slowly $slow
        Receive-Peer $peer -Until "`n" | Should -BeExactly "File hash is : $abcHash`n"
    }

    It 'gives a client the hash before the end when it <Way>' -Tag W15 -ForEach @(
        @{ Way = 'exits'; Sent = "exit`ntest`n"; HalfCloses = $false }
        @{ Way = 'half-closes'; Sent = ''; HalfCloses = $true }
    ) {
        $shell = Get-CommandServer
        $slow = New-SlowFile
        $peer = Connect-Peer $shell.Port
        Send-Peer $peer "comphash $slow`n$Sent" -End:$HalfCloses
        Write-Slowly $slow
        Receive-Peer $peer -End | Should -BeExactly "File hash is : $abcHash`n"
    }

    It 'hashes a large file in constant memory' -Tag W16 {
        $large = Join-Path $TestDrive large
        truncate -s 512M $large
        $small = Join-Path $TestDrive small
        Set-Content $small abc -NoNewline
        $shell = Start-ExampleServer "$example/server.ps1" -Process
        Get-Answer $shell.Port "comphash $small`n" | Should -BeExactly "File hash is : $abcHash`n"
        $shell.Refresh()
        $before = $shell.WorkingSet64
        $seen = @{ Most = 0 }
        $peer = Connect-Peer $shell.Port
        Send-Peer $peer "comphash $large`n"
        Wait-Until -Timeout 300 {
            $shell.Refresh()
            $seen.Most = [Math]::Max($seen.Most, $shell.WorkingSet64)
            $peer.Available -gt 0
        }
        Receive-Peer $peer -Until "`n" | Should -BeExactly "File hash is : 5b088492c9f4778f409b7ae61477dec124c99033`n"
        $seen.Most | Should -BeGreaterThan 0
        $seen.Most - $before | Should -BeLessThan 128MB
    }
}

Describe 'The command server with a root' -Tag W17 -Skip:$IsWindows {
    BeforeAll {
        $root = Join-Path $TestDrive root
        $null = New-Item -ItemType Directory $root, $root/sub, "${root}2"
        foreach ($path in "$root/f", "$root/sub/f", "$root/a:b[1]", "$root/..f", "${root}2/f", "$TestDrive/f") {
            Set-Content -LiteralPath $path abc -NoNewline
        }
        $links = @{
            in = 'sub/f'; back = 'sub/../f'; self = '.'; absolute = "$root/sub"; out = '../f'; up = '..'; far = "${root}2"
            missing = '../nothing'; loop = 'loop'; round = 'round/x'
        }
        $links.GetEnumerator() | ForEach-Object { ln -s $_.Value "$root/$($_.Key)" }
        $shell = Get-CommandServer @{ Root = $root }
    }

    AfterEach { Close-Peer }

    AfterAll {
        # Pester would follow the links for ever when it clears its drive.
        rm -r $root
    }

    It 'hashes <_>' -ForEach 'f', './sub/../f', 'sub/f', 'a:b[1]', '..f', '@/f', '@/sub/../f', '@2/../root/f', 'in', 'back', 'self/self/f', 'absolute/f' {
        $path = $_.Replace('@', $root)
        Get-Answer $shell.Port "comphash $path`n" | Should -BeExactly "File hash is : $abcHash`n"
    }

    It 'does not look at <_>' -ForEach @(
        '../f', 'sub/../../f', '/../f', '/etc/passwd', '@/../f', '@2/f', '../root2/f', 'out', 'up/f', 'up/root/f', 'up/nothing', 'far/f',
        'missing', '/', '..', '../~/f'
    ) {
        $path = $_.Replace('@', $root)
        Get-Answer $shell.Port "comphash $path`n" | Should -BeExactly "An error occured : '$path' is not in the root.`n"
    }

    It 'finds no file <_>' -ForEach '..\f', 'sub\..\..\f', '~', 'FileSystem::f', '-Root', '*' {
        Get-Answer $shell.Port "comphash $_`n" | Should -BeExactly "An error occured : Could not find file '$root/$_'.`n"
    }

    It 'does not follow <_> for ever' -ForEach 'loop', 'round' {
        Get-Answer $shell.Port "comphash $_`n" | Should -BeExactly "An error occured : '$_' has too many symbolic links.`n"
    }

    It 'has no hash of the root' {
        Get-Answer $shell.Port "comphash .`n" | Should -BeExactly "An error occured : '.' is a directory.`n"
    }

    It 'takes <_> for a root' -ForEach '/', '@/' {
        $all = Get-CommandServer @{ Root = $_.Replace('@', $root) }
        Get-Answer $all.Port "comphash $root/sub/f`n" | Should -BeExactly "File hash is : $abcHash`n"
    }
}
