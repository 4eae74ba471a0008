BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force

    # All parameters of a type, each with its command.
    function Find-Parameter ([type] $Type, [string[]] $Name = '*') {
        foreach ($command in Get-Command -Module TwistedPS) {
            $command.Parameters.Values | Where-Object { ([Nullable]::GetUnderlyingType($_.ParameterType) ?? $_.ParameterType) -eq $Type } |
                Where-Object { $parameter = $_; $Name | Where-Object { $parameter.Name -like $_ } } |
                ForEach-Object { [pscustomobject]@{ Command = $command.Name; Name = $_.Name; Aliases = $_.Aliases } }
        }
    }
}

Describe 'A time that is none' {
    It 'is named, with what one is, by every cmdlet' {
        $times = Find-Parameter ([timespan])
        $times.Count | Should -BeGreaterThan 40
        foreach ($time in $times) {
            $bad = @{ $time.Name = 'abc' }
            $failure = Get-Failure { & $time.Command @bad }
            $failure.Message | Should -BeLike "*'$($time.Name)'*'abc' is not a time*'500ms'*" -Because "it is of $($time.Command)"
            $failure.Id | Should -Be ParameterArgumentTransformationError
        }
    }
}

# PowerShell would round it, and so mean another number.
Describe 'A whole number that is none' {
    It 'is named by every cmdlet to which a neighbour means something else' {
        $numbers = @(Find-Parameter ([int[]]) Id) + @(Find-Parameter ([long]))
        $numbers.Count | Should -BeGreaterThan 10
        foreach ($cmdlet in $numbers) {
            foreach ($number in 1.5, '1.5', [decimal] 2.5, 1e19, '', 'x', [double]::NaN) {
                $bad = @{ $cmdlet.Name = $number }
                $failure = Get-Failure { & $cmdlet.Command @bad }
                $failure.Message | Should -BeLike "*'$($cmdlet.Name)'*'$number' is not a whole number*" -Because "it is of $($cmdlet.Command)"
                $failure.Id | Should -Be ParameterArgumentTransformationError
            }
        }
    }

    It 'is not <_>' -ForEach 5, -1, '5', ' -1 ', 2.0, 1kb, ([long]::MaxValue), "$([long]::MinValue)", ([byte] 3) {
        $attribute = (Get-Command Set-ReactorValue).Parameters.Increment.Attributes.Where{ $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }[0]
        $attribute.Transform($null, $_) | Should -Be ([long] $_)
    }

    It 'is the number of nobody, but may be a name' {
        $r = New-Reactor
        $rounded = 1..2 | ForEach-Object { Register-ReactorTopic "it.$_" { } -Reactor $r } | Where-Object { $_.Id % 2 -eq 0 }
        $named = Register-ReactorTopic it { } -Name "$($rounded.Id - 0.5)" -Reactor $r
        (Get-Failure { Unregister-ReactorTopic ($rounded.Id + 0.5) }).Id | Should -Be ReactorTopicNotFound
        Unregister-ReactorTopic $named.Name
        $rounded.Status, $named.Status | Should -Be Running, Stopped
        Stop-Reactor $r
    }

    It 'is the number of no client to send to' {
        $s = Start-LineServer 0 { $_ }
        $clients = 1..2 | ForEach-Object { Connect-LineClient 127.0.0.1 $s.Port }
        $rounded = $clients.Where{ $_.Id % 2 -eq 0 }
        (Get-Failure { Send-Line -Connection "$($rounded.Id + 0.5)" 'a' }).Id | Should -Be LineClientNotFound
        $clients.LinesOut | Should -Be 0, 0
        $clients | Disconnect-LineClient
        Stop-LineServer $s
    }
}

Describe 'A port that is none' {
    It 'is named, with what one is, by every cmdlet' {
        foreach ($cmdlet in Find-Parameter ([int]) Port) {
            foreach ($port in 99999, -1, 'http', 80.5, 'x') {
                $failure = Get-Failure { & $cmdlet.Command -Port $port }
                $failure.Message | Should -BeLike "*'Port'*'$port' is not a port*Give a number from 1 to 65535*" -Because "it is of $($cmdlet.Command)"
                $failure.Id | Should -Be ParameterArgumentTransformationError
            }
        }
    }

    It 'is named where it is a place: <Name>' -ForEach @(
        @{ Name = 'to listen'; Call = { Start-LineServer 99999 { $_ } }; Message = "'99999' is no place to listen: the port '99999' is no number from 0 to 65535. Give a port*" }
        @{ Name = 'to listen, by a name'; Call = { Start-LineServer http { $_ } }; Message = "'http' is no place to listen: it has no port (http is 80). *" }
        @{ Name = 'to connect to'; Call = { Connect-LineClient localhost:http }; Message = "'localhost:http' is no place to connect to: the port 'http' is no number from 1 to 65535 (http is 80). *" }
        @{ Name = 'to connect to, by position'; Call = { Connect-LineClient localhost redis }; Message = "*'Port'*'redis' is not a port (redis is 6379). Give a number from 1 to 65535." }
        @{ Name = 'to connect to, too large'; Call = { Connect-LineClient localhost 99999 }; Message = "*'Port'*'99999' is not a port. Give a number from 1 to 65535." }
        @{ Name = 'to ask for cars'; Call = { Get-RemoteCars a:99999 }; Message = "'a:99999' is not an address.*ports go from 1 to 65535." }
    ) {
        (Get-Failure $Call).Message | Should -BeLike $Message
    }

    It 'is not <Port>' -ForEach @(
        @{ Port = 65535 }
        @{ Port = '1234' }
        @{ Port = ' 1234 ' }
        @{ Port = 1234.0 }
        @{ Port = [long] 1234 }
    ) {
        $attribute = (Get-Command Connect-LineClient).Parameters.Port.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] -and $_.GetType().Name -like 'Port*' }
        $attribute.Transform($null, $Port) | Should -Be ([int] "$Port".Trim())
    }
}

Describe 'A limit of time' {
    It 'is spelled as PowerShell spells it, too, in every cmdlet' {
        $limits = Find-Parameter ([timespan]) Timeout, ConnectTimeout
        $limits.Count | Should -BeGreaterThan 15
        foreach ($limit in $limits) {
            $limit.Aliases | Should -Be ($limit.Name -eq 'Timeout' ? @('TimeoutSec', 'TimeoutSeconds') : @('ConnectionTimeoutSeconds')) -Because "it is of $($limit.Command)"
        }
    }

    It 'holds by either name' {
        $d = New-Deferred
        foreach ($name in 'Timeout', 'TimeoutSec', 'TimeoutSeconds') {
            $limit = @{ $name = '10ms' }
            (Get-Failure { Receive-Deferred $d @limit }).Id | Should -Be ReceiveTimeout
        }
        Stop-Deferred $d
    }
}
