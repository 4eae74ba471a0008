# Chromium without a window, driven by its DevTools protocol.

Import-Module $PSScriptRoot/RealProgram.psm1

$script:Limit = [timespan]::FromSeconds(60)

function Receive-BrowserMessage ($Browser) {
    $buffer = [byte[]]::new(65536)
    $text = [IO.MemoryStream]::new()
    do {
        $part = $Browser.Socket.ReceiveAsync([ArraySegment[byte]] $buffer, [Threading.CancellationToken]::None)
        if (-not $part.Wait($script:Limit)) {
            throw 'The browser has not answered.'
        }
        $text.Write($buffer, 0, $part.Result.Count)
    } until ($part.Result.EndOfMessage)
    [Text.Encoding]::UTF8.GetString($text.ToArray()) | ConvertFrom-Json
}

function Invoke-Browser ($Browser, [string] $Method, [hashtable] $Parameters = @{}, [string] $Session, [string] $Until) {
    $id = ++$Browser.Calls
    $call = @{ id = $id; method = $Method; params = $Parameters }
    if ($Session) {
        $call.sessionId = $Session
    }
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $call -Depth 9 -Compress))
    $null = $Browser.Socket.SendAsync([ArraySegment[byte]] $bytes, 'Text', $true, [Threading.CancellationToken]::None).Wait($script:Limit)
    $answer = $null
    while (-not $answer -or $Until) {
        $message = Receive-BrowserMessage $Browser
        if ($message.id -eq $id) {
            $answer = $message
        }
        elseif ($message.method -eq $Until) {
            $Until = ''
        }
        if ($answer.error) {
            throw "$Method failed: $($answer.error.message)"
        }
    }
    $answer.result
}

function Start-Browser {
    <# A browser, to be ended with Stop-Browser. #>
    $folder = Join-Path ([IO.Path]::GetTempPath()) (New-Guid)
    $start = [Diagnostics.ProcessStartInfo]::new((Find-RealProgram chromium), [string[]] @(
            # A sandbox needs a user who is not root.
            '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions'
            '--disable-background-networking', '--remote-debugging-port=0', "--user-data-dir=$folder", 'about:blank'))
    $start.RedirectStandardError = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $null = $process.StandardOutput.ReadToEndAsync()
    do {
        $reading = $process.StandardError.ReadLineAsync()
        $line = $reading.Wait($script:Limit) ? $reading.Result : $null
        $said += "$line`n"
    } until ($null -eq $line -or $line -match 'DevTools listening on (\S+)')
    if ($null -eq $line) {
        throw "The browser has not started. It wrote: $said"
    }
    $null = $process.StandardError.ReadToEndAsync()
    $socket = [Net.WebSockets.ClientWebSocket]::new()
    $null = $socket.ConnectAsync($Matches[1], [Threading.CancellationToken]::None).Wait($script:Limit)
    [pscustomobject]@{ Process = $process; Folder = $folder; Socket = $socket; Calls = 0 }
}

function Stop-Browser ($Browser) {
    $Browser.Socket.Dispose()
    $Browser.Process.Kill($true)
    $Browser.Process.WaitForExit()
    Remove-Item $Browser.Folder -Recurse -Force -ErrorAction Ignore
}

function Open-Page ($Browser, [string] $Url) {
    <# A page in a tab of its own, loaded. #>
    $target = (Invoke-Browser $Browser Target.createTarget @{ url = 'about:blank' }).targetId
    $session = (Invoke-Browser $Browser Target.attachToTarget @{ targetId = $target; flatten = $true }).sessionId
    $null = Invoke-Browser $Browser Page.enable -Session $session
    $null = Invoke-Browser $Browser Page.navigate @{ url = $Url } -Session $session -Until Page.loadEventFired
    [pscustomobject]@{ Browser = $Browser; Session = $session }
}

function Invoke-Page ($Page, [string] $Script) {
    <# The value of an expression, or what a promise comes to. #>
    $answer = Invoke-Browser $Page.Browser Runtime.evaluate @{ expression = $Script; awaitPromise = $true; returnByValue = $true } -Session $Page.Session
    if ($answer.exceptionDetails) {
        throw "The page failed: $($answer.exceptionDetails.exception.description)"
    }
    $answer.result.value
}

function Write-Page ($Page, [string] $Id, [string] $Text) {
    <# Types into a field, and presses Enter. #>
    Invoke-Page $Page "document.getElementById('$Id').select()"
    $null = Invoke-Browser $Page.Browser Input.insertText @{ text = $Text } -Session $Page.Session
    $key = @{ key = 'Enter'; code = 'Enter'; windowsVirtualKeyCode = 13; text = "`r" }
    $null = Invoke-Browser $Page.Browser Input.dispatchKeyEvent (@{ type = 'keyDown' } + $key) -Session $Page.Session
    $null = Invoke-Browser $Page.Browser Input.dispatchKeyEvent (@{ type = 'keyUp' } + $key) -Session $Page.Session
}

function Wait-Page ($Page, [string] $Condition) {
    <# Waits until a condition of what the page shows is true. #>
    Invoke-Page $Page @"
new Promise(resolve => {
    const check = () => { if ($Condition) { watch.disconnect(); resolve(); } };
    const watch = new MutationObserver(check);
    watch.observe(document, { subtree: true, childList: true, characterData: true });
    check();
})
"@
}

Export-ModuleMember -Function Start-Browser, Stop-Browser, *-Page
