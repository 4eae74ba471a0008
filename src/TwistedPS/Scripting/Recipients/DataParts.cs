using System.Buffers;
using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// The parts of a stream of objects that are messages: bytes, even if a pipeline has unrolled them, or texts to be encoded.
/// On the thread of a runspace only.
/// </summary>
internal sealed class DataParts : IDisposable
{
    private readonly ArrayBufferWriter<byte> _loose = new();
    private readonly Rendering _rendering = Rendering.AsText();

    /// <summary>Returns the bytes of an object that consists of bytes; null for any other.</summary>
    public static byte[]? BytesOf(object? item) => item is null ? null : PSObject.AsPSObject(item).BaseObject switch
    {
        byte[] bytes => bytes,
        byte single => [single],
        IEnumerable<byte> many => [.. many],
        object[] many when Array.TrueForAll(many, part => PSObject.AsPSObject(part).BaseObject is byte) =>
            Array.ConvertAll(many, part => (byte)PSObject.AsPSObject(part).BaseObject),
        _ => null,
    };

    /// <summary>Returns the parts that an object completes.</summary>
    public IEnumerable<object> Add(object? item)
    {
        if (BytesOf(item) is not { } bytes)
            return [.. EndLoose(), .. _rendering.TextsOf(item)];
        if (PSObject.AsPSObject(item!).BaseObject is not byte)
            return [.. End(), bytes];
        IEnumerable<string> before = _rendering.End();
        _loose.Write(bytes);
        return before;
    }

    /// <summary>Returns the parts that nothing else will complete.</summary>
    public IEnumerable<object> End() => [.. _rendering.End(), .. EndLoose()];

    public void Dispose() => _rendering.Dispose();

    private byte[][] EndLoose()
    {
        byte[][] all = _loose.WrittenCount == 0 ? [] : [_loose.WrittenSpan.ToArray()];
        _loose.ResetWrittenCount();
        return all;
    }
}
