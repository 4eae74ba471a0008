BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $isLive = { param($Type) $Type.Name -eq 'Alive`1' -or $Type.GetElementType().Name -eq 'Alive`1' }

    # A set of parameters that needs nothing that would have to be alive as well.
    $findSet = {
        param($Command, $Parameter)
        $Command.ParameterSets | Where-Object { $Parameter -in $_.Parameters.Name } | Where-Object {
            -not $_.Parameters.Where{ $_.IsMandatory -and $_.Name -ne $Parameter -and ((& $isLive $_.ParameterType) -or $_.ParameterType -eq [System.Threading.Tasks.Task]) }
        } | Select-Object -First 1
    }

    # Whatever else a cmdlet needs before it looks for what it is to act on.
    $fill = {
        param($Set, $Except)
        $filled = @{}
        foreach ($parameter in $Set.Parameters | Where-Object Name -NE $Except) {
            if ($parameter.ParameterType -eq [scriptblock]) {
                $filled[$parameter.Name] = { }
            }
            elseif ($parameter.Name -in 'Endpoint', 'ComputerName') {
                $filled[$parameter.Name] = '127.0.0.1:1'
            }
            elseif ($parameter.IsMandatory) {
                $filled[$parameter.Name] = $parameter.ParameterType -eq [string] ? [Environment]::ProcessPath : 1
            }
        }
        $filled
    }
    $cases = foreach ($command in Get-Command -Module TwistedPS) {
        foreach ($parameter in $command.Parameters.Values | Where-Object { & $isLive $_.ParameterType }) {
            $type = ($parameter.ParameterType.GetElementType() ?? $parameter.ParameterType).GenericTypeArguments[0]
            $shown = [Attribute]::GetCustomAttribute($type, [System.ComponentModel.DisplayNameAttribute]).DisplayName
            @{
                Command   = $command.Name
                Parameter = $parameter.Name
                Noun      = $type.Name -eq 'Connection' ? 'ReactorConnection' : $shown ?? $type.Name
                Others    = & $fill (& $findSet $command $parameter.Name) $parameter.Name
            }
        }
    }
    $cases += @(
        @{ Command = 'Send-Line'; Parameter = 'Connection'; Noun = 'LineClient'; Others = @{ Line = 'a' } }
        @{ Command = 'Send-Line'; Parameter = 'Connection'; Noun = 'LineClient'; Others = @{ Line = 'a'; Receive = $true } }
        @{ Command = 'Send-TcpData'; Parameter = 'Connection'; Noun = 'TcpClient'; Others = @{ Data = 'a'; EndSending = $true } }
    )
    $cases += Get-Command -Module TwistedPS -Verb Get -ParameterName Name | ForEach-Object {
        @{ Command = $_.Name; Parameter = 'Name'; Noun = $_.Noun; Others = @{} }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force
}

Describe 'A name that nothing has' {
    It 'is an error of <Command>, as its -<Parameter>' -ForEach $cases {
        $arguments = $Others + @{ $Parameter = 'nosuch' }
        $output = @(& $Command @arguments -ErrorAction SilentlyContinue -ErrorVariable written 3>$null)
        $output | Should -BeNullOrEmpty
        $written | Should -HaveCount 1
        $written[0].FullyQualifiedErrorId | Should -BeLike "${Noun}NotFound,*"
        $written[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $written[0].TargetObject | Should -BeExactly nosuch
        $written[0].InvocationInfo.MyCommand.Name | Should -BeExactly $Command
        "$($written[0])" | Should -Match "There is no $Noun 'nosuch' in this session\. \S.+\.$"
        $Error.Clear()
        & $Command @arguments -ErrorAction Ignore *>&1 | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
        { & $Command @arguments -ErrorAction Stop } | Should -Throw -ErrorId "${Noun}NotFound,*"
    }

    It 'is no argument that binding refuses, for any parameter that takes something alive' {
        $alive = [TwistedPS.Service], [TwistedPS.Connection], [TwistedPS.Reactor], [TwistedPS.Deferred]
        $bound = foreach ($command in Get-Command -Module TwistedPS) {
            foreach ($parameter in $command.Parameters.Values) {
                $type = $parameter.ParameterType.IsArray ? $parameter.ParameterType.GetElementType() : $parameter.ParameterType
                if ($alive.Where{ $_.IsAssignableFrom($type) }) {
                    "$($command.Name) -$($parameter.Name)"
                }
            }
        }
        # These take objects alone: what is to be left out, or gathered.
        $bound | Should -BeExactly 'Send-Line -Except', 'Send-TcpData -Except'
    }

    It 'is not shown in the syntax, which shows the type of the object' {
        $syntax = (Get-Command -Module TwistedPS -Syntax) -join "`n"
        $syntax | Should -Not -MatchExactly '<Alive'
        $syntax | Should -BeLike '*`[-Server`] <LineServer`[`]>*'
        $syntax | Should -BeLike '*`[-Reactor <Reactor>`]*'
    }
}

Describe 'Several names of which one is wrong' {
    AfterEach {
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient -DrainTime 0
        Get-ReactorTimer | Stop-ReactorTimer -DrainTime 0
    }

    BeforeEach {
        $s = Start-LineServer 0 { $_ } -Name known
        $c = Connect-LineClient 127.0.0.1 $s.Port -Name known
        Wait-Until { $s.ConnectionCount -eq 1 }
    }

    It 'leave the others to be done: <Name>' -ForEach @(
        @{ Name = 'Stop-LineServer'; Id = 'LineServer'; Do = { Stop-LineServer nobody, known, $s }; Done = { $s.Status -eq 'Stopped' } }
        @{ Name = 'Stop-LineServer, piped'; Id = 'LineServer'; Do = { 'nobody', 'known' | Stop-LineServer }; Done = { $s.Status -eq 'Stopped' } }
        @{ Name = 'Stop-LineServer, piped an object of another kind'; Id = 'LineServer'; Do = { $c, $s | Stop-LineServer }; Done = { $s.Status -eq 'Stopped' } }
        @{ Name = 'Set-LineServer'; Id = 'LineServer'; Do = { Set-LineServer 987654, $s.Id { 'new' } }; Done = { (Send-Line $c a -Receive -Timeout 30) -eq 'new' } }
        @{ Name = 'Send-Line'; Id = 'LineServer'; Do = { Send-Line -Server nobody, known 'a' }; Done = { (Receive-Line $c -Timeout 30) -eq 'a' } }
        @{ Name = 'Receive-Line'; Id = 'LineClient'; Do = { Send-Line $c a; Receive-Line nobody, known -Timeout 30 }; Done = { $c.LinesIn -eq 1 } }
        @{ Name = 'Disconnect-LineClient'; Id = 'LineClient'; Do = { Disconnect-LineClient nobody, known }; Done = { $c.Status -eq 'Disconnected' } }
        @{ Name = 'Disconnect-ReactorConnection'; Id = 'ReactorConnection'; Do = { Disconnect-ReactorConnection 987654, $s.Connections[0].Id }; Done = { $null = Wait-LineClient $c -Timeout 30; $c.Status -eq 'Disconnected' } }
        @{ Name = 'Write-ReactorLog'; Id = 'Service'; Do = { 'one', 'two' | Write-ReactorLog -Service nobody, $s }; Done = { ($s.Log[-2, -1].Message -join ' ') -eq 'one two' } }
        @{ Name = 'Stop-Reactor'; Id = 'Reactor'; Do = { $script:r = New-Reactor; Stop-Reactor 987654, $r.Id }; Done = { $r.IsStopped } }
        @{ Name = 'Wait-Deferred'; Id = 'Deferred'; Do = { $script:d = Start-Deferred { 1 }; 987654, $d | Wait-Deferred }; Done = { $d.Status -eq 'Succeeded' } }
    ) {
        $null = . $Do 2>&1 | Tee-Object -Variable all
        $failures = @($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "${Id}NotFound,*"
        & $Done | Should -BeTrue
    }

    It 'are no name for a parameter that takes one' {
        $null = Start-LineServer 0 { } -Name knowing
        $failure = Get-Failure { Invoke-Reactor { 1 } -Server know* }
        $failure.Id | Should -Be ServerAmbiguous
        $failure.IsTerminating | Should -BeFalse
        $failure.Message | Should -BeLike '*know`**known, knowing*'
        Invoke-Reactor { $Server.Name } -Server knowi* | Should -BeExactly knowing
    }
}

Describe 'An object where another parameter has the same position' {
    It 'is taken for what it is' {
        $s = Start-LineServer 0 { $_ }
        $c = Connect-LineClient 127.0.0.1 $s.Port
        try {
            $entering = Start-Pipeline { param($client) Enter-LineClient $client } $c
            Test-Pipeline $entering | Should -BeTrue
            $entering.Shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            Close-Peer
            $c | Disconnect-LineClient
            $s | Stop-LineServer
        }
    }
}
