namespace TwistedPS.Engine.Groups;

/// <summary>The kinds of failures of a backplane.</summary>
internal enum BackplaneFault
{
    /// <summary>There is no broker at the address.</summary>
    Unreachable,

    /// <summary>The broker refuses the credentials.</summary>
    Unauthorized,

    /// <summary>The connection is lost at present.</summary>
    Disconnected,

    /// <summary>The message is longer than the broker carries.</summary>
    TooLong,

    /// <summary>The broker keeps no values.</summary>
    NoStore,
}
