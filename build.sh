#!/usr/bin/env bash
# Finds PowerShell 7.4 or later, or brings it as a .NET tool, and hands over to build.ps1.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1
shell=(pwsh)
if ! pwsh -NoProfile -Command 'exit [int]($PSVersionTable.PSVersion -lt "7.4")' 2>/dev/null; then
    dotnet tool restore --verbosity quiet || {
        echo 'The .NET tool PowerShell could not be fetched. Install the .NET SDK 10 and PowerShell 7.4 or later: https://aka.ms/powershell' >&2
        exit 1
    }
    # Ctrl+C does not get past the starter of the tool.
    shell=(dotnet "$(dotnet pwsh -NoProfile -Command '$PSHOME')/pwsh.dll")
fi
exec "${shell[@]}" -NoProfile -NonInteractive -File build.ps1 "$@"
