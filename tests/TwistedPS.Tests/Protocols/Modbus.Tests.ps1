BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $python = [bool](Find-PythonWith pymodbus.client -Package python3-pymodbus)
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $port = (Start-ExampleServer "$PSScriptRoot/../../../examples/protocols/modbus.ps1").Port
    function Send-Bytes ([byte[]] $Bytes) { Get-Hex (Invoke-Peer $port ([Text.Encoding]::Latin1.GetString($Bytes))) }
}

AfterAll { Stop-AllExample }

Describe 'The Modbus device' {
    AfterEach { Close-Peer }

    It 'keeps registers and coils for pymodbus' -Skip:(-not $python) {
        $told = Invoke-Program (Find-PythonWith pymodbus.client -Package python3-pymodbus) "$PSScriptRoot/../Support/modbus_client.py", $port
        $told -split '\r?\n' -ne '' | Should -BeExactly @(
            '[0, 1, 2, 65535, 0]', '[513]', '[0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]', '[1, 0, 0, 0, 0, 0, 0, 0]', '2 1'
        )
    }

    It 'answers <Name> byte for byte' -ForEach @(
        @{ Name = 'a written register'; Sent = 0, 7, 0, 0, 0, 6, 9, 6, 0, 20, 1, 2; Expected = '000700000006090600140102' }
        @{ Name = 'two requests at once'; Sent = 0, 1, 0, 0, 0, 6, 1, 3, 0, 90, 0, 1, 0, 2, 0, 0, 0, 6, 1, 1, 0, 90, 0, 1; Expected = '0001000000050103020000' + '00020000000401010100' }
        @{ Name = 'an unknown function'; Sent = 0, 3, 0, 0, 0, 2, 1, 43; Expected = '00030000000301AB01' }
        @{ Name = 'a request that is too short'; Sent = 0, 3, 0, 0, 0, 4, 1, 3, 0, 0; Expected = '000300000003018303' }
        @{ Name = 'none at all'; Sent = 0, 3, 0, 0, 0, 6, 1, 3, 0, 0, 0, 0; Expected = '000300000003018303' }
        @{ Name = 'a coil that is neither on nor off'; Sent = 0, 3, 0, 0, 0, 6, 1, 5, 0, 0, 0, 1; Expected = '000300000003018503' }
        @{ Name = 'a wrong number of bytes'; Sent = 0, 3, 0, 0, 0, 9, 1, 16, 0, 0, 0, 1, 3, 0, 1; Expected = '000300000003019003' }
        @{ Name = 'no Modbus'; Sent = 0, 3, 0, 1, 0, 2, 1, 3; Expected = '' }
        @{ Name = 'nothing behind the header'; Sent = 0, 3, 0, 0, 0, 1, 1; Expected = '' }
        @{ Name = 'more than a frame may have'; Sent = 0, 3, 0, 0, 1, 1, 1, 3; Expected = '' }
    ) {
        Send-Bytes $Sent | Should -BeExactly $Expected
    }
}
