namespace TwistedPS.Tests;

/// <summary>Servers whose handler accepts all lines at once.</summary>
internal static class BatchRigs
{
    public static MemoryRig Serve(BatchHandler handler, ServerOptions? options = null, LineFormat? format = null, int largestRead = 65536)
    {
        var rig = new MemoryRig(options: options, format: format, largestRead: largestRead);
        rig.Do(() => rig.Server.Replace(handler));
        return rig;
    }

    public static Rig Serve(Carrier carrier, BatchHandler handler, ServerOptions? options = null)
    {
        Rig rig = Rig.Create(carrier, options: options);
        rig.Do(() => rig.Server.Replace(handler));
        return rig;
    }
}
