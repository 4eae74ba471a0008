<#
.SYNOPSIS
    The protocol of the command server, as handlers to splat to Start-LineServer or New-LineTestConnection.
#>
param(
    # The file that lastlog shows the end of.
    [Parameter(Mandatory)]
    [string] $LogFile,

    # The folder that comphash is confined to; everywhere if it is not given.
    [string] $Root
)

$paths = $ExecutionContext.SessionState.Path
@{
    Name         = 'CmdProtocol'
    Delimiter    = 'LF'
    ArgumentList = @(
        $paths.GetUnresolvedProviderPathFromPSPath($LogFile)
        if ($Root) { $paths.GetUnresolvedProviderPathFromPSPath($Root) }
    )

    OnLine       = {
        param($Connection, $Line, $LogFile, $Root)
        $Line = $Line.TrimEnd("`r")
        Write-ReactorLog "Cmd received from $($Connection.Address) : $Line"
        $words = @(-split $Line)
        switch -CaseSensitive ($words[0]) {
            'exit' {
                $Connection.Close()
            }
            'lastlog' {
                # The answer is given as a whole when tail has ended, so other answers can't come in between.
                $null = Start-ReactorProcess tail '-10', $LogFile -MaxLineLength 64MB -OnOutput {
                    if ($_ -notlike '==*') {
                        $Process.State.Lines += @($_)
                    }
                } -OnErrorOutput {
                    $Process.State.Reason = $_
                } -OnExit {
                    if ($Process.ExitCode) {
                        "An error occured : $($Process.State.Reason)"
                    }
                    else {
                        'Begin lastlog'
                        $Process.State.Lines
                        'End lastlog'
                    }
                }
            }
            'comphash' {
                if ($words.Count -ne 2) {
                    'Please provide a path.'
                }
                else {
                    $file = @{ Path = $words[1]; Root = $Root }
                    Start-Deferred { & $PSScriptRoot/comphash.ps1 @using:file } |
                        Add-DeferredCallback { "File hash is : $_" } -OnError {
                            "An error occured : $($_.Exception.GetBaseException().Message)"
                        }
                }
            }
            default {
                'Command not found.'
            }
        }
    }

    OnError      = { "An error occured : $_" }
}
