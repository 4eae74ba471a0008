namespace TwistedPS;

/// <summary>The framing of byte messages on the wire.</summary>
public enum DataFraming
{
    /// <summary>None: a message is the data of one read (Twisted's <c>Protocol.dataReceived</c>).</summary>
    Raw,

    /// <summary>The length in decimal digits, a colon, the bytes, a comma (<c>NetstringReceiver</c>).</summary>
    Netstring,

    /// <summary>A one-byte length, then the bytes (<c>Int8StringReceiver</c>).</summary>
    Length8,

    /// <summary>A two-byte length, high byte first, then the bytes (<c>Int16StringReceiver</c>).</summary>
    Length16,

    /// <summary>A four-byte length, high byte first, then the bytes (<c>Int32StringReceiver</c>).</summary>
    Length32,
}
