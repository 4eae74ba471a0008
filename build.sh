#!/usr/bin/env bash
# Finds PowerShell and hands over to build.ps1. Without any, `test` still runs the engine's tests.
set -euo pipefail
cd "$(dirname "$0")"
task="${1:-build}"
[ $# = 0 ] || shift

if command -v pwsh >/dev/null; then
    exec pwsh -NoProfile -NonInteractive -File build.ps1 "$task" "$@"
fi

if dotnet tool restore >/dev/null 2>&1; then
    exec dotnet pwsh -NoProfile -NonInteractive -File build.ps1 "$task" "$@"
fi

echo "There is no PowerShell here: neither 'pwsh' on the PATH nor one that 'dotnet tool restore' can get." >&2
case "$task" in
    build)
        dotnet build --configuration Release
        ;;
    test)
        results="$PWD/TestResults/engine.trx"
        dotnet build --configuration Release --nologo --verbosity quiet
        dotnet format --verify-no-changes --no-restore
        status=0
        dotnet test --configuration Release --no-build --nologo --logger "trx;LogFileName=$results" || status=$?
        counters=$(grep -o '<Counters [^>]*>' "$results")
        count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
        echo "SKIPPED: the tests of the cmdlets and examples. They need PowerShell 7.4 or later and Pester 5.5 or later."
        echo "$(count passed) passed, $(count failed) failed, $(($(count total) - $(count executed) + 1)) skipped"
        exit "$status"
        ;;
    *)
        echo "'$task' needs PowerShell 7.4 or later: https://aka.ms/powershell" >&2
        exit 1
        ;;
esac
