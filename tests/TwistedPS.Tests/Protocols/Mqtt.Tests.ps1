BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $mosquitto = [bool](Find-RealProgram mosquitto_sub -Package mosquitto-clients)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/mqtt.ps1").Port

    # Starts it, and waits until it has subscribed. It ends after a number of messages, or 30 s. Each line is to be there at once.
    function Start-Subscriber ([int] $Count, [string[]] $Filters) {
        $words = '-oL', 'mosquitto_sub', '-d', '-W', 30, '-h', '127.0.0.1', '-p', $port, '-C', $Count, '-F', '> %t %x' + ($Filters | ForEach-Object { '-t', $_ })
        $process = Start-Program stdbuf $words
        do { $line = Read-ChildLine $process } until ($line -match '^Subscribed|^$')
        $process
    }

    function Get-Received ($Process) {
        $lines = (Read-ChildRest $Process) -split '\n' -like '> *' -replace '^> '
        $null = Wait-ChildShell $Process
        $lines
    }

    function Send-Message ([string] $Topic, [string] $Text, [string[]] $Options = @()) {
        $null = Invoke-Program mosquitto_pub (@('-h', '127.0.0.1', '-p', $port, '-t', $Topic, ($Text ? '-s' : '-n')) + $Options) $Text
    }

    # A packet of up to 127 bytes: texts come after their length, everything else is bytes.
    function New-Packet ([byte] $Head, [object[]] $Parts = @()) {
        $body = foreach ($part in $Parts) {
            if ($part -isnot [string]) { $part; continue }
            $bytes = [Text.Encoding]::UTF8.GetBytes($part)
            0; $bytes.Count; $bytes
        }
        , [byte[]] (@($Head; @($body).Count) + $body)
    }

    # What is answered to them, up to the end, in hexadecimal digits.
    function Send-Packet ([byte[][]] $Packets) {
        $text = -join ($Packets | ForEach-Object { [Text.Encoding]::Latin1.GetString($_) })
        [Convert]::ToHexString([Text.Encoding]::Latin1.GetBytes((Invoke-Peer $port $text)))
    }

    $connect = New-Packet 0x10 'MQTT', 4, 2, 0, 60, 'me'
    $ping = New-Packet 0xC0
}

AfterAll { Stop-AllExample }

Describe 'The MQTT broker' {
    AfterEach { Close-Peer }

    It 'passes on to mosquitto_sub what mosquitto_pub publishes' -Skip:(-not $mosquitto) {
        $one = Start-Subscriber 3 'a/+/c', '$SYS/#'
        $all = Start-Subscriber 5 '#'
        $level = Start-Subscriber 2 'a/b/#'
        Send-Message 'a/b/c' "x`ny`0"
        Send-Message 'a/b' 'ü'
        Send-Message '$SYS/b' 'system'
        Send-Message 'a/é/c' '' '-q', '1'
        Send-Message 'other' 'last' '-q', '1', '-r'
        Send-Message 'a/b/c/d' 'deep'
        Get-Received $one | Should -BeExactly 'a/b/c 780a7900', '$SYS/b 73797374656d', 'a/é/c '
        Get-Received $all | Should -BeExactly 'a/b/c 780a7900', 'a/b c3bc', 'a/é/c ', 'other 6c617374', 'a/b/c/d 64656570'
        Get-Received $level | Should -BeExactly 'a/b/c 780a7900', 'a/b c3bc'
    }

    It 'passes on a message whose length takes <Bytes> bytes' -Skip:(-not $mosquitto) -ForEach @{ Bytes = 2; Length = 124 }, @{ Bytes = 3; Length = 50000 } {
        $subscriber = Start-Subscriber 1 'long'
        Send-Message 'long' ('x' * $Length) '-q', '1'
        Get-Received $subscriber | Should -BeExactly "long $('78' * $Length)"
    }

    It 'answers packets, and passes on what is published to those who subscribe' {
        Send-Packet $connect, $ping | Should -BeExactly 20020000D000
        Send-Packet $connect, (New-Packet 0x82 0, 7, 'a', 1, 'b/+/#', 2), (New-Packet 0x32 'a', 1, 2, 104, 105), (New-Packet 0x30 'b'), (New-Packet 0x30 'b/x'), $ping |
            Should -BeExactly 20020000900400070000400201023005000161686930050003622F78D000
        Send-Packet $connect, (New-Packet 0x82 0, 1, '#', 0), (New-Packet 0xA2 0, 2, '#', 'none'), (New-Packet 0x30 'a'), $ping |
            Should -BeExactly 200200009003000100B0020002D000
    }

    It 'refuses filters that are malformed' {
        $filters = '+a', 'a+/b', '#/a', 'a#', '', '/', '/+', 'a//#'
        Send-Packet $connect, (New-Packet 0x82 (@(0, 1) + ($filters | ForEach-Object { $_, 0 }))) | Should -BeExactly 20020000900A00018080808080000000
    }

    It 'ends a connection after <Name>' -ForEach @(
        @{ Name = 'an older version'; Packets = { New-Packet 0x10 'MQTT', 3, 2, 0, 60, 'me' }; Answer = '20020001' }
        @{ Name = 'another protocol'; Packets = { New-Packet 0x10 'HTTP', 4, 2, 0, 60, 'me' }; Answer = '20020001' }
        @{ Name = 'a packet before CONNECT'; Packets = { $ping }; Answer = '' }
        @{ Name = 'a second CONNECT'; Packets = { $connect; $connect }; Answer = '20020000' }
        @{ Name = 'QoS 2'; Packets = { $connect; New-Packet 0x34 'a', 0, 1 }; Answer = '20020000' }
        @{ Name = 'a topic with a wildcard'; Packets = { $connect; New-Packet 0x30 'a/#' }; Answer = '20020000' }
        @{ Name = 'an unknown packet'; Packets = { $connect; New-Packet 0xF0 }; Answer = '20020000' }
        @{ Name = 'a text that is longer than its packet'; Packets = { $connect; New-Packet 0x30 0, 9, 65 }; Answer = '20020000' }
        @{ Name = 'no number for QoS 1'; Packets = { $connect; New-Packet 0x32 'a' }; Answer = '20020000' }
        @{ Name = 'a length that does not end'; Packets = { $connect; , [byte[]] (0xC0, 128, 128, 128, 128, 128, 1) }; Answer = '20020000' }
    ) {
        Send-Packet (@(& $Packets) + , $ping) | Should -BeExactly $Answer
        Send-Packet $connect | Should -BeExactly 20020000
    }
}
