# A PowerShell of its own, for what a session leaves behind and for scripts as a user starts them.

function Get-ShellCommand {
    <# The words that start another of this PowerShell: its program and the arguments. A .NET tool runs under dotnet. #>
    param(
        [string[]] $ArgumentList
    )
    $program = [Environment]::ProcessPath
    $program
    if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') {
        Join-Path $PSHOME pwsh.dll
    }
    '-NoProfile'
    '-NonInteractive'
    $ArgumentList
}

function Start-ChildShell {
    <# Starts PowerShell with a script or a command; its input and output are ours. #>
    param(
        [Parameter(Mandatory)]
        [string[]] $ArgumentList
    )
    Start-Child (Get-ShellCommand $ArgumentList)
}

function Start-TerminalShell {
    <# Starts PowerShell on a terminal: what is on its screen is our input, and the terminal is closed with our output to it. #>
    param(
        [Parameter(Mandatory)]
        [string[]] $ArgumentList,

        # The text after which Ctrl+C is pressed as an answer of the terminal comes in; then there is <Ctrl+C> in our input.
        [string] $InterruptAfter
    )
    $program, $arguments = Get-ShellCommand $ArgumentList
    $terminal = 'env', 'TERM=xterm', "INTERRUPT_AFTER=$InterruptAfter", 'python3', "$PSScriptRoot/terminal.py"
    Start-Child ($terminal + $program + ($arguments -ne '-NonInteractive'))
}

function Start-Child {
    param([string[]] $Words)
    $program, $arguments = $Words
    $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]] $arguments)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    # What it would report takes a sixth of the time of its start.
    $start.Environment['POWERSHELL_TELEMETRY_OPTOUT'] = '1'
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

function Read-ChildText {
    <# What it prints next, up to a text. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process,

        [Parameter(Mandatory)]
        [string] $Until
    )
    $buffer, $shown = [char[]]::new(1000), ''
    $limit = [Threading.Tasks.Task]::Delay(60000)
    while (-not $shown.Contains($Until)) {
        $reading = $Process.StandardOutput.ReadAsync($buffer, 0, $buffer.Length)
        if ([Threading.Tasks.Task]::WaitAny($reading, $limit) -eq 1 -or $reading.Result -eq 0) {
            throw "It never came: $Until`nThe child has printed: $shown"
        }
        $shown += [string]::new($buffer, 0, $reading.Result)
    }
    $shown
}

function Read-ChildRest {
    <# All that it still prints, up to its end. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process,

        [int] $Timeout = 60
    )
    $rest = $Process.StandardOutput.ReadToEndAsync()
    if (-not $rest.Wait([timespan]::FromSeconds($Timeout))) {
        throw 'The child still prints.'
    }
    $rest.Result
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
        throw "The child has not ended. It wrote: $($Process.Errors.Result)"
    }
    $Process.ExitCode
}

function Assert-ChildSucceeded {
    <# Waits for its end; it must have ended with 0 and without an error. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process,

        [int] $Timeout = 60
    )
    $code = Wait-ChildShell $Process -Timeout $Timeout
    if ($code -ne 0 -or $Process.Errors.Result) {
        throw "The child ended with $code. It wrote: $($Process.Errors.Result)"
    }
}

function Stop-ChildShell {
    <# Presses Ctrl+C in it. #>
    param(
        [Parameter(Mandatory)]
        [Diagnostics.Process] $Process
    )
    # PowerShell itself breaks down when it is stopped just as a command ends (ObjectDisposedException in
    # PipelineProcessor.Stop), so what it did last is to be over, unless it is busy for good.
    $clock = [Diagnostics.Stopwatch]::StartNew()
    do {
        $Process.Refresh()
        $quiet = $Process.Threads.ThreadState -notcontains 'Running'
    } until ($quiet -or $Process.WaitForExit(10) -or $clock.Elapsed.TotalSeconds -gt 1)
    if ($IsWindows) {
        # There, a process cannot be sent Ctrl+C without a console of its own.
        $Process.Kill()
    }
    else {
        /bin/kill -INT $Process.Id
    }
}

function Wait-Until {
    <# Waits until a condition holds. #>
    param(
        [Parameter(Mandatory)]
        [scriptblock] $Condition,

        [int] $Timeout = 60
    )
    $clock = [Diagnostics.Stopwatch]::StartNew()
    # Asked a thousand times a second, a condition would keep a core from the other tests.
    for ($pause = 1; -not (& $Condition); $pause = [Math]::Min($pause * 2, 8)) {
        if ($clock.Elapsed.TotalSeconds -ge $Timeout) {
            throw "Not true within $Timeout s: $Condition"
        }
        [Threading.Thread]::Sleep($pause)
    }
}

function New-SlowFile {
    <# A file that takes until Write-Slowly to read. #>
    $path = Join-Path $TestDrive "$(New-Guid)"
    mkfifo $path
    $path
}

function Write-Slowly {
    <# What somebody has begun to read comes to its end; without a reader, a writer would wait for one. #>
    param([Parameter(Mandatory)] [string] $Path)
    $writer = Start-Process sh '-c', "`"printf abc > '$Path'`"" -PassThru
    if (-not $writer.WaitForExit(30000)) {
        $writer.Kill()
        throw 'Nobody reads the file.'
    }
}

function Get-Descriptor {
    <# What the open descriptors of this process lead to. Those of assemblies do not count: .NET keeps one for each that it maps. #>
    [IO.DirectoryInfo]::new('/proc/self/fd').GetFileSystemInfos().LinkTarget | Where-Object { $_ -and $_ -notlike '*.dll' }
}
