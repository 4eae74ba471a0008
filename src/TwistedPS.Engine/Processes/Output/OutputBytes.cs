using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Processes;

/// <summary>Output as bytes: what one read has brought.</summary>
/// <param name="deliver">Called with the bytes.</param>
internal sealed class OutputBytes(Action<byte[]> deliver) : IOutputForm
{
    public bool DeliverNext(PooledBuffer bytes)
    {
        if (bytes.Length == 0)
            return false;
        byte[] all = bytes.Span.ToArray();
        bytes.Consume(all.Length);
        deliver(all);
        return true;
    }

    public void DeliverRest(PooledBuffer bytes)
    {
    }
}
