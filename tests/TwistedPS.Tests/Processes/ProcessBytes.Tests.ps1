BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/ReactorKinds.psm1 -Force
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/ReactorKinds.psm1 -Force

    function New-RandomBytes ([int] $Length) {
        $bytes = [byte[]]::new($Length)
        [Random]::new($Length).NextBytes($bytes)
        , $bytes
    }

    function Expand-Bytes ([byte[]] $Zipped) {
        $stream = [IO.Compression.GZipStream]::new([IO.MemoryStream]::new($Zipped), [IO.Compression.CompressionMode]::Decompress)
        $all = [IO.MemoryStream]::new()
        $stream.CopyTo($all)
        , $all.ToArray()
    }
}

Describe 'A process with -AsBytes, <Kind>' -ForEach (Get-ReactorKind) {
    BeforeAll { $reactor = New-Reactor @ReactorOptions }

    AfterEach { Stop-Everything }

    AfterAll { Stop-Reactor $reactor }

    It 'exchanges megabytes as they are' {
        $bytes = New-RandomBytes 3MB
        $zipped = [IO.MemoryStream]::new()
        $p = Start-ReactorProcess gzip '-1' -AsBytes -InputObject $bytes -Reactor $reactor -OnOutput {
            $zipped = $using:zipped
            $zipped.Write($_, 0, $_.Length)
        }
        Wait-Handled $reactor { $p.Status -eq 'Exited' }
        $zipped.Length | Should -Be $p.BytesOut
        $p.BytesIn | Should -Be 3MB
        [Linq.Enumerable]::SequenceEqual((Expand-Bytes $zipped.ToArray()), $bytes) | Should -BeTrue
    }

    It 'answers a connection with bytes, which a handler passes on' {
        $s = Start-TcpServer 0 -Reactor $reactor -OnConnect {
            $Connection.State.Process = Start-ReactorProcess tr 'a-z', 'A-Z' -AsBytes -OnOutput { $_ }
        } -OnData { $Connection.State.Process.Write($_) } -OnEnd { $Connection.State.Process.EndInput(); $Connection.EndSending() }
        $c = Connect-TcpClient localhost $s.Port -Reactor $reactor
        Send-TcpData $c ([byte[]](97, 0, 255, 10, 13), 'text') -EndSending
        $received = Receive-TcpData $c -ToEnd -Timeout 30
        $received | Should -Be (65, 0, 255, 10, 13 + [Text.Encoding]::ASCII.GetBytes('TEXT'))
    }
}

Describe 'A process with -AsBytes' {
    BeforeAll {
        $seen = New-Queue
    }

    AfterEach {
        $seen.Clear()
        Stop-Everything
    }

    It 'hands process and bytes over by position, of both outputs' {
        $p = Start-ReactorProcess sh '-c', 'printf a; printf "\377" >&2' -AsBytes -OnOutput {
            param($Who, $Data) ($using:seen).Enqueue("out $($Who.Id) $($Data.GetType().Name) $Data")
        } -OnErrorOutput { param($Who, $Data) ($using:seen).Enqueue("error $($Who.Id) $Data") }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Sort-Object | Should -BeExactly "error $($p.Id) 255", "out $($p.Id) Byte[] 97"
        $p.LinesOut | Should -Be 0
        $p.BytesError | Should -Be 1
    }

    It 'is sent <Name>' -ForEach @(
        @{ Name = 'a pipeline of bytes'; Start = { [byte[]](1, 2, 255) | Start-ReactorProcess cat -AsBytes -OnOutput { ($using:seen).Enqueue("$_") } }; Expected = '1 2 255' }
        @{ Name = 'arrays of bytes and texts'; Start = { [byte[]](0, 10), 'é', [byte[]](13) | Start-ReactorProcess cat -AsBytes -OnOutput { ($using:seen).Enqueue("$_") } -Encoding latin1 }; Expected = '0 10 233 13' }
        @{ Name = 'nothing'; Start = { Start-ReactorProcess cat -AsBytes -InputObject @() -OnOutput { ($using:seen).Enqueue("$_") } }; Expected = '' }
    ) {
        $p = & $Start
        Wait-Until { $p.Status -eq 'Exited' }
        -join $seen | Should -Be $Expected
    }

    It 'logs the lines of an output without a handler' {
        $p = Start-ReactorProcess sh '-c', 'printf "a\nb"; echo bad >&2; printf x' -AsBytes -OnErrorOutput { ($using:seen).Enqueue("$_") }
        Wait-Until { $p.Status -eq 'Exited' }
        ($p.Log | Where-Object Message -In 'a', 'bx').Message | Should -BeExactly 'a', 'bx'
        -join $seen | Should -Be '98 97 100 10'
    }

    It 'gives the error of a handler to -OnError, and goes on' {
        $p = Start-ReactorProcess sh '-c', 'printf a; read x; printf b' -AsBytes -OnOutput { ($using:seen).Enqueue("$_"); $Process.Send('on'); throw 'no' } -OnError {
            ($using:seen).Enqueue("$_")
        }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly '97', 'no', '98', 'no'
    }

    It 'takes the objects of an array and a list as lines without it' -ForEach @(
        @{ Given = @('a', 1) }
        @{ Given = [Collections.Generic.List[object]] @('a', 1) }
    ) {
        $p = Start-ReactorProcess cat -InputObject $Given -OnOutput { ($using:seen).Enqueue($_) }
        Wait-Until { $p.Status -eq 'Exited' }
        $seen | Should -BeExactly 'a', '1'
    }
}
