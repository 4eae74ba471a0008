# The scripts of the examples. Most tests talk with one that runs in a session of its own in this process, which starts much
# sooner than a shell; -Process starts it as a user does, for what a process has: its memory, its end, Ctrl+C.
Import-Module $PSScriptRoot/ChildShell.psm1

$script:running = [Collections.Generic.List[object]]::new()
$script:shared = @{}
$script:folder = Join-Path ([IO.Path]::GetTempPath()) (New-Guid)

function Start-Example {
    <# Starts a script in an empty folder. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [hashtable] $Parameters = @{},

        [switch] $Process
    )
    $null = New-Item $script:folder -ItemType Directory -Force
    if ($Process) {
        $words = $Parameters.GetEnumerator() | ForEach-Object { "-$($_.Name)", $_.Value }
        $example = Start-ChildShell (@('-WorkingDirectory', $script:folder, '-File', $Path) + $words)
    }
    else {
        $output = [Collections.Concurrent.BlockingCollection[string]]::new()
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript({
                param($Folder, $Path, $Parameters, $Output)
                Set-Location $Folder
                try {
                    & $Path @Parameters 3>&1 6>&1 | ForEach-Object {
                        $Output.Add($($_ -is [Management.Automation.WarningRecord] ? "WARNING: $_" : "$_"))
                    }
                }
                finally {
                    $Output.CompleteAdding()
                }
            }).AddParameters(@($script:folder, (Convert-Path $Path), $Parameters, $output))
        $example = [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke(); Output = $output }
    }
    $script:running.Add($example)
    $example
}

function Read-ExampleLine {
    <# The next line that it writes; null at its end. #>
    param(
        [Parameter(Mandatory)]
        [object] $Example
    )
    if ($Example -is [Diagnostics.Process]) {
        return Read-ChildLine $Example
    }
    $line = $null
    if (-not $Example.Output.TryTake([ref] $line, [timespan]::FromSeconds(60)) -and -not $Example.Output.IsCompleted) {
        throw 'The example has written nothing.'
    }
    $line
}

function Wait-Example {
    <# Waits for its end, and outputs its errors. #>
    param(
        [Parameter(Mandatory)]
        [object] $Example
    )
    $null = $script:running.Remove($Example)
    if ($Example -is [Diagnostics.Process]) {
        $null = Wait-ChildShell $Example
        if ($Example.Errors.Result) { $Example.Errors.Result }
        return
    }
    if (-not $Example.Running.AsyncWaitHandle.WaitOne([timespan]::FromSeconds(60))) {
        throw 'The example has not ended.'
    }
    $Example.Shell.Streams.Error
    if ($Example.Shell.InvocationStateInfo.State -eq 'Failed') { $Example.Shell.InvocationStateInfo.Reason.Message }
    $Example.Shell.Runspace.Dispose()
    $Example.Shell.Dispose()
}

function Stop-Example {
    <# Presses Ctrl+C in those that are running, and waits for their end. They must have had no error. #>
    param(
        [object[]] $Example
    )
    foreach ($one in $Example) {
        if ($one -isnot [Diagnostics.Process]) {
            $null = $one.Shell.BeginStop($null, $null)
        }
        elseif (-not $one.HasExited) {
            Stop-ChildShell $one
        }
    }
    $errors = $Example | ForEach-Object { Wait-Example $_ }
    if ($errors) {
        throw "An example wrote: $errors"
    }
}

function Start-ExampleServer {
    <# Starts a server's script and waits until it serves. It has the Port and what it has Said before. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [hashtable] $Parameters = @{},

        [switch] $Process
    )
    $Parameters = $Parameters.Clone()
    $Parameters.Port ??= 0
    $server = Start-Example $Path $Parameters -Process:$Process
    $said = while (($line = Read-ExampleLine $server) -notmatch 'Serving on .*:(\d+)/?;') {
        if ($null -eq $line) {
            throw "The server did not start: $(Wait-Example $server)"
        }
        $line
    }
    $server | Add-Member @{ Port = [int] $Matches[1]; Said = $said } -PassThru
}

function Get-ExampleServer {
    <# The one that was started with the same words before, for tests that leave nothing behind in it; or a new one. #>
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [hashtable] $Parameters = @{},

        [switch] $Process
    )
    $words = "$Path $(ConvertTo-Json $Parameters)"
    if (-not $script:shared[$words]) {
        $script:shared[$words] = Start-ExampleServer $Path $Parameters -Process:$Process
    }
    $script:shared[$words]
}

function Stop-AllExample {
    <# As Stop-Example, for all. They must have left nothing in their folder. #>
    $all = @($script:running)
    $script:running.Clear()
    $script:shared.Clear()
    try {
        Stop-Example $all
        if ($left = Get-ChildItem $script:folder -ErrorAction Ignore) {
            throw "An example has left $($left.Name) in the current folder."
        }
    }
    finally {
        Remove-Item $script:folder -Recurse -ErrorAction Ignore
    }
}

Export-ModuleMember -Function *-*Example*
