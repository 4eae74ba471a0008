namespace TwistedPS.Engine.Groups;

/// <summary>The form of what a message carries.</summary>
internal enum PayloadKind
{
    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>Bytes as they are.</summary>
    Bytes,

    /// <summary>JSON in UTF-8.</summary>
    Json,

    /// <summary>The text of the error that a request has ended with.</summary>
    Error,

    /// <summary>Nothing: there was nobody to reply to a request.</summary>
    NoResponder,
}
