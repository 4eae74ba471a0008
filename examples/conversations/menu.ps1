<#
.SYNOPSIS
    A menu for orders: questions, answers that are checked, and a way back at each of them. Ctrl+C ends it.
.PARAMETER Port
    The port; 0 lets the system choose one, and the first line of output says which.
.EXAMPLE
    ./menu.ps1
    nc localhost 2324
#>
[CmdletBinding()]
param([ValidateRange(0, 65535)] [int] $Port = 2324)
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../TwistedPS.psd1

Start-LineServer $Port -Name Menu -Wait -InitializationScript {
    # A choice from a list; null for the way back.
    function Read-Choice ([string] $Title, [string[]] $Choice) {
        while ($true) {
            Send-Line ''
            Send-Line $Title
            for ($i = 0; $i -lt $Choice.Count; $i++) { Send-Line "  $($i + 1)  $($Choice[$i])" }
            Send-Line '  0  back'
            $answer = Receive-Line '> '
            if ($answer -eq '0') { return }
            if ($answer -match '^\d+$' -and $Choice[$answer - 1]) { return $Choice[$answer - 1] }
            Send-Line "Choose a number from 0 to $($Choice.Count)."
        }
    }
    function Read-Number ([string] $Prompt, [int] $Most) {
        do { $answer = Receive-Line $Prompt } until ($answer -match '^\d{1,4}$' -and [int]$answer -in 1..$Most)
        [int]$answer
    }
} -Conversation {
    $prices = [ordered]@{ tea = 2; coffee = 3; cake = 4 }
    $total = 0
    while ($item = Read-Choice 'What would you like?' $prices.Keys) {
        $number = Read-Number "How many (1 to 9)? " 9
        $total += $number * $prices[$item]
        "$number $item; $total in all"
    }
    if ($total) { "Thank you. That is $total." } else { 'Come again.' }
}
