# A network of this machine alone, whose links can be cut so that what is sent vanishes, without a word to either side.
Import-Module $PSScriptRoot/ChildShell.psm1, $PSScriptRoot/Helpers.psm1, $PSScriptRoot/RealProgram.psm1

function New-Network {
    <# Three places, each linked with the other two: this process, a node and a broker, the last two in namespaces of the kernel. #>
    $words = @{ Node = "twistedps-node-$PID"; Broker = "twistedps-broker-$PID"; Prefix = "198.18.$($PID % 256)" }
    $network = [pscustomobject]$words
    $network.Node, $network.Broker | ForEach-Object {
        Invoke-Ip "netns add $_"
        Invoke-Ip "-n $_ link set lo up"
    }
    Add-Link $network here 1 '' $network.Broker
    Add-Link $network there 5 $network.Node $network.Broker
    Add-Link $network side 9 '' $network.Node
    $network
}

function Remove-Network ([object] $Network) {
    <# Removes it, with all of its links. #>
    $Network.Node, $Network.Broker | ForEach-Object { Invoke-Ip "netns delete $_" }
}

function Set-Link ([object] $Network, [string] $Link, [string] $State) {
    <# Cuts the link of a place with the broker, or brings it back, at the broker's end: the other end has no error. #>
    Invoke-Ip "-n $($Network.Broker) link set $Link-$PID-b $State"
}

function Start-NetworkBroker ([object] $Network) {
    <# Starts a broker in its namespace; kill it before the network is removed. #>
    $process = Start-Program ip ('netns', 'exec', $Network.Broker, (Find-RealProgram nats-server), '--addr', '0.0.0.0', '--port', '4222')
    Wait-Until { Test-Listening 4222 "$($Network.Prefix).2" }
    $process
}

# Names of links are at most 15 characters long. The namespace of this process is an empty name.
function Add-Link ([object] $Network, [string] $Link, [int] $Number, [string] $First, [string] $Second) {
    $a, $b = "$Link-$PID-a", "$Link-$PID-b"
    Invoke-Ip "link add $a type veth peer name $b netns $Second"
    if ($First) {
        Invoke-Ip "link set $a netns $First"
    }
    $first = $First ? "-n $First" : ''
    Invoke-Ip "$first address add $($Network.Prefix).$Number/30 dev $a"
    Invoke-Ip "$first link set $a up"
    Invoke-Ip "-n $Second address add $($Network.Prefix).$($Number + 1)/30 dev $b"
    Invoke-Ip "-n $Second link set $b up"
}

function Invoke-Ip ([string] $Words) {
    $null = Invoke-Program ip (-split $Words)
}

Export-ModuleMember -Function *-Network, Set-Link, Start-NetworkBroker
