using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;

namespace TwistedPS.Engine.Http;

/// <summary>The end of an answer, as its peer is to recognise it.</summary>
/// <remarks>
/// .NET's own listener, which is used outside Windows, gives each answer without content the length 0, even one of 204, and ends
/// chunks properly even if the answer is cut off, so that the peer takes a part for the whole. Told of a format that it doesn't
/// know, it does neither, and chunks are made here. A .NET without that setting behaves as by itself.
/// </remarks>
internal static class HttpFraming
{
    /// <summary>The number of bytes before the data of a chunk.</summary>
    public const int ChunkHead = 10;

    /// <summary>The number of bytes after the data of a chunk.</summary>
    public const int ChunkTail = 2;

    private const int UnknownFormat = 2;

    private static readonly PropertyInfo? s_format = OperatingSystem.IsWindows()
        ? null
        : typeof(HttpListenerResponse).GetProperty("EntitySendFormat", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>The last chunk.</summary>
    public static ReadOnlyMemory<byte> LastChunk { get; } = "0\r\n\r\n"u8.ToArray();

    /// <summary>Leaves out any length and any chunks that the listener would make.</summary>
    /// <returns>False if the listener can't.</returns>
    public static bool TurnOff(HttpListenerResponse response)
    {
        s_format?.SetValue(response, Enum.ToObject(s_format.PropertyType, UnknownFormat));
        return s_format is not null;
    }

    /// <summary>Makes a chunk of the data that stand in a buffer with room around them.</summary>
    public static ReadOnlyMemory<byte> MakeChunk(byte[] buffer, int length)
    {
        Encoding.ASCII.GetBytes(length.ToString("x8", CultureInfo.InvariantCulture), buffer);
        "\r\n"u8.CopyTo(buffer.AsSpan(ChunkHead - 2));
        "\r\n"u8.CopyTo(buffer.AsSpan(ChunkHead + length));
        return buffer.AsMemory(0, ChunkHead + length + ChunkTail);
    }
}
