namespace TwistedPS;

/// <summary>What handlers belong to: a server or a client.</summary>
internal interface IHandlerOwner
{
    /// <summary>For messages, such as <c>line server 1 (127.0.0.1:1234)</c>.</summary>
    string Description { get; }

    ReactorLog Log { get; }
}
