# The servers of the examples, started as a user starts them.
Import-Module $PSScriptRoot/ChildShell.psm1

$script:running = [Collections.Generic.List[Diagnostics.Process]]::new()
$script:shared = @{}
$script:folder = Join-Path ([IO.Path]::GetTempPath()) (New-Guid)

function Start-ExampleServer {
    <# Starts a server's script and waits until it serves. Outputs its process, with the Port and what it has Said before. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [object[]] $ArgumentList = @(),

        [int] $Port = 0
    )
    $null = New-Item $script:folder -ItemType Directory -Force
    $shell = Start-ChildShell (@('-WorkingDirectory', $script:folder, '-File', $Path, '-Port', $Port) + $ArgumentList)
    $script:running.Add($shell)
    $said = while (($line = Read-ChildLine $shell) -notmatch 'Serving on .*:(\d+)/?;') {
        if ($null -eq $line) {
            throw "The server did not start: $($shell.Errors.Result)"
        }
        $line
    }
    $shell | Add-Member @{ Port = [int] $Matches[1]; Said = $said } -PassThru
}

function Get-ExampleServer {
    <# The one that was started with the same words before, for tests that leave nothing behind in it; or a new one. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [object[]] $ArgumentList = @()
    )
    $words = @($Path) + $ArgumentList -join "`n"
    if (-not $script:shared[$words]) {
        $script:shared[$words] = Start-ExampleServer $Path $ArgumentList
    }
    $script:shared[$words]
}

function Stop-ExampleServer {
    <# Presses Ctrl+C in all that are running. They must end without an error, and leave nothing in their folder. #>
    $script:running | Where-Object { -not $_.HasExited } | ForEach-Object { Stop-ChildShell $_ }
    $errors = foreach ($shell in $script:running) {
        $null = Wait-ChildShell $shell
        $shell.Errors.Result
    }
    $left = Get-ChildItem $script:folder -ErrorAction Ignore
    Remove-Item $script:folder -Recurse -ErrorAction Ignore
    $script:running.Clear()
    $script:shared.Clear()
    if ($errors -join '') {
        throw "A server wrote: $errors"
    }
    if ($left) {
        throw "A server has left $($left.Name) in the current folder."
    }
}

Export-ModuleMember -Function *-ExampleServer
