# Servers and tools of others, which tests speak to.

function Find-RealProgram {
    <# The path of a program; nothing, and a warning, where it is not installed. #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Name)
    # Debian has servers where only root looks for programs.
    $places = @($env:PATH -split [IO.Path]::PathSeparator) + '/usr/local/sbin', '/usr/sbin'
    $found = foreach ($place in $places | Where-Object { $_ }) {
        Get-Command (Join-Path $place $Name) -CommandType Application -ErrorAction Ignore
    }
    if (-not $found) {
        Write-Warning "$Name is not installed, so its tests are skipped. On Debian: apt-get install $Name"
    }
    @($found)[0].Source
}

function Test-PythonModule {
    <# Whether Debian's Python, /usr/bin/python3, has a module; a warning where not. #>
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Name)
    $null = & /usr/bin/env /usr/bin/python3 -c "import $Name" 2>&1
    if ($LASTEXITCODE) {
        Write-Warning "Python's $Name is not installed, so its tests are skipped. On Debian: apt-get install python3-$Name"
    }
    $LASTEXITCODE -eq 0
}
