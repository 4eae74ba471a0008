<#
.SYNOPSIS
    The protocol of the text server, as handlers to splat to Start-LineServer or New-LineTestConnection.
#>
param(
    # The file that messages are appended to.
    [Parameter(Mandatory)]
    [string] $Path
)

@{
    Name         = 'Pesto'
    ArgumentList = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)

    OnStart      = {
        param($Server, $Path)
        $Server.State.File = [IO.FileStream]::new($Path, 'Append', 'Write', 'ReadWrite, Delete', 1)
    }

    OnConnect    = { 'Connection with the server established!' }

    OnLine       = {
        switch -Regex -CaseSensitive ($_) {
            '^hello\z' { 'Hello! How are you?' }
            '^goodbye\z' {
                "Noooo don't go awayyyyy..."
                $Connection.Close()
            }
            '^write: ' {
                try {
                    $Server.State.File.Write([Text.Encoding]::UTF8.GetBytes($_.Substring(7) + "`n"))
                    $Server.State.File.Flush()
                    'Message saved!'
                }
                catch {
                    "Message not saved: $($_.Exception.InnerException.Message)"
                }
            }
        }
    }

    OnStop       = { $Server.State.File.Dispose() }
}
