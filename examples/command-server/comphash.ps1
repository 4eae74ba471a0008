<#
.SYNOPSIS
    The SHA-1 of a file. It blocks while it reads, so the server calls it beside its reactor.
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingBrokenHashAlgorithms', '', Justification = 'The protocol promises SHA-1; nothing is secured by it.')]
param(
    # The file; a relative path begins at the root, or else at the present location.
    [Parameter(Mandatory)]
    [string] $Path,

    # The folder that the file has to be in.
    [string] $Root
)

$ErrorActionPreference = 'Stop'
$base = [IO.Path]::GetFullPath($(if ($Root) { $Root } else { $PWD }))
$slash = [IO.Path]::DirectorySeparatorChar

# The file without symbolic links on the way. What leads out of the root is an error, and not looked at. Paths are left to
# .NET, because PowerShell's cmdlets take a backslash for a slash, and so '..\x' in a name for a way out.
function Resolve-Inside ([string] $File, [int] $LinksLeft = 40) {
    $inside = $base.TrimEnd($slash) + $slash
    if (-not "$File$slash".StartsWith($inside, 'Ordinal')) {
        throw "'$Path' is not in the root."
    }
    $real = $base
    foreach ($name in "$File$slash".Substring($inside.Length).Split($slash, [StringSplitOptions]::RemoveEmptyEntries)) {
        $next = [IO.Path]::Combine($real, $name)
        $target = [IO.FileInfo]::new($next).LinkTarget
        if ($target -and -not $LinksLeft) {
            throw "'$Path' has too many symbolic links."
        }
        $real = if ($target) { Resolve-Inside ([IO.Path]::GetFullPath($target, $real)) ($LinksLeft - 1) } else { $next }
    }
    $real
}

$file = [IO.Path]::GetFullPath($Path, $base)
if ($Root) {
    $file = Resolve-Inside $file
}
if ([IO.Directory]::Exists($file)) {
    throw "'$Path' is a directory."
}
$stream = [IO.File]::OpenRead($file)
try {
    (Get-FileHash -InputStream $stream -Algorithm SHA1).Hash.ToLowerInvariant()
}
finally {
    $stream.Dispose()
}
