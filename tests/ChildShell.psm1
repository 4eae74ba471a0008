# A PowerShell of its own, for what a session leaves behind and for scripts as a user starts them.

function Start-ChildShell {
    <# Starts pwsh with a script or a command; its input and output are ours. #>
    param(
        [Parameter(Mandatory)]
        [string[]] $ArgumentList
    )
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    '-NoProfile', '-NonInteractive' + $ArgumentList | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.AutoFlush = $true
    $process | Add-Member -NotePropertyName Errors -NotePropertyValue $process.StandardError.ReadToEndAsync()
    $process
}

function Read-ChildLine {
    <# The next line of output; null at its end. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process,

        [int] $Timeout = 60
    )
    $line = $Process.StandardOutput.ReadLineAsync()
    if (-not $line.Wait([timespan]::FromSeconds($Timeout))) {
        throw 'The child has printed nothing.'
    }
    $line.Result
}

function Wait-ChildShell {
    <# Waits for its end and outputs the exit code. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process,

        [int] $Timeout = 60
    )
    if (-not $Process.WaitForExit([timespan]::FromSeconds($Timeout))) {
        $Process.Kill($true)
        throw 'The child has not ended.'
    }
    $Process.ExitCode
}

function Stop-ChildShell {
    <# Presses Ctrl+C in it. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process
    )
    /bin/kill -INT $Process.Id
}

function Wait-Until {
    <# Waits until a condition holds. #>
    param(
        [Parameter(Mandatory)]
        [scriptblock] $Condition,

        [int] $Timeout = 60
    )
    if (-not [Threading.SpinWait]::SpinUntil({ & $Condition }, [timespan]::FromSeconds($Timeout))) {
        throw "Not true within $Timeout s: $Condition"
    }
}
