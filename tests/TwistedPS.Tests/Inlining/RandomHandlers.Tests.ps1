BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/RandomHandler.psm1 -Force

    # What a value is, without a script that would make text of it.
    function Get-Form([AllowNull()] [object] $Value) {
        switch ($true) {
            ($null -eq $Value) { 'null'; break }
            ($Value -is [array]) { "[$(@(foreach ($item in $Value) { Get-Form $item }) -join ', ')]"; break }
            ($Value -is [hashtable]) { "{$(@(foreach ($key in $Value.Keys | Sort-Object) { "$key=$(Get-Form $Value[$key])" }) -join ', ')}"; break }
            ([object]::ReferenceEquals($Value, $script:o)) { 'o'; break }
            default { "$($Value.GetType().Name) $Value" }
        }
    }

    function New-Connection {
        New-LineTestConnection { } -Name same -OnError { "error $_ $($_.FullyQualifiedErrorId) at $($_.InvocationInfo.ScriptLineNumber):$($_.InvocationInfo.OffsetInLine)" }
    }

    # All that can be seen of a handler that gets some lines: what it sends, which errors are handled, what is logged, what it leaves.
    function Get-Outcome([object] $Client, [string[]] $Lines) {
        $script:s = $null
        $Client.Server.State.Clear()
        $connection = $Client.Server.Connections[0]
        $connection.State.Clear()
        Send-Line $Client $Lines
        $waiting = $Client.WaitingLines
        if ($waiting) {
            Receive-Line $Client -Count $waiting
        }
        "$($Client.Status), last logged: $($Client.Server.Log[-1].Message)"
        foreach ($value in $script:s, $connection.State, $Client.Server.State) {
            Get-Form $value
        }
    }
}

Describe 'Handlers made at random' {
    It 'do the same when they are inlined' {
        $seed = [int] ($env:TWISTEDPS_SEED ?? (Get-Random -Maximum 1000000))
        Write-Host "    Random handlers of seed $seed; TWISTEDPS_SEED=$seed makes the same."
        $random = [random]::new($seed)
        $look = { (($x, $y, $z, $i, $n, $Matches) | ForEach-Object { $_ -is [string] -or $_ -is [int] ? $_ : ${_}?.GetType().Name }) -join '|' }
        $script:o = [pscustomobject]@{ } | Add-Member ScriptMethod Look $look -PassThru | Add-Member ScriptMethod ToString $look -PassThru -Force
        $client = New-Connection
        $twin = New-Connection
        $inlined = 0
        $different = foreach ($number in 1..2000) {
            $text = New-RandomHandler $random
            $handler = [scriptblock]::Create($text)
            if (@(Set-LineServer $client.Server $handler -Verbose 4>&1)[-1].Message -ne 'OnLine: inlined') {
                continue
            }
            $inlined++
            Use-Twin { Set-LineServer $twin.Server $handler }
            $expected = Get-Outcome $twin 'a', 'b a', 'a7'
            $outcome = Get-Outcome $client 'a', 'b a', 'a7'
            if (($outcome -join "`n") -cne ($expected -join "`n")) {
                "handler $number of seed ${seed}:`n$text`nhas done:`n$($outcome -join "`n")`ninstead of:`n$($expected -join "`n")"
            }
            # PowerShell itself can't compile a few of them, which ends the connection.
            if ($client.Status -ne 'Connected' -or $twin.Status -ne 'Connected') {
                Disconnect-LineClient $client, $twin
                $client = New-Connection
                $twin = New-Connection
            }
        }
        Disconnect-LineClient $client, $twin
        @($different)[0..2] -join "`n" | Should -BeNullOrEmpty
        $inlined | Should -BeGreaterThan 1000
    }
}
