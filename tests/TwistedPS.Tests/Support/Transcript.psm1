<# What can be seen of a handler, to compare it with a twin. #>
Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1

# All that can be seen of a handler that has got some lines: what was sent, its errors and their places, the log.
function Get-Transcript([string] $Text, [string[]] $Lines, [hashtable] $Options = @{}) {
    $outer = 'the outer one'
    $s = Start-LineServer 0 ([scriptblock]::Create("`n  $Text")) -Name same @Options -InitializationScript {
        class Leaver { [void] Leave() { exit } }
        $outer = 'defined'
        $script:leaver = [Leaver]::new()
        function Show-Order { "first $args"; $Connection.Send("sent"); "last" }
        function Get-Caller { "caller: $x $outer $(Get-Variable x -Scope 1 -ErrorAction Ignore -ValueOnly)" }
        function Set-InCaller { Set-Variable w $args.Count -Scope 1; Set-Variable ErrorActionPreference SilentlyContinue -Scope 1 }
        function Stop-Here { throw "stopped by $args" }
        function Leave-Loop { break }
        function Get-Place { "$($MyInvocation.ScriptLineNumber) $($MyInvocation.OffsetInLine) $($MyInvocation.Line) $((Get-PSCallStack)[1].Command)" }
    } -OnStart {
        # Script methods of another session would be slow: PowerShell waits 250 ms for that session at each call.
        $Server.State.o = [pscustomobject]@{ } | Add-Member -MemberType ScriptMethod -Name Leave -Value { break somewhere } -PassThru
        $Server.State.bad = [pscustomobject]@{ } | Add-Member -MemberType ScriptMethod -Name ToString -Value { throw 'no text' } -Force -PassThru
    }
    $s.State.d = New-Deferred
    Complete-Deferred $s.State.d later
    try {
        try {
            Invoke-Peer $s.Port (($Lines | ForEach-Object { "$_`n" }) -join '')
        }
        catch [System.Net.Sockets.SocketException] {
            $_.Exception.SocketErrorCode
        }
        Wait-Until { $s.Log.Message -like 'Lost client connection*' }
        $s.LinesIn, $s.LinesOut
        foreach ($e in $s.Errors) {
            $record = $e.Exception.ErrorRecord
            "$($e.Handler): $($e.Message) [$($e.Exception.GetType().Name)] $($record.FullyQualifiedErrorId) $($record.InvocationInfo.PositionMessage)"
            ($record.ScriptStackTrace -split "`n")[0]
        }
        $s.Log | Where-Object Message -NotMatch 'connection from|Started on|has held its reactor' | ForEach-Object { "$($_.Level) $($_.Message)" }
        $s.State.GetEnumerator() | Where-Object Key -NotIn o, d, bad | ForEach-Object { "$($_.Key)=$($_.Value)" }
    }
    finally {
        Stop-LineServer $s -DrainTime 0
    }
}
