BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force
    $root = (Get-Item $PSScriptRoot/../../..).FullName
    $page = Get-Content $root/docs/errors.md -Raw
    $errors = (Get-Command Start-LineServer).ImplementingType.Assembly.GetType('TwistedPS.Errors')

    $rows = [regex]::Matches($page, '(?m)^\| `(?<Id>[\w<>]+)` \| (?<Category>[\w, ]+) \| (?<Ends>\w+) \| (?<Action>.+) \|$') | ForEach-Object {
        [pscustomobject]@{ Id = $_.Groups['Id'].Value; Category = $_.Groups['Category'].Value; Ends = $_.Groups['Ends'].Value; Action = $_.Groups['Action'].Value }
    }

    # The methods that make errors, each with its text.
    $texts = Get-ChildItem $root/src/TwistedPS/Errors*.cs | ForEach-Object { Get-Content $_ -Raw }
    $parts = [regex]::Split($texts -join "`n", '\n    (?:public|private) static (?:ErrorRecord|HostException) (\w+)\(')
    $makers = @{}
    for ($i = 1; $i -lt $parts.Count; $i += 2) { $makers[$parts[$i]] += $parts[$i + 1] }

    # The ids of an error of certificates are those of an enumeration, and its category depends on it.
    function Get-EnumId ([string] $Enum, [scriptblock] $Category) {
        $file = Get-ChildItem $root/src/TwistedPS.Engine -Recurse -Filter "$Enum.cs"
        [regex]::Matches((Get-Content $file -Raw), '(?m)^    (\w+),\r?$') | ForEach-Object { $_.Groups[1].Value } | Where-Object { $_ -ne 'None' } |
            ForEach-Object { "$_=$(& $Category $_)" }
    }

    # What a method makes, itself and by others of them, as Id=Category.
    function Get-Made ([string] $Maker, [string[]] $Path = @()) {
        $text = $makers[$Maker]
        [regex]::Matches($text, 'Make\(\s*\$?"(?<Id>[\w{}]+)",\s*ErrorCategory\.(?<Category>\w+)') | ForEach-Object {
            "$($_.Groups['Id'].Value -replace '^\{noun\}', '<Noun>')=$($_.Groups['Category'].Value)"
        }
        [regex]::Matches($text, 'const string Id = "(\w+)"') | ForEach-Object { "$($_.Groups[1].Value)=ConnectionError" }
        if ($text -match '\{error\.Problem\}') {
            Get-EnumId CertificateProblem { @{ CertificateNotFound = 'ObjectNotFound'; CertificatePasswordInvalid = 'AuthenticationError' }[$args[0]] ?? 'InvalidData' }
        }
        if ($text -match '\{peer\.Problem\}') {
            Get-EnumId PeerCertificateProblem { 'SecurityError' }
        }
        $makers.Keys | Where-Object { $_ -notin $Path -and $_ -ne $Maker -and $text -match "(?<![\w.])$_\(" } | ForEach-Object { Get-Made $_ ($Path + $Maker) }
    }

    $made = @{}

    # For each id its categories, and whether the sources throw it (T) or write it (W).
    $found = @{}
    function Add-Use ([string] $Maker, [string] $Way) {
        $made[$Maker] ??= @(Get-Made $Maker)
        foreach ($one in $made[$Maker]) {
            $id, $category = $one -split '='
            $found[$id] ??= @{ Categories = [System.Collections.Generic.SortedSet[string]]::new(); Ways = [System.Collections.Generic.SortedSet[string]]::new() }
            $null = $found[$id].Categories.Add($category)
            if ($Way) { $null = $found[$id].Ways.Add($Way) }
        }
    }
    Get-ChildItem $root/src/TwistedPS -Recurse -Filter *.cs | Where-Object { $_.FullName -notmatch '[\\/](obj|bin)[\\/]' -and $_.Name -notlike 'Errors*' } | ForEach-Object {
        $code = Get-Content $_ -Raw
        [regex]::Matches($code, 'Errors\.(\w+)\(') | ForEach-Object { $_.Groups[1].Value } | Where-Object { $makers.ContainsKey($_) } |
            ForEach-Object { Add-Use $_ }
        foreach ($call in [regex]::Matches($code, '(?<How>Throw|Write|\bFail)(?:TerminatingError|Error)?\((?<What>[^;]*);')) {
            $ways = @{ Throw = 'T'; Write = 'W'; Fail = 'T', 'W' }[$call.Groups['How'].Value]
            $named = [regex]::Matches($call.Groups['What'].Value, 'Errors\.(\w+)\(')
            if ($call.Groups['What'].Value -match '^(\w+)\)$') {
                $named = [regex]::Matches($code, "ErrorRecord $($Matches[1]) = Errors\.(\w+)\(")
            }
            $named | ForEach-Object { $_.Groups[1].Value } | Where-Object { $makers.ContainsKey($_) } | ForEach-Object {
                foreach ($way in $ways) { Add-Use $_ $way }
            }
        }
    }
    $found.Remove('{peer.Problem}')
}

Describe 'The table of errors' {
    It 'has a row for each error of the sources, and no other' {
        $rows.Count | Should -BeGreaterThan 60
        Compare-Object $rows.Id @($found.Keys) | ForEach-Object {
            "$($_.InputObject) is only in $(@{ '<=' = 'the table'; '=>' = 'the sources' }[$_.SideIndicator])"
        } | Should -BeNullOrEmpty
        $rows.Id | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'has their categories, and whether they end a cmdlet' {
        $rows | ForEach-Object {
            $ends = @{ 'T' = 'yes'; 'W' = 'no'; 'T W' = 'either'; '' = 'handler' }["$($found[$_.Id].Ways)"]
            $is = "$($_.Id): $($found[$_.Id].Categories -join ', '), $ends"
            if ("$($_.Id): $($_.Category), $($_.Ends)" -cne $is) { "not as the table has it, but $is" }
        } | Should -BeNullOrEmpty
    }

    It 'recommends what the errors recommend' {
        $action = $errors.GetMethod('ActionFor', [System.Reflection.BindingFlags]'NonPublic, Static')
        $rows | ForEach-Object {
            $is = $action.Invoke($null, @($_.Id -replace '<Noun>', 'LineServer'))
            if ($_.Action -cne $is) { "$($_.Id): $is" }
        } | Should -BeNullOrEmpty
    }

    It 'leaves out no recommendation' {
        $known = $errors.GetField('s_actions', [System.Reflection.BindingFlags]'NonPublic, Static').GetValue($null).Keys
        $known | Where-Object { $_ -notin ($rows.Id -replace '<Noun>') } | Should -BeNullOrEmpty
        # One that is not there would get that of a name that is ambiguous.
        $rows.Id -notlike '<Noun>*' | Where-Object { $_ -notin $known } | Should -BeNullOrEmpty
    }

    It 'shows in its example what happens' {
        $block = [regex]::Match($page, '(?ms)^```powershell\r?\n(.*?)^```').Groups[1].Value
        $claims = [regex]::Matches($block, '#=> (.*)') | ForEach-Object { $_.Groups[1].Value.Trim() }
        $output = & ([scriptblock]::Create($block)) | ForEach-Object { "$_" }
        $output | Should -BeExactly $claims
    }
}

Describe 'The recommendation of an error' {
    It 'is with the error, whether it ends the cmdlet or not: <Name>' -ForEach @(
        @{ Name = 'thrown'; Call = { Start-LineServer 0 }; Action = 'Give a scriptblock, such as { $_ }.' }
        @{ Name = 'written'; Call = { Stop-LineServer nobody -ErrorVariable written -ErrorAction SilentlyContinue; throw $written[0] }; Action = 'Check the spelling; what has ended is found by the object itself alone.' }
    ) {
        $record = try { & $Call } catch { $_ }
        $record.ErrorDetails.RecommendedAction | Should -BeExactly $Action
        $record.ErrorDetails.Message | Should -BeExactly "$record"
    }

    It 'is there for a handler of failed attempts to connect' {
        $seen = New-Queue
        try { Connect-LineClient 127.0.0.1 (Get-UnusedPort) { } -OnConnectFailed { ($using:seen).Enqueue($_) } } catch { $null = $_ }
        $record = $null
        $seen.TryDequeue([ref] $record) | Should -BeTrue
        $record.FullyQualifiedErrorId | Should -Be ConnectFailed
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $record.Exception.SocketErrorCode | Should -Be ConnectionRefused
    }
}
