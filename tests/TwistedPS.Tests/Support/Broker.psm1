# The brokers for the tests of clusters, and other processes that join one.
Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1, $PSScriptRoot/RealProgram.psm1

$script:Schemes = @{ NATS = 'nats'; Redis = 'redis' }
$script:TlsSchemes = @{ NATS = 'tls'; Redis = 'rediss' }
$script:Programs = @{ NATS = 'nats-server'; Redis = 'redis-server' }

function Get-BrokerKind {
    <# The kinds of brokers, for which all of a cluster is to be the same; by default those that are installed. #>
    param([switch] $All)
    foreach ($kind in 'NATS', 'Redis') {
        $program = Find-RealProgram $script:Programs[$kind]
        if ($program -or $All) {
            @{ Kind = $kind; Scheme = $script:Schemes[$kind]; Program = $program }
        }
    }
}

function Start-Broker {
    <# Starts a broker on a port of its own, or again on that of one that was stopped. It keeps values in a folder,
       has one user, and encrypts with the certificate in a folder. #>
    param(
        [string] $Kind = 'NATS',
        [int] $Port = (Get-UnusedPort),
        [string] $Store,
        [string] $User,
        [string] $Password,
        [string] $Tls,
        [string[]] $Options = @()
    )
    $words = $Kind -eq 'Redis' ? (Get-RedisOption $Port $Store $User $Password $Tls) : (Get-NatsOption $Port $Store $User $Password $Tls)
    $schemes = $Tls ? $script:TlsSchemes : $script:Schemes
    $process = Start-Program (Find-RealProgram $script:Programs[$Kind]) (@($words) + $Options)
    Wait-Until { Test-Listening $Port }
    [pscustomobject]@{ Kind = $Kind; Port = $Port; Url = "$($schemes[$Kind])://127.0.0.1:$Port"; Process = $process }
}

function Get-NatsOption ([int] $Port, [string] $Store, [string] $User, [string] $Password, [string] $Tls) {
    '--port', $Port, '--addr', '127.0.0.1'
    if ($Store) { '-js', '-sd', $Store }
    if ($User) { '--user', $User, '--pass', $Password }
    elseif ($Password) { '--auth', $Password }
    if ($Tls) { '--tls', '--tlscert', "$Tls/server.pem", '--tlskey', "$Tls/server.key" }
}

function Get-RedisOption ([int] $Port, [string] $Store, [string] $User, [string] $Password, [string] $Tls) {
    ($Tls ? ('--port', 0, '--tls-port', $Port) : ('--port', $Port)), '--bind', '127.0.0.1', '--save', '' | ForEach-Object { $_ }
    if ($Tls) {
        '--tls-cert-file', "$Tls/server.pem", '--tls-key-file', "$Tls/server.key"
        '--tls-ca-cert-file', "$Tls/ca.pem", '--tls-auth-clients', 'no'
    }
    if ($Store) { '--dir', (New-Item $Store -ItemType Directory -Force).FullName, '--appendonly', 'yes', '--appendfsync', 'always' }
    if ($User) { '--user', $User, 'on', ">$Password", '~*', '&*', '+@all', '--user', 'default', 'off' }
    elseif ($Password) { '--requirepass', $Password }
}

function Stop-Broker ($Broker) {
    <# Kills a broker. #>
    $Broker.Process.Kill()
    $Broker.Process.WaitForExit()
}

function Suspend-Broker ($Broker) {
    <# Freezes a broker, so that it says nothing more and keeps its connections. #>
    kill -STOP $Broker.Process.Id
}

function Resume-Broker ($Broker) {
    <# Lets a broker go on. #>
    kill -CONT $Broker.Process.Id
}

function Start-Node {
    <# Starts a process that joins a cluster and runs a script; what that outputs are its first lines. It ends with a line to it. #>
    param([string] $Url, [string] $Name, [string] $Script, [string] $Namespace)
    $module = (Get-Item $PSScriptRoot/../../../TwistedPS.psd1).FullName
    $prefix = $Namespace ? @('ip', 'netns', 'exec', $Namespace) : @()
    $words = Get-ShellCommand '-Command', "Import-Module '$module'; `$null = Join-ReactorCluster $Url -Name $Name; $Script; 'ready'; `$null = [Console]::ReadLine()"
    $node = Start-Child ($prefix + $words)
    $lines = for ($line = Read-ChildLine $node; $line -ne 'ready'; $line = Read-ChildLine $node) {
        if ($null -eq $line) { throw "The node has ended. It wrote: $($node.Errors.Result)" }
        $line
    }
    $node | Add-Member -NotePropertyName Lines -NotePropertyValue $lines -PassThru
}

function Stop-Node ($Node) {
    <# Kills a node. #>
    $Node.Kill()
    $Node.WaitForExit()
}

Export-ModuleMember -Function Get-BrokerKind, *-Broker, *-Node
