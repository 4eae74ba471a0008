using namespace System.Diagnostics
using namespace System.Net
using namespace System.Net.Sockets
using namespace System.Text

$script:Bytes = [Encoding]::Latin1
$script:Peers = [System.Collections.Generic.List[System.IDisposable]]::new()

# Text stands for bytes here, one character for each.
function Connect-Peer {
    param(
        [Parameter(Mandatory)] [int] $Port,
        [string] $Address = '127.0.0.1',
        [int] $ReceiveBufferSize
    )
    $ip = [IPAddress]::Parse($Address)
    $peer = [TcpClient]::new($ip.AddressFamily)
    $peer.NoDelay = $true
    $peer.ReceiveTimeout = 30000
    $peer.SendTimeout = 30000
    if ($ReceiveBufferSize) {
        $peer.ReceiveBufferSize = $ReceiveBufferSize
    }
    $script:Peers.Add($peer)
    $peer.Connect($ip, $Port)
    $peer
}

function Send-Peer {
    param([TcpClient] $Peer, [string] $Text, [switch] $End)
    $data = $script:Bytes.GetBytes($Text)
    $null = $Peer.Client.Send($data)
    if ($End) {
        $Peer.Client.Shutdown([SocketShutdown]::Send)
    }
}

function Receive-Peer {
    param([TcpClient] $Peer, [int] $Length, [string] $Until, [switch] $End)
    $text = [StringBuilder]::new()
    $buffer = [byte[]]::new(65536)
    while ($true) {
        if ($Length -and $text.Length -ge $Length) {
            break
        }
        if ($Until -and $text.Length -ge $Until.Length -and
            $text.ToString($text.Length - $Until.Length, $Until.Length) -ceq $Until) {
            break
        }
        $room = if ($Length) { [Math]::Min($buffer.Length, $Length - $text.Length) } elseif ($Until) { 1 } else { $buffer.Length }
        $count = $Peer.Client.Receive($buffer, 0, $room, [SocketFlags]::None)
        if ($count -eq 0) {
            if (-not $End) {
                throw "The stream ended after: $text"
            }
            break
        }
        $null = $text.Append($script:Bytes.GetString($buffer, 0, $count))
    }
    $text.ToString()
}

# As PowerShell compares texts, most control characters are nothing.
function Get-Hex {
    [OutputType([string])]
    param([Parameter(Mandatory, ValueFromPipeline)] [AllowEmptyString()] [string] $Text)
    process { [Convert]::ToHexString($script:Bytes.GetBytes($Text)) }
}

function Invoke-Peer {
    param([Parameter(Mandatory)] [int] $Port, [string] $Text, [string] $Address = '127.0.0.1')
    $peer = Connect-Peer $Port -Address $Address
    Send-Peer $peer $Text -End
    Receive-Peer $peer -End
}

function Reset-Peer {
    param([TcpClient] $Peer)
    $Peer.Client.LingerState = [LingerOption]::new($true, 0)
    $Peer.Client.Close()
}

function Close-Peer {
    foreach ($peer in $script:Peers) {
        if ($peer -is [powershell]) {
            $peer.Stop()
            $peer.Runspace.Dispose()
        }
        $peer.Dispose()
    }
    $script:Peers.Clear()
}

function Test-PortFree {
    param([int] $Port)
    $listener = [TcpListener]::new([IPAddress]::Loopback, $Port)
    try {
        $listener.Start()
        $true
    }
    catch [SocketException] {
        $false
    }
    finally {
        $listener.Stop()
    }
}

# Unlike a look at whether its port is free, this does not keep it from listening.
function Test-Listening {
    param([int] $Port, [string] $Address = '127.0.0.1')
    try {
        [TcpClient]::new($Address, $Port).Dispose()
        $true
    }
    catch [SocketException] {
        $false
    }
}

# Lower than those that the system gives by itself, so that it is not given to anybody meanwhile.
function Get-UnusedPort {
    do { $port = Get-Random -Minimum 10000 -Maximum 30000 } until (Test-PortFree $port)
    $port
}

# Connections to it neither succeed nor fail: its backlog is full and it accepts nothing.
function New-DeafListener {
    $listener = [Socket]::new([AddressFamily]::InterNetwork, [SocketType]::Stream, [ProtocolType]::Tcp)
    $script:Peers.Add($listener)
    $listener.Bind([IPEndPoint]::new([IPAddress]::Loopback, 0))
    $listener.Listen(0)
    $port = $listener.LocalEndPoint.Port
    do {
        $filler = [TcpClient]::new()
        $script:Peers.Add($filler)
        $connected = $filler.ConnectAsync([IPAddress]::Loopback, $port).Wait(300)
    } while ($connected)
    [pscustomobject]@{ Port = $port; Listener = $listener }
}

# It takes connections, which Close-Peer ends, and says nothing.
function New-MuteListener {
    param([int] $Port)
    $listener = [TcpListener]::new([IPAddress]::Loopback, $Port)
    $script:Peers.Add($listener)
    $listener.Start()
    $listener
}

# Accepts a connection to a listener and leaves it open until Close-Peer.
function Receive-Connection {
    param([Parameter(Mandatory)] [TcpListener] $Listener)
    $accepted = $Listener.AcceptTcpClientAsync()
    if (-not $accepted.Wait(30000)) {
        throw "Nobody has connected to $($Listener.LocalEndpoint)."
    }
    $script:Peers.Add($accepted.Result)
}

function Get-Failure {
    param([Parameter(Mandatory)] [scriptblock] $Script)
    try {
        $record = @(& $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })[0]
        $terminating = $false
    }
    catch {
        $record = $_
        $terminating = $true
    }
    [pscustomobject]@{
        Id            = "$($record.FullyQualifiedErrorId)".Split(',')[0]
        Category      = "$($record.CategoryInfo.Category)"
        Target        = $record.TargetObject
        Message       = "$record"
        IsTerminating = $terminating
    }
}

function Start-Pipeline {
    param([Parameter(Mandatory)] [scriptblock] $Script, [object[]] $ArgumentList = @())
    $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
    $state = [initialsessionstate]::CreateDefault2()
    $null = $state.ImportPSModule($module)
    $shell = [powershell]::Create($state)
    $null = $shell.AddScript($Script)
    $ArgumentList | ForEach-Object { $null = $shell.AddArgument($_) }
    $script:Peers.Add($shell)
    [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke() }
}

# Does what Ctrl+C does, and outputs the seconds until it has ended.
function Stop-Pipeline {
    param([Parameter(Mandatory)] [object] $Pipeline, [double] $Timeout = 30)
    $clock = [Stopwatch]::StartNew()
    $null = $Pipeline.Shell.BeginStop($null, $null)
    if (-not $Pipeline.Running.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Timeout))) {
        $null = $script:Peers.Remove($Pipeline.Shell)
        throw "The pipeline has not ended within $Timeout s of its stop."
    }
    $clock.Elapsed.TotalSeconds
}

# Does what Ctrl+C does just when a cmdlet has written progress, and outputs the seconds until it has ended. A busy machine
# may make any one stop late, so it is tried again until one is quick enough; the quickest counts.
function Measure-QuickStop {
    param([Parameter(Mandatory)] [scriptblock] $Script, [string] $Activity, [double] $Limit)
    $quickest = [double]::PositiveInfinity
    for ($try = 0; $try -lt 5 -and $quickest -ge $Limit; $try++) {
        $pipeline = Start-Pipeline $Script
        Wait-Until { $pipeline.Shell.Streams.Progress.Activity -like $Activity }
        $quickest = [Math]::Min($quickest, (Stop-Pipeline $pipeline))
        if ($pipeline.Shell.InvocationStateInfo.State -ne 'Stopped') {
            throw "The pipeline was not stopped: $($pipeline.Shell.InvocationStateInfo.State)"
        }
    }
    $quickest
}

# Ends its session.
function Close-Pipeline {
    param([Parameter(Mandatory)] [object] $Pipeline)
    $Pipeline.Shell.Runspace.Dispose()
}

function Test-Pipeline {
    param([Parameter(Mandatory)] [object] $Pipeline, [double] $Timeout = 30)
    $Pipeline.Running.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Timeout))
}

# Runs a script with inlining turned off: handlers that are started or replaced in it get a scope for each call.
function Use-Twin {
    param([Parameter(Mandatory)] [scriptblock] $Script)
    [AppContext]::SetSwitch('TwistedPS.NoInlining', $true)
    try {
        & $Script
    }
    finally {
        [AppContext]::SetSwitch('TwistedPS.NoInlining', $false)
    }
}

# What is said of a handler of lines, or of data, when it is started: "inlined", or why and where not.
function Get-Verdict {
    param([Parameter(Mandatory)] [string] $Text, [switch] $OfData)
    $handler = [scriptblock]::Create($Text)
    $said, $server = $OfData ? (Start-TcpServer 0 $handler -Verbose 4>&1) : (Start-LineServer 0 $handler -Verbose 4>&1)
    $server.Dispose()
    "$said" -replace '^On(Line|Data): '
}

# Ends whatever a test has started in the default reactor.
function Stop-Everything {
    Close-Peer
    Get-LineServer | Stop-LineServer -DrainTime 0
    Get-TcpServer | Stop-TcpServer -DrainTime 0
    Get-HttpServer | Stop-HttpServer -DrainTime 0
    Get-UdpServer | Stop-UdpServer -DrainTime 0
    Get-UdpClient | Disconnect-UdpClient -DrainTime 0
    Get-LineClient | Disconnect-LineClient -DrainTime 0
    Get-TcpClient | Disconnect-TcpClient -DrainTime 0
    Get-ReactorTimer | Stop-ReactorTimer
    Get-ReactorTopic | Unregister-ReactorTopic -DrainTime 0
    Exit-ReactorCluster
    Get-ReactorProcess | Stop-ReactorProcess -Force
}

function New-Gate {
    [System.Threading.ManualResetEventSlim]::new($false)
}

function New-Queue {
    , [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
}

function Receive-Soon {
    param([Parameter(ValueFromPipeline)] [object] $Deferred)
    process { Receive-Deferred $Deferred -Timeout 30 }
}

function Get-Completion {
    param([string] $Line)
    (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
}

Export-ModuleMember -Function *
