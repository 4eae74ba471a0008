# The parts of the console that need no terminal.

function New-ConsolePart {
    <# An object of a class of the console. #>
    param([Parameter(Mandatory)] [string] $Class, [object[]] $ArgumentList = @())
    $type = (Get-Command Enter-LineClient).ImplementingType.Assembly.GetType("TwistedPS.Consoles.$Class", $true)
    [Activator]::CreateInstance($type, $ArgumentList)
}

function Invoke-ConsolePart {
    <# Calls a static method of a class of the console. #>
    param([Parameter(Mandatory)] [string] $Class, [Parameter(Mandatory)] [string] $Method, [object[]] $ArgumentList = @())
    $type = (Get-Command Enter-LineClient).ImplementingType.Assembly.GetType("TwistedPS.Consoles.$Class", $true)
    # One for strings among those of the same name.
    $found = $type.GetMethods('Public, Static') | Where-Object { $_.Name -eq $Method -and $_.GetParameters().Count -eq $ArgumentList.Count }
    $found.Invoke($null, $ArgumentList)
}

function New-Editor {
    <# An editor whose history has the given lines. #>
    param([string[]] $History = @())
    $kept = New-ConsolePart LineHistory @(, $null)
    $History | ForEach-Object { $kept.Add($_, $false) }
    New-ConsolePart LineEditor $kept
}

function ConvertTo-KeyInfo {
    <# What .NET reads for a key by its name, such as Ctrl+A, or for each character of a text. #>
    [OutputType([ConsoleKeyInfo])]
    param([Parameter(Mandatory)] [string] $Key)
    if ($Key -cnotmatch '^((?:Ctrl\+|Alt\+|Shift\+)*)([A-Z]|F\d+|[A-Z][a-z]+)$' -or ($Key.Length -eq 1)) {
        return $Key.ToCharArray() | ForEach-Object {
            [ConsoleKeyInfo]::new($_, $(switch ($_) { "`e" { 'Escape' } "`r" { 'Enter' } "`t" { 'Tab' } default { 0 } }), $false, $false, $false)
        }
    }
    $control, $alt, $shift = 'Ctrl', 'Alt', 'Shift' | ForEach-Object { $Matches[1].Contains($_) }
    $name = switch ($Matches[2]) { Up { 'UpArrow' } Down { 'DownArrow' } Left { 'LeftArrow' } Right { 'RightArrow' } default { $_ } }
    $code = if ($name.Length -gt 1) { 0 } elseif ($control) { [int][char] $name -band 31 } else { [int][char] $name.ToLowerInvariant() }
    [ConsoleKeyInfo]::new([char] $code, [ConsoleKey] $name, $shift, $alt, $control)
}

function Send-Key {
    <# Presses keys, and outputs what the editor asks for at each but to go on. #>
    param([Parameter(Mandatory)] [object] $Editor, [Parameter(Mandatory)] [string[]] $Key)
    foreach ($info in $Key | ForEach-Object { ConvertTo-KeyInfo $_ }) {
        "$($Editor.Handle((Invoke-ConsolePart EditorKey Of @($info, [ConsoleModifiers] 0))))" | Where-Object { $_ -ne 'None' }
    }
}

function Get-Edited {
    <# The text, with | at the cursor. #>
    param([Parameter(Mandatory)] [object] $Editor)
    $Editor.Text.Insert($Editor.Cursor, '|')
}

Export-ModuleMember -Function *
