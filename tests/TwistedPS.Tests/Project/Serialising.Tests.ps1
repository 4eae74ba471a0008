BeforeDiscovery {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $ways = @(
        @{ Way = 'ConvertTo-Json'; Write = { $_ | ConvertTo-Json -WarningAction Ignore } }
        @{ Way = 'ConvertTo-Json -Depth 5'; Write = { ConvertTo-Json $_ -Depth 5 -Compress -WarningAction Ignore } }
        @{ Way = 'ConvertTo-Json of several'; Write = { $_, $_ | ConvertTo-Json -Depth 4 -WarningAction Ignore } }
        @{ Way = 'Export-Clixml'; Write = { [System.Management.Automation.PSSerializer]::Serialize($_, 2) } }
        @{ Way = 'Format-List *'; Write = { $_ | Format-List * | Out-String } }
        @{ Way = 'Select-Object *'; Write = { $_ | Select-Object * | Out-String } }
        @{ Way = 'ConvertTo-Csv'; Write = { $_ | ConvertTo-Csv } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1 -Force

    $assemblies = [TwistedPS.Reactor].Assembly, (Get-Command Start-LineServer).ImplementingType.Assembly
    $notGivenOut = [Exception], [Attribute], [System.Management.Automation.Cmdlet], [System.Management.Automation.IArgumentCompleter],
    [System.Management.Automation.IModuleAssemblyCleanup], [System.Management.Automation.IModuleAssemblyInitializer]
    $kinds = $assemblies.GetExportedTypes() | Where-Object {
        $type = $_
        $type.IsClass -and -not $type.IsAbstract -and -not $type.IsGenericType -and -not $notGivenOut.Where{ $_.IsAssignableFrom($type) }
    }
    $ignored = [AppDomain]::CurrentDomain.GetAssemblies().GetTypes().Where({ $_.FullName -eq 'Newtonsoft.Json.JsonIgnoreAttribute' }, 'First')[0]

    # The kinds that JSON of an object of this kind would show within it.
    function Get-Shown ([type] $Type) {
        $Type.GetProperties('Public, Instance') | Where-Object { -not $_.IsDefined($ignored, $true) -and -not $_.GetIndexParameters() } | ForEach-Object {
            $shown = $_.PropertyType.IsArray ? $_.PropertyType.GetElementType() : $_.PropertyType
            if ($shown.Assembly -in $assemblies) {
                $kinds.Where{ $shown.IsAssignableFrom($_) }
            }
        }
    }

    function Find-Cycle ([type] $Type, [type[]] $Path = @()) {
        if ($Type -in $Path) {
            "$($Path + $Type)"
        }
        elseif ($Path.Count -lt 6) {
            Get-Shown $Type | Select-Object -Unique | ForEach-Object { Find-Cycle $_ ($Path + $Type) }
        }
    }

    function Receive-EventArgs ([object] $Source, [string] $Name, [scriptblock] $Cause) {
        $null = Register-ObjectEvent $Source $Name -SourceIdentifier $Name
        & $Cause | Out-Null
        $raised = Wait-Event $Name -Timeout 30
        Unregister-Event $Name
        Remove-Event $Name
        $raised.SourceEventArgs
    }

    $s = Start-LineServer 0 { $null = $Server.Groups['x'].Add($Connection); if ($_ -eq 'bad') { throw 'it' }; $_ }
    $c = Connect-LineClient 127.0.0.1 $s.Port
    $lost = Connect-LineClient 127.0.0.1 $s.Port
    $t = Start-TcpServer 0 { $_ }
    $tc = Connect-TcpClient 127.0.0.1 $t.Port
    $w = Start-HttpServer 0 { $Server.State.Request = $_; $Server.State.Response = $Response; 'page' }
    $u = Start-UdpServer 0 { $_ }
    $uc = Connect-UdpClient 127.0.0.1 $u.Port
    Send-Datagram $uc 'a'
    $datagram = Receive-Datagram $uc -Timeout 30
    $cars = Start-LineServer 0 -OnConnect { '97264836:peugeot:red'; $Connection.Close() }
    $certificate = New-ReactorCertificate
    $secret = Start-LineServer 0 { $_ } -Certificate $certificate
    $encrypted = (Connect-LineClient localhost $secret.Port -TrustedCertificate $certificate).Connection
    # One of its own, since it shows all that is on it.
    $reactor = New-Reactor
    $null = Start-LineServer 0 { $_ } -Reactor $reactor
    $null = Send-Line $c 'a' -Receive -Timeout 30
    Send-Line $lost 'bad'
    $null = Wait-LineClient $lost -Timeout 30
    $null = Invoke-RestMethod "http://127.0.0.1:$($w.Port)/a?b=c"
    $failed = Start-Deferred { [IO.File]::OpenRead('/not/there') } | Wait-Deferred -Timeout 60
    $null = $failed | Receive-Deferred -ErrorAction Ignore
    $given = $s.Connections[0]
    foreach ($table in $s.State, $given.State) {
        $table[$given], $table[1], $table.Name = 1, 2, 'x'
    }
    $objects = @(
        $s, $c, $lost, $given, $s.Groups['x'], $s.Groups, $s.Errors[0], $s.Log[0], $s.LocalAddress, $reactor, $s.State
        $u, $uc, $datagram, $datagram.Peer
        $t, $tc, $tc.Connection, $w, $w.State.Request, $w.State.Response, $failed, (New-Deferred)
        $encrypted, $encrypted.Tls
        New-HttpTestConnection { 'page' } | Invoke-HttpTestRequest
        Test-LineHandler { $_ } -Line 'a' | Select-Object -First 1
        Start-ReactorTimer -Every 60 { }
        (Register-ReactorTopic orders.new { } | Tee-Object -Variable topic), (Get-ReactorCluster)
        [TwistedPS.ClusterNode]::new('web1', @([TwistedPS.ClusterServer]::new('LineServer', 'Chat', 1))), [TwistedPS.ClusterServer]::new('LineServer', 'Chat', 1)
        Start-ReactorProcess ([Environment]::ProcessPath) '-NoSuchParameter' | Tee-Object -Variable process
        (New-Reactor -Foreground -FakeClock | Tee-Object -Variable fake), $fake.TimeProvider
        "127.0.0.1:$($cars.Port)" | Get-RemoteCars -Timeout 30
        (Measure-Reactor $s -Duration 1ms), [TwistedPS.HandlerRate]::new('OnLine', 1, [timespan]::Zero, [timespan]::Zero, [timespan]::Zero, 0.5)
        [TwistedPS.LineDelimiter]::CRLF, [TwistedPS.DataFraming]::Netstring, [TwistedPS.ProcessSignal]::Hangup, [TwistedPS.PeerCredential]::new(1, 2, 3)
        Receive-EventArgs $s LineReceived { Send-Line $c 'a' -Receive -Timeout 30 }
        Receive-EventArgs $t DataReceived { Send-TcpData $tc 'a' }
        Receive-EventArgs $u DatagramReceived { Send-Datagram $uc 'a' }
        Receive-EventArgs $s Connected { Connect-LineClient 127.0.0.1 $s.Port }
    )
}

AfterAll {
    $fake, $reactor | Stop-Reactor
    Get-ReactorTimer | Stop-ReactorTimer -DrainTime 0
    $topic | Unregister-ReactorTopic -DrainTime 0
    $process | Stop-ReactorProcess -Force
    Get-HttpServer | Stop-HttpServer -DrainTime 0
    Get-UdpServer | Stop-UdpServer -DrainTime 0
    Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    Get-LineServer | Stop-LineServer -DrainTime 0
    Get-TcpServer | Stop-TcpServer -DrainTime 0
    Get-LineClient | Disconnect-LineClient -DrainTime 0
    Get-TcpClient | Disconnect-TcpClient -DrainTime 0
}

Describe 'Every kind of object' {
    It 'is among those that are written out here' {
        $missing = $kinds | Where-Object { $_ -notin $(foreach ($object in $objects) { $object.GetType() }) }
        $missing.Name | Should -BeNullOrEmpty
    }

    It 'is written out by <Way>, in less than a page of internals' -ForEach $ways {
        foreach ($object in $objects) {
            $length = (ForEach-Object -InputObject $object -Process $Write -ErrorAction Stop | Out-String).Length
            $length | Should -BeGreaterThan 1 -Because "it is of a $($object.GetType().Name)"
            $length | Should -BeLessThan 50000 -Because "it is of a $($object.GetType().Name)"
        }
    }

    It 'has one property of a name' {
        $kinds | ForEach-Object {
            $type = $_
            $type.GetProperties('Public, Instance') | Group-Object Name | Where-Object Count -GT 1 | ForEach-Object { "$type.$($_.Name)" }
        } | Should -BeNullOrEmpty
    }

    It 'leads by none of its properties back to itself, nor to an exception' {
        $kinds | ForEach-Object { Find-Cycle $_ } | Should -BeNullOrEmpty
        $internals = [Exception], [Delegate], [System.Threading.Tasks.Task], [type]
        $kinds | ForEach-Object { $_.GetProperties('Public, Instance') } | ForEach-Object {
            $property = $_
            $internals.Where{ $_.IsAssignableFrom($property.PropertyType) }.ForEach{ "$($property.DeclaringType).$($property.Name)" }
        } | Should -BeNullOrEmpty
    }
}

Describe 'An exception that is left out' {
    It 'is there for a script that asks: <Name>' -ForEach @(
        @{ Name = 'of an error'; Ask = { $s.Errors[0].Exception } }
        @{ Name = 'of a deferred'; Ask = { $failed.Error } }
        @{ Name = 'of a connection'; Ask = { ($s.Log.Message -match 'HandlerError').Count | Should -BeGreaterThan 0; $s.Errors[0].Connection.CloseError } }
        @{ Name = 'by name'; Ask = { ($failed | Select-Object Error).Error } }
        @{ Name = 'in a handler'; Ask = { Invoke-Reactor -Server $s { $Server.Errors[0].Exception } } }
        @{ Name = 'in work beside the reactor'; Ask = { Start-Deferred { param($failed) $failed.Error } -ArgumentList $failed | Receive-Deferred -Wait -Timeout 60 } }
    ) {
        & $Ask | Should -BeOfType ([Exception])
    }
}

Describe 'A table of state' {
    It 'keeps its keys for scripts, and has texts for keys in JSON' {
        $s.State[$given], $s.State[1], $s.State.Name | Should -Be 1, 2, 'x'
        $s.State | Should -BeOfType ([hashtable])
        ($s.State | ConvertTo-Json | ConvertFrom-Json -AsHashtable).Keys | Sort-Object | Should -Be ("$given", '1', 'Name' | Sort-Object)
        $s.State.GetEnumerator() | Where-Object Value -EQ 1 | ForEach-Object Key | Should -Be $given
    }
}
