BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/RealProgram.psm1 -Force
    $tools = @('chromium', 'ncat').Where{ -not (Find-RealProgram $_) }.Count -eq 0
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Example.psm1, $PSScriptRoot/../Support/RealProgram.psm1, $PSScriptRoot/../Support/Browser.psm1 -Force

    function Assert-Said ([Diagnostics.Process] $Program, [string[]] $Lines) {
        foreach ($line in $Lines) {
            $read = $Program.StandardOutput.ReadLineAsync()
            $read.Wait(60000) | Should -BeTrue -Because "nothing came instead of '$line'"
            $read.Result | Should -BeExactly $line
        }
    }

    function Assert-Shown ($Page, [string] $Line) {
        Wait-Page $Page "document.getElementById('lines').textContent.split('\n').includes($(ConvertTo-Json $Line))"
    }
}

Describe 'The page of the chat' -Skip:(-not $tools) {
    BeforeAll {
        $browser = Start-Browser
        $shell = Start-ExampleServer "$PSScriptRoot/../../../examples/chat/server.ps1" @{ WebPort = 0 }
        $url = [regex]::Match($shell.Said, 'http://localhost:\d+/').Value
    }

    AfterAll {
        Stop-Browser $browser
        Stop-AllExample
    }

    It 'has somebody in a browser and somebody with nc in one channel' -Tag X11 {
        $bob = Start-Program ncat 127.0.0.1, $shell.Port
        $bob.StandardInput.WriteLine('/nick bob')
        $bob.StandardInput.WriteLine('/join #go')
        Assert-Said $bob 'guest1 is changing nick to bob', 'bob has joined the channel #go'

        $alice = Open-Page $browser $url
        Write-Page $alice nick alice
        Assert-Said $bob 'guest2 is changing nick to alice', 'alice has joined the channel #go'
        Write-Page $alice text '<b>héllo</b> to all'
        Assert-Said $bob 'alice to #go: <b>héllo</b> to all'
        Assert-Shown $alice 'alice to #go: <b>héllo</b> to all'
        Invoke-Page $alice 'document.querySelectorAll("#lines *").length' | Should -Be 0

        $bob.StandardInput.WriteLine('/msg #go welcome, ünknown')
        Assert-Shown $alice 'bob to #go: welcome, ünknown'
        Write-Page $alice text '/msg bob just for you'
        Assert-Said $bob 'bob to #go: welcome, ünknown', 'alice to bob: just for you'

        $carol = Open-Page $browser $url
        Write-Page $carol nick alice
        Assert-Shown $carol 'error: the nick alice is taken!'
        Assert-Shown $alice 'guest3 has joined the channel #go'

        $bob.StandardInput.Close()
        $bob.WaitForExit(60000) | Should -BeTrue
    }

    It 'is the only one that may open a connection' {
        $script = "new Promise(resolve => { const s = new WebSocket('$($url -replace '^http', 'ws')'); s.onopen = () => resolve('open'); s.onerror = () => resolve('refused'); })"
        Invoke-Page (Open-Page $browser $url) $script | Should -BeExactly open
        $other = Start-HttpServer 0 { $Response.ContentType = 'text/html'; '<p>another</p>' }
        Invoke-Page (Open-Page $browser "http://localhost:$($other.Port)/") $script | Should -BeExactly refused
        Stop-HttpServer $other
    }

    It 'says that the server has ended' {
        $page = Open-Page $browser $url
        Write-Page $page nick dave
        Assert-Shown $page 'dave has joined the channel #go'
        Stop-Example $shell
        Assert-Shown $page 'The connection has ended (1001).'
    }
}
