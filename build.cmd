@echo off
rem Finds PowerShell 7.4 or later, or brings it as a .NET tool, and hands over to build.ps1.
setlocal
cd /d "%~dp0"
set "DOTNET_NOLOGO=1"
set "shell=pwsh"
pwsh -NoProfile -Command "exit [int]($PSVersionTable.PSVersion -lt '7.4')" 2>nul && goto run
dotnet tool restore --verbosity quiet || (
    echo The .NET tool PowerShell could not be fetched. Install the .NET SDK 10 and PowerShell 7.4 or later: https://aka.ms/powershell 1>&2
    exit /b 1
)
set "shell=dotnet pwsh"
:run
%shell% -NoProfile -NonInteractive -File build.ps1 %*
