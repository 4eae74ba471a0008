BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/Helpers.psm1, $PSScriptRoot/../Support/Example.psm1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/CodeBlock.psm1 -Force
    $page = "$PSScriptRoot/../../../docs/tutorial.md"
    $example = "$PSScriptRoot/../../../examples/finger"
    $blocks = @(Get-CodeBlock $page)

    function Start-Finger ([hashtable] $Parameters = @{}, [switch] $Process) {
        $server = Start-ExampleServer $example/server.ps1 (@{ SetterPort = 0; WebPort = 0; Path = $users } + $Parameters) -Process:$Process
        $setter, $web = [regex]::Matches($server.Said, '(?<=127\.0\.0\.1:)\d+').Value
        $server | Add-Member @{ SetterPort = [int] $setter; WebPort = [int] $web } -PassThru
    }
}

Describe 'The tutorial' {
    AfterEach { Stop-Everything }

    It 'shows what happens at each step' {
        Push-Location $TestDrive
        try {
            foreach ($command in Invoke-CodeBlock $blocks.Where{ -not $_.File }.Block) {
                $command.Output | Should -BeExactly $command.Shown -Because $command.Text
            }
        }
        finally {
            Pop-Location
        }
    }

    It 'has <_> as it is among the examples' -ForEach handlers.ps1, finger.Tests.ps1, server.ps1 {
        $block = $blocks | Where-Object File -EQ $_
        $block.Block | Should -BeExactly ((Get-Content $example/$_ -Raw) -replace '\r\n', "`n")
    }

    It 'has the unit of systemd as it is among the examples' {
        [regex]::Match((Get-Content $page -Raw), '(?ms)^```ini\r?\n(.*?)^```').Groups[1].Value |
            Should -BeExactly (Get-Content $example/finger.service -Raw)
    }
}

Describe 'The finger service' {
    BeforeEach {
        $users = Join-Path $TestDrive "$(New-Guid).txt"
        Set-Content $users 'alice: Happy and well'
    }

    AfterEach {
        Close-Peer
        Stop-AllExample
    }

    It 'tells what was set, also on its page' {
        $server = Start-Finger
        Invoke-Peer $server.SetterPort "bob`nAt <home>`n" | Should -BeExactly "The status of bob?`r`nSaved`r`n"
        Invoke-Peer $server.Port "bob`n" | Should -BeExactly "At <home>`r`n"
        Invoke-Peer $server.Port "mallory`n" | Should -BeExactly "No such user`r`n"
        Invoke-RestMethod "http://localhost:$($server.WebPort)/" |
            Should -Match '<p>alice: Happy and well</p>\s+<p>bob: At &lt;home&gt;</p>'
    }

    It 'speaks TLS where it is given a certificate' {
        $authority = New-ReactorCertificate -CertificateAuthority
        $authority | New-ReactorCertificate localhost -Path "$TestDrive/finger.pem"
        $server = Start-Finger @{ Certificate = "$TestDrive/finger.pem" }
        $client = Connect-LineClient localhost $server.Port -TrustedCertificate $authority
        Send-Line $client 'alice' -Receive -Timeout 30 | Should -BeExactly 'Happy and well'
    }

    It 'answers, saves and ends when SIGTERM comes in the middle of a dialog' -Skip:$IsWindows {
        $server = Start-Finger -Process
        $null = Invoke-Peer $server.SetterPort "bob`nOn holiday`n"
        $peer = Connect-Peer $server.SetterPort
        Send-Peer $peer "carol`n"
        Receive-Peer $peer -Until "`r`n" | Should -BeExactly "The status of carol?`r`n"
        /bin/kill -TERM $server.Id
        Receive-Peer $peer -End | Should -BeExactly ''
        $peer.Close()
        Wait-ChildShell $server | Should -Be 143
        Get-Content $users | Should -BeExactly 'alice: Happy and well', 'bob: On holiday'
    }
}
