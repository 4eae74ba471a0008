<#
.SYNOPSIS
    The protocols of the finger service: tables of handlers to splat to Start-LineServer and Start-HttpServer.
#>
param(
    # The status of each user by name, which all of them share.
    [Parameter(Mandatory)]
    [hashtable] $Users
)

@{
    Finger = @{
        Name         = 'Finger'
        ArgumentList = $Users
        OnLine       = {
            param($Connection, $Name, $Users)
            $Users[$Name] ?? 'No such user'
            $Connection.Close()
        }
    }

    Setter = @{
        Name         = 'Setter'
        ArgumentList = $Users
        OnLine       = {
            param($Connection, $Line, $Users)
            if ($Connection.State.Name) {
                $Users[$Connection.State.Name] = $Line
                'Saved'
                $Connection.Close()
            }
            elseif ($Line -match '\A[^\s:]+\z') {
                $Connection.State.Name = $Line
                "The status of ${Line}?"
            }
            else {
                'A name has no blanks and no colon'
            }
        }
    }

    Page   = @{
        Name         = 'Page'
        ArgumentList = $Users
        Get          = {
            param($Request, $Response, $Users)
            $Response.ContentType = 'text/html; charset=utf-8'
            '<!doctype html><title>Finger</title>'
            foreach ($name in $Users.Keys | Sort-Object | Where-Object { $Request.Path -in '/', "/$_" }) {
                "<p>$([Net.WebUtility]::HtmlEncode("${name}: $($Users[$name])"))</p>"
            }
        }
    }
}
