using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>An attempt to connect that ends when a test says so, and the resulting connection.</summary>
internal sealed class FakeAttempt : IDisposable
{
    private readonly TaskCompletionSource<FakeAttempt> _result = new();

    public FakeAttempt(IPEndPoint endPoint, TimeSpan startedAt, bool connectsWhenCancelled, CancellationToken cancel)
    {
        EndPoint = endPoint;
        StartedAt = startedAt;
        cancel.Register(() =>
        {
            IsCancelled = true;
            if (connectsWhenCancelled)
                _result.TrySetResult(this);
            else
                _result.TrySetCanceled(cancel);
        });
    }

    public IPEndPoint EndPoint { get; }

    public TimeSpan StartedAt { get; }

    public Task<FakeAttempt> Result => _result.Task;

    public bool IsCancelled { get; private set; }

    public bool IsClosed { get; private set; }

    // On another thread than the test's, so that all consequences have happened when this returns.
    public Task ConnectAsync() => Task.Run(() => _result.SetResult(this));

    public Task FailAsync(SocketError error) => Task.Run(() => _result.SetException(new SocketException((int)error)));

    public void Dispose() => IsClosed = true;
}
