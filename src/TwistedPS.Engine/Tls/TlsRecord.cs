namespace TwistedPS.Engine.Tls;

/// <summary>What tells TLS from other protocols: the beginning of its records.</summary>
internal static class TlsRecord
{
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte ApplicationData = 23;
    private const byte Version = 3;

    /// <summary>Whether a record may begin with a byte.</summary>
    public static bool MayBegin(byte first) => first is >= ChangeCipherSpec and <= ApplicationData;

    /// <summary>Whether bytes begin with an alert, with which a side refuses what is not TLS.</summary>
    public static bool IsAlert(ReadOnlySpan<byte> first) => first is [Alert, Version, <= 4, ..];
}
