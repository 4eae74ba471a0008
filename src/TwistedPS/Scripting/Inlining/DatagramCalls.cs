using TwistedPS.Engine.Datagrams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The datagrams that have arrived, for an inlined script. On the reactor's thread only.</summary>
/// <param name="scripts">The handlers of the socket.</param>
/// <param name="extraArguments">The handler's arguments besides its own.</param>
internal sealed class DatagramCalls(DatagramScripts scripts, object?[] extraArguments)
    : InlinedCalls<byte[]>(scripts.Format.ToMessage, scripts.Format.JoinsBytes, extraArguments)
{
    private DatagramBatch _datagrams = null!;
    private DatagramRecipient _recipient = null!;
    private HandlerRun? _run;

    public override object? Source => _datagrams.Peer;

    public override Service Owner => _datagrams.Owner;

    public override object? Current => scripts.Given(_datagrams);

    public DatagramRecipient CurrentRecipient => _recipient;

    protected override Recipient Recipient => _recipient;

    /// <summary>Begins with other datagrams. A call that was interrupted is forgotten.</summary>
    public DatagramCalls Of(DatagramBatch datagrams)
    {
        (_datagrams, IsDone, _run) = (datagrams, false, null);
        DropCall();
        return this;
    }

    protected override bool BeginNext()
    {
        if (_run is { Deferreds.Count: > 0 })
            _recipient.Accept([], _run.Deferreds);
        _run = null;
        if (!_datagrams.NextCall())
            return false;
        _recipient = scripts.RecipientOf(_datagrams.Peer);
        _run = scripts.Host.Begin(_recipient);
        _run.Output = this;
        return true;
    }

    protected override void Send(byte[] message) => _recipient.Send(message);

    protected override bool IsRefused(byte[] message) => message.Length > DatagramSocket.MaxLength;
}
