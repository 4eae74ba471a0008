# Servers and tools of others, which tests speak to.

function Find-RealProgram {
    <# The path of a program; nothing, and a warning, where it is not installed. #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Name, [string] $Package = $Name)
    # Debian has servers where only root looks for programs.
    $places = @($env:PATH -split [IO.Path]::PathSeparator) + '/usr/local/sbin', '/usr/sbin'
    $found = foreach ($place in $places | Where-Object { $_ }) {
        Get-Command (Join-Path $place $Name) -CommandType Application -ErrorAction Ignore
    }
    if (-not $found) {
        Write-Warning "$Name is not installed, so its tests are skipped. On Debian: apt-get install $Package"
    }
    @($found)[0].Source
}

function Start-Program {
    <# Starts a program; its input and output are ours, and its errors are among its output. #>
    [OutputType([Diagnostics.Process])]
    param([Parameter(Mandatory)] [string] $Program, [string[]] $ArgumentList = @())
    $start = [Diagnostics.ProcessStartInfo]::new($Program, $ArgumentList)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $process | Add-Member -NotePropertyName Errors -NotePropertyValue $process.StandardError.ReadToEndAsync() -PassThru
}

function Invoke-Program {
    <# Runs a program with a text as its input, and outputs its output; an exit code other than 0 is an error. #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Program, [string[]] $ArgumentList = @(), [string] $InputText = '', [int] $Timeout = 60)
    $process = Start-Program $Program $ArgumentList
    $output = $process.StandardOutput.ReadToEndAsync()
    $process.StandardInput.Write($InputText)
    $process.StandardInput.Close()
    if (-not $process.WaitForExit([timespan]::FromSeconds($Timeout))) {
        $process.Kill($true)
        throw "$Program has not ended. It wrote: $($output.Result) $($process.Errors.Result)"
    }
    if ($process.ExitCode) {
        throw "$Program ended with $($process.ExitCode). It wrote: $($output.Result) $($process.Errors.Result)"
    }
    $output.Result
}

function Find-PythonWith {
    <# The path of a Python that has the given modules; nothing, and a warning, where there is none. #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [string[]] $Module, [Parameter(Mandatory)] [string] $Package)
    foreach ($python in '/usr/bin/python3', 'python3') {
        if ((Get-Command $python -ErrorAction Ignore) -and $(& $python -c "import $($Module -join ', ')" 2>$null; $LASTEXITCODE -eq 0)) {
            return (Get-Command $python).Source
        }
    }
    Write-Warning "No Python has $($Module -join ', '), so its tests are skipped. On Debian: apt-get install $Package"
}

Export-ModuleMember -Function *
