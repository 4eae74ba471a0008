using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// One direction of a pseudo-terminal. What is read ends when no program has the terminal open any more, which is no error.
/// </summary>
internal sealed class TerminalStream(SafeFileHandle terminal) : AsyncStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count;
        while ((count = TerminalCalls.Read(terminal, buffer.Span, out int error)) < 0)
        {
            if (error == TerminalCalls.HungUp)
                return 0;
            await WaitAsync(error, Epoll.In, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int count = TerminalCalls.Write(terminal, buffer.Span, out int error);
            if (count >= 0)
                buffer = buffer[count..];
            else if ((await WaitAsync(error, Epoll.Out, cancellationToken).ConfigureAwait(false) & Epoll.HangUp) != 0)
                throw new IOException("No program has the terminal open.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        terminal.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits until a call that had to be given up can go on.</summary>
    /// <exception cref="IOException">The call failed.</exception>
    private async Task<uint> WaitAsync(int error, uint events, CancellationToken cancel) => error switch
    {
        TerminalCalls.Interrupted => 0,
        TerminalCalls.WouldBlock => await WaitAsync(events, cancel).ConfigureAwait(false),
        _ => throw new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };

    private async Task<uint> WaitAsync(uint events, CancellationToken cancel)
    {
        try
        {
            return await DescriptorWatch.Shared.WaitAsync((int)terminal.DangerousGetHandle(), events, cancel).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
