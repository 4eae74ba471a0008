namespace TwistedPS.Engine.Transports;

/// <summary>The reasons for which a connection is not read; it is read again when none is left.</summary>
[Flags]
internal enum PauseReasons
{
    None = 0,

    /// <summary>A handler has asked for it.</summary>
    Handler = 1,

    /// <summary>Too many messages wait to be received.</summary>
    Queue = 2,

    /// <summary>Too much work that its handlers have asked for waits.</summary>
    Work = 4,
}
