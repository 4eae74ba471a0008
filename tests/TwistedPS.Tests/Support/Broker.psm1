# A nats-server for the tests of clusters, and other processes that join one.
Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1, $PSScriptRoot/RealProgram.psm1

function Start-Broker {
    <# Starts a broker on a port of its own, or again on that of one that was stopped. #>
    param([int] $Port = (Get-UnusedPort), [string[]] $Options = @())
    $process = Start-Program (Find-RealProgram nats-server) (@('--port', $Port, '--addr', '127.0.0.1') + $Options)
    Wait-Until { Test-Listening $Port }
    [pscustomobject]@{ Port = $Port; Url = "nats://127.0.0.1:$Port"; Process = $process }
}

function Stop-Broker ($Broker) {
    <# Kills a broker. #>
    $Broker.Process.Kill()
    $Broker.Process.WaitForExit()
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

Export-ModuleMember -Function *-Broker, *-Node
