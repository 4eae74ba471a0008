namespace TwistedPS.Tests;

/// <summary>A running server, and peers for it.</summary>
internal abstract class Rig : IDisposable
{
    public abstract Reactor Reactor { get; }

    public abstract LineServer Server { get; }

    public abstract RecordingHandler Handler { get; }

    public static Rig Create(Carrier carrier, RecordingHandler? handler = null, ServerOptions? options = null, LineFormat? format = null) =>
        carrier switch
        {
            Carrier.Memory => new MemoryRig(handler, options, format),
            _ => new SocketRig(carrier.Poller(), handler, options, format, address: carrier.Address()),
        };

    /// <summary>Creates a rig whose clock is moved by hand.</summary>
    public static Rig CreateTimed(Carrier carrier, out ManualClock clock, RecordingHandler handler, ServerOptions? options = null)
    {
        if (carrier == Carrier.Memory)
        {
            var memory = new MemoryRig(handler, options);
            clock = memory.Time;
            return memory;
        }

        clock = new ManualClock();
        return new SocketRig(carrier.Poller(), handler, options, time: clock, address: carrier.Address());
    }

    public abstract IPeer Connect();

    /// <summary>Connects to another server on the reactor.</summary>
    public abstract IPeer Connect(Server server);

    /// <summary>Does work on the reactor's thread.</summary>
    public abstract void Do(Action work);

    /// <summary>Waits for a condition, which is checked on the reactor's thread.</summary>
    public abstract void Until(Func<bool> condition);

    public void Until(string happened) => Until(() => Handler.Has(happened));

    public void Stop() => Stop(TimeSpan.Zero);

    public void Stop(TimeSpan drainTime)
    {
        Do(() => _ = Server.StopAsync(drainTime));
        UntilStopped();
    }

    public void UntilStopped()
    {
        Until(() => Server.Status == ServerStatus.Stopped);
        Assert.True(Server.Completion.Wait(Waiting.Limit));
    }

    public abstract void Dispose();
}
