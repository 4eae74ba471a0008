BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    Import-Module $PSScriptRoot/../Support/ChildShell.psm1, $PSScriptRoot/../Support/Helpers.psm1 -Force

    if (-not ('TwistedPS.Tests.Crowd' -as [type])) {
        Add-Type -TypeDefinition @'
using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace TwistedPS.Tests;

public static class Crowd
{
    // All connect before the first one sends.
    public static async Task<int[]> TalkAsync(int port, int clients, int lines, CancellationToken cancel)
    {
        var allThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int there = 0;
        return await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            if (Interlocked.Increment(ref there) == clients)
                allThere.SetResult();
            await allThere.Task.WaitAsync(cancel);
            return await TalkAsync(socket, client, lines, cancel);
        }));
    }

    // Sends as much as the peer takes, reads nothing, and holds the connection until it is cancelled.
    public static async Task FloodAsync(int port, long bytes, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        byte[] block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 999) + "\n", 1000)));
        for (long sent = 0; sent < bytes; sent += block.Length)
            await socket.SendAsync(block, cancel);
    }

    private static async Task<int> TalkAsync(Socket socket, int client, int lines, CancellationToken cancel)
    {
        string text = string.Concat(Enumerable.Range(0, lines).Select(line => $"{client}:{line}\n"));
        byte[] expected = Encoding.ASCII.GetBytes(text.Replace("\n", "\r\n"));
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), cancel);
        socket.Shutdown(SocketShutdown.Send);

        byte[] received = new byte[expected.Length + 1];
        int length = 0;
        while (length < received.Length)
        {
            int count = await socket.ReceiveAsync(received.AsMemory(length), cancel);
            if (count == 0)
                break;
            length += count;
        }

        if (!received.AsSpan(0, length).SequenceEqual(expected))
            throw new InvalidOperationException($"Client {client} received {length} bytes of {expected.Length}, or others.");
        return lines;
    }
}
'@
    }

    function Measure-Process {
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        [pscustomobject]@{
            Threads     = [System.Diagnostics.Process]::GetCurrentProcess().Threads.Count
            Runspaces   = @(Get-Runspace).Count
            Descriptors = if ($IsLinux) { @([System.IO.Directory]::GetFileSystemEntries('/proc/self/fd')).Count } else { 0 }
        }
    }
}

Describe 'A crowd' {
    BeforeEach {
        $cancel = [System.Threading.CancellationTokenSource]::new([timespan]::FromSeconds(90))
    }

    AfterEach {
        $cancel.Cancel()
        Close-Peer
        Get-LineServer | Stop-LineServer -DrainTime 0
        Get-LineClient | Disconnect-LineClient
    }

    It 'of 1000 clients with 100 lines each is answered, and leaves nothing behind' {
        $s = Start-LineServer 0 { $_ } -Backlog 1000
        $null = [TwistedPS.Tests.Crowd]::TalkAsync($s.Port, 50, 10, $cancel.Token).GetAwaiter().GetResult()
        Wait-Until { $s.ConnectionCount -eq 0 }
        $before = Measure-Process
        $counts = [TwistedPS.Tests.Crowd]::TalkAsync($s.Port, 1000, 100, $cancel.Token).GetAwaiter().GetResult()
        ($counts | Measure-Object -Sum).Sum | Should -Be 100000
        Wait-Until { $s.ConnectionCount -eq 0 }
        $s.LinesIn | Should -Be 100500
        $s.LinesOut | Should -Be 100500
        $s.TotalConnections | Should -Be 1050
        $s.Connections | Should -BeNullOrEmpty
        $s.Errors | Should -BeNullOrEmpty
        Wait-Until { (Measure-Process).Descriptors -le $before.Descriptors + 5 } -Timeout 20
        $after = Measure-Process
        $after.Runspaces | Should -Be $before.Runspaces
        $after.Threads | Should -BeLessThan ($before.Threads + 20)
    }

    It 'of 300 clients is served by the poller Pool as well' {
        $r = New-Reactor -Poller Pool
        try {
            $s = Start-LineServer 0 { $_ } -Backlog 1000 -Reactor $r
            $counts = [TwistedPS.Tests.Crowd]::TalkAsync($s.Port, 300, 20, $cancel.Token).GetAwaiter().GetResult()
            ($counts | Measure-Object -Sum).Sum | Should -Be 6000
            Wait-Until { $s.ConnectionCount -eq 0 }
            $s.Errors | Should -BeNullOrEmpty
        }
        finally {
            Stop-Reactor $r
        }
    }

    It 'that comes and goes leaves no descriptor and no runspace: 20 servers, one after the other' {
        $null = Start-LineServer 0 { $_ } | ForEach-Object { Invoke-Peer $_.Port "a`n"; Stop-LineServer $_ }
        Close-Peer
        $before = Measure-Process
        1..20 | ForEach-Object {
            $s = Start-LineServer 0 { $_ } -Reactor (New-Reactor)
            Invoke-Peer $s.Port "a`n" | Should -BeExactly "a`r`n"
            Stop-Reactor $s.Reactor
        }
        Close-Peer
        Wait-Until { (Measure-Process).Descriptors -le $before.Descriptors + 5 } -Timeout 20
        Wait-Until { (Measure-Process).Runspaces -eq $before.Runspaces } -Timeout 20
        (Measure-Process).Threads | Should -BeLessThan ($before.Threads + 20)
    }
}

Describe 'A client that sends 100 MB and reads nothing' {
    BeforeEach {
        $cancel = [System.Threading.CancellationTokenSource]::new()
        $shell = Start-ChildShell '-Command', @"
            Import-Module '$PSScriptRoot/../../../TwistedPS.psd1'
            `$s = Start-LineServer 0 { if (`$_ -eq 'how much') { `$Server.BytesIn; (`$Server.Connections.UnsentBytes | Measure-Object -Maximum).Maximum } else { `$_ } }
            `$s.Port
            Wait-LineServer `$s
"@
        $port = [int](Read-ChildLine $shell)
        $peer = Connect-Peer $port
        function Get-Count {
            Send-Peer $peer "how much`n"
            [long](Receive-Peer $peer -Until "`n")
            [long](Receive-Peer $peer -Until "`n")
        }
    }

    AfterEach {
        $cancel.Cancel()
        Close-Peer
        $shell.Kill()
        $shell.Dispose()
    }

    It 'is paused, others are served, and memory stays' {
        $null = 1..200 | ForEach-Object { Get-Count }
        $shell.Refresh()
        $before = $shell.WorkingSet64
        $flooding = [TwistedPS.Tests.Crowd]::FloodAsync($port, 100MB, $cancel.Token)
        Wait-Until { (Get-Count)[1] -gt 1MB } -Timeout 30
        Wait-Until {
            $earlier = (Get-Count)[0]
            1..50 | ForEach-Object { $null = Get-Count }
            (Get-Count)[0] - $earlier -lt 1000
        } -Timeout 30
        $flooding.IsCompleted | Should -BeFalse
        $bytesIn, $unsent = Get-Count
        $bytesIn | Should -BeLessThan 50MB
        $unsent | Should -BeLessOrEqual (1MB + 1001)
        $shell.Refresh()
        $shell.WorkingSet64 - $before | Should -BeLessThan 64MB
    }
}
