namespace TwistedPS;

/// <summary>How messages made of bytes are told apart on the wire.</summary>
public enum DataFraming
{
    /// <summary>Not at all: a message is what one read has brought (Twisted's <c>Protocol.dataReceived</c>).</summary>
    Raw,

    /// <summary>The length in decimal digits, a colon, the bytes, a comma (<c>NetstringReceiver</c>).</summary>
    Netstring,

    /// <summary>The length in one byte, then the bytes (<c>Int8StringReceiver</c>).</summary>
    Length8,

    /// <summary>The length in two bytes, the high one first, then the bytes (<c>Int16StringReceiver</c>).</summary>
    Length16,

    /// <summary>The length in four bytes, the highest first, then the bytes (<c>Int32StringReceiver</c>).</summary>
    Length32,
}
