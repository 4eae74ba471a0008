<#
.SYNOPSIS
    Handlers that call commands, for servers and for PowerShell's own loop, and what they need to be defined first.
#>
@{
    Initialization = {
        function Get-Reply ([string] $Line) {
            $Line.ToUpperInvariant()
        }
    }

    Function       = { Get-Reply $_ }

    Cmdlet         = { Get-Date -UnixTimeSeconds $_ -AsUTC -Format yyyy-MM-dd }

    Pipeline       = { ($_ -split ' ' | Where-Object { $_.Length -gt 4 }) -join ' ' }

    Json           = {
        $order = ConvertFrom-Json $_
        "$($order.name): $($order.price * $order.count)"
    }

    SendLine       = { Send-Line $Connection $_ }

    State          = {
        $Connection.State.Lines++
        $Connection.State.Last = $_
        $script:total++
        $Connection.State.Last
    }

    Match          = {
        if ($_ -match '^(\w+) is (\d+)$') {
            "$($Matches[2]) is $($Matches[1])"
        }
        else {
            'ERR'
        }
    }
}
