# Small handlers of lines, made at random of a grammar. What they use of $script:o is a script that shows the variables that it
# sees, so that one that an earlier call has left comes to light.
$script:Rules = @{
    Statement = @(
        '<Value>', '<Value>', '<Text>', '<Text>', '<Value>, <Value>', '$script:o.Look()', '<Name> = <Value>', '<Name> = <Text>', '<Name> = <Text>',
        '<Name> = <Value>', '<Name>, <Name> = <Many>', '[string] <Name> = <Value>', '<Name> += <Text>', '<Name>++', '<Name> ??= <Value>',
        'if (<Test>) { <Statement> }', 'if (<Test>) { <Statement> } else { <Statement> }',
        'if (<Test>) { <Name> = <Value> } elseif (<Test>) { <Statement> } else { <Name> = <Text> }',
        'switch (<Value>) { a { <Statement> } (<Text>) { <Statement>; break } default { <Statement> } }',
        'switch -Regex ($_) { "^(a)(.*)$" { $Matches[2]; <Statement> } "(\d)" { <Statement>; continue } default { <Statement> } }',
        'switch -Wildcard (<Many>) { "a*" { <Statement> } "*b" { <Statement> } }',
        'foreach ($i in <Many>) { if (<Test>) { continue }; <Statement> }', 'foreach ($i in <Many>) { <Statement>; if (<Test>) { break } }',
        'for ($n = 0; $n -lt 2; $n++) { <Statement> }', 'do { <Statement> } until ($true)',
        'try { <Statement>; <Statement> } catch { <Statement> }', 'try { <Statement> } finally { <Text> }', 'try { <Statement> } catch { "caught $_" }',
        'return', 'return <Value>', 'if (<Test>) { break }', 'if (<Test>) { continue }', 'if (<Test>) { throw <Value> }', '[void] (<Value>)', '$null = <Value>',
        '$script:s = <Value>', '$script:s += <Text>', '$Connection.State.k = <Value>', '$Connection.State["n"] += 1', '$script:s = $script:o', '$Server.State.k ??= <Text>',
        '$Connection.Send(<Text>)', '<Test> ? <Value> : <Value>', '<Value> ?? <Value>', '(<Name> = <Value>)', '(<Text>).Substring(1)'
    )
    Value     = @(
        '$_', '<Text>', '<Text>', '<Name>', '<Name>', '<Number>', '<Many>', '$null', '$script:s', '$script:o', '$Connection.State.k', '$Server.State.k',
        '$Connection.Number', '$Matches[1]', '$Matches', '(<Value>)', '@(<Statement>)', '$(<Statement>)', ', <Many>', '(<Value> ?? <Value>)',
        '(<Test> ? <Value> : <Value>)', '[int] <Value>', '[int] <Number>', '(<Name>)?.Length', '@{ k = <Value> }.k', '(<Number> + <Number>)', '(<Value> + <Value>)', '(<Value> -as [string])',
        '$(if (<Test>) { <Statement> })', '(<Value>)[0]', '(<Name> = <Value>)'
    )
    Text      = @(
        '"a"', '"b"', '"<$_>"', '"[$x $y]"', '"$(<Value>)"', '$_.ToUpper()', '$_', '($_ + <Value>)', '("{0}" -f <Value>)', '($_ -replace "a", "b")',
        '(<Many> -join "+")', '[string] <Value>', '(<Text>).Trim("a")', '"$Matches"'
    )
    Many      = @('($_ -split " ")', '(1, 2)', '(<Value>, <Value>)', '@(<Value>; <Value>)', '@(<Statement>)', '$_.ToCharArray()', '($null, $(), <Text>)', '@()')
    Number    = @('1', '2', '$_.Length', '<Many>.Count', '$Connection.Number')
    Test      = @(
        '$_ -eq "a"', '$_ -eq "a"', '$_ -match "^(.)(.*)$"', '<Text> -match "(b)"', '<Name>', '<Value> -eq <Value>', '-not <Text>', '(<Test>) -and (<Test>)',
        '(<Test>) -or (<Test>)', '$_ -in "a", "7"', '$_.Length -gt 1', '$Connection.State.k', '<Text> -like "*a*"', '<Value> -is [string]', '<Value> -match "a"'
    )
    Name      = @('$x', '$x', '$x', '$y', '$y', '$z')
}

# What ends the growth of a handler that has become large.
$script:Ends = @{ Statement = '$_'; Value = '$x'; Text = '"$y"'; Many = '(1, 2)'; Number = '1'; Test = '$_ -eq "a"'; Name = '$x' }

function Expand-Rule([string] $Text, [random] $Random, [int] $Size) {
    while (($holes = [regex]::Matches($Text, '<([A-Z]\w+)>')).Count) {
        $hole = $holes[$Random.Next($holes.Count)]
        $kind = $hole.Groups[1].Value
        $choices = $script:Rules[$kind]
        $choice = $Size-- -gt 0 ? $choices[$Random.Next($choices.Count)] : $script:Ends[$kind]
        $Text = $Text.Remove($hole.Index, $hole.Length).Insert($hole.Index, $choice)
    }
    $Text
}

# The text of a handler. The same random numbers give the same text.
function New-RandomHandler {
    [OutputType([string])]
    param([Parameter(Mandatory)] [random] $Random, [int] $Size = 7)
    $errors = $null
    do {
        # PowerShell gives an error of the first statement another column when a statement within it has run, so nothing can go wrong in it.
        $assigned = '$x = $_', '$y = 1, $_', '$z = "z$_"', '$i = 0', '$n = 0' | Where-Object { $Random.Next(10) }
        $text = Expand-Rule ((@('$null') + $assigned + @('<Statement>') * $Random.Next(1, 4)) -join "`n") $Random $Size
        # A few can't be parsed, such as one that returns within finally.
        $null = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $errors)
    } while ($errors)
    $text
}

Export-ModuleMember -Function New-RandomHandler
