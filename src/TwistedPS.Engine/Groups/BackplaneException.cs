namespace TwistedPS.Engine.Groups;

/// <summary>A failure of a backplane.</summary>
/// <param name="fault">Its kind.</param>
/// <param name="message">Its text.</param>
/// <param name="cause">Its cause; null if there is none.</param>
internal sealed class BackplaneException(BackplaneFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public BackplaneFault Fault => fault;

    /// <summary>Returns the failure to connect to a broker.</summary>
    /// <param name="address">The address of the broker.</param>
    /// <param name="error">What has happened; the innermost cause says why.</param>
    /// <param name="isRefusal">Whether something says that the broker is there, but refuses.</param>
    public static BackplaneException Connecting(string address, Exception error, Func<Exception, bool> isRefusal)
    {
        Exception[] causes = [.. Causes(error)];
        string why = causes[^1].Message.TrimEnd('.');
        return Array.Exists(causes, cause => isRefusal(cause))
            ? new BackplaneException(BackplaneFault.Unauthorized, $"The broker {address} refuses: {why}.", error)
            : new BackplaneException(BackplaneFault.Unreachable, $"The broker {address} can't be reached: {why}.", error);
    }

    /// <summary>Returns the failure to connect to what says nothing, or not what a broker says.</summary>
    /// <param name="address">The address of the broker.</param>
    /// <param name="kind">The kind of the broker.</param>
    /// <param name="error">What has happened.</param>
    public static BackplaneException NotAnswering(string address, string kind, Exception error) =>
        new(BackplaneFault.Unreachable, $"The broker {address} can't be reached: it does not answer as {kind} does.", error);

    /// <summary>Returns the failure to connect to what answers, but not what a broker does.</summary>
    /// <param name="address">The address of the broker.</param>
    /// <param name="kind">The kind of the broker.</param>
    public static BackplaneException OfOtherKind(string address, string kind) =>
        new(BackplaneFault.Unreachable, $"The broker {address} can't be reached: what answers there is not {kind}.");

    /// <summary>Returns the failure to connect to a broker without TLS by an address with it.</summary>
    public static BackplaneException Unencrypted(string address, Exception? error = null) =>
        new(BackplaneFault.Unreachable, $"The broker {address} can't be reached: it has no TLS, so its address begins otherwise.", error);

    /// <summary>Returns the failure to connect to a broker with TLS by an address without it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="scheme">The scheme of an address with it.</param>
    /// <param name="error">What has happened.</param>
    public static BackplaneException Encrypted(string address, string scheme, Exception error) =>
        new(BackplaneFault.Unreachable, $"The broker {address} can't be reached: it has TLS, so its address begins with {scheme}://.", error);

    /// <summary>Returns the failure of anything while the connection is lost.</summary>
    public static BackplaneException Lost(string address) =>
        new(BackplaneFault.Disconnected, $"The connection to the broker {address} is lost.");

    /// <summary>Returns the failure of what was sent, and may be lost.</summary>
    public static BackplaneException Unconfirmed(string address) =>
        new(BackplaneFault.Disconnected, $"The broker {address} has not confirmed what was sent, which may be lost.");

    /// <summary>Returns the failure of something that was asked of a broker.</summary>
    public static BackplaneException NotDone(string address, Exception error) =>
        new(BackplaneFault.Disconnected, $"The broker {address} has not done it: {error.Message.TrimEnd('.')}.", error);

    /// <summary>Throws if a message or value has more bytes than the broker carries.</summary>
    public static void ThrowIfTooLong(string address, int length, int limit)
    {
        if (length > limit)
            throw new BackplaneException(BackplaneFault.TooLong, $"A message of {length} bytes is too long: the broker {address} carries {limit}.");
    }

    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
