using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Tls;

/// <summary>
/// A session over .NET's <see cref="SslStream"/>, driven by hand: its operations go on within the calls of this class only,
/// and no continuation runs anything of ours but the callbacks of the options.
/// </summary>
internal sealed class SslStreamSession : ITlsSession
{
    private const string Truncated =
        "The peer has ended the connection without a word of TLS for the end (close_notify); what it was sending may be cut off.";

    private const int LongestRecord = 16384;

    private readonly CipherStream _cipher;
    private readonly SslStream _stream;
    private readonly Func<SslStream, Task> _authenticate;
    private Task? _handshake;
    private ValueTask<int> _arrival;
    private bool _awaitsArrival;
    private bool _endsNext;
    private int _calls;
    private bool _isDisposed;

    private SslStreamSession(ICarrier carrier, Func<SslStream, Task> authenticate)
    {
        _cipher = new CipherStream(carrier);
        _stream = new SslStream(_cipher);
        _authenticate = authenticate;
    }

    public bool CanRead => !_awaitsArrival || _arrival.IsCompleted;

    public static ITlsSession Serve(ICarrier carrier, TlsServerSettings settings) => new SslStreamSession(carrier, stream =>
        settings.ForServerName is { } choose
            ? stream.AuthenticateAsServerAsync((_, hello, _, _) => new ValueTask<SslServerAuthenticationOptions>(Strict(choose(hello.ServerName))), null)
            : stream.AuthenticateAsServerAsync(Strict(settings.Options)));

    public static ITlsSession Connect(ICarrier carrier, TlsClientSettings settings) => new SslStreamSession(carrier, stream =>
    {
        settings.Options.AllowRenegotiation = false;
        return stream.AuthenticateAsClientAsync(settings.Options);
    });

    public void Arrived() => _cipher.Arrived();

    public TlsDetails? Handshake()
    {
        // What awaits a task within the stream goes to the context of the thread, if there is one, instead of going on here.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _calls++;
        try
        {
            _cipher.Continue();
            _handshake ??= _authenticate(_stream);
            if (!_handshake.IsCompleted)
                return _cipher.IsWaiting ? null : throw new InvalidOperationException("A callback of TLS has not answered at once.");
            _handshake.GetAwaiter().GetResult();
            return _isDisposed ? null : new TlsDetails(_stream);
        }
        catch (AuthenticationException e)
        {
            throw PeerCheck.RefusalOf(_stream) ?? HandshakeErrors.Explain(e, _cipher.First);
        }
        finally
        {
            Exit();
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public int? Read(Memory<byte> plain)
    {
        _calls++;
        try
        {
            // Behind the end, the stream would wait for more when it is asked whether there is some.
            if (!_endsNext && !HasArrived())
                return null;
            int count = _endsNext ? 0 : ReadRecords(plain);
            if (count == 0 && _cipher.HasEnded)
                throw new EndOfStreamException(Truncated);
            return count;
        }
        catch (IOException e) when (_cipher.HasEnded && e is not EndOfStreamException)
        {
            throw new EndOfStreamException(Truncated, e);
        }
        finally
        {
            Exit();
        }
    }

    public void Write(ReadOnlyMemory<byte> plain) => _stream.WriteAsync(plain).AsTask().GetAwaiter().GetResult();

    public void FinishWriting() => _stream.ShutdownAsync().GetAwaiter().GetResult();

    public void Dispose()
    {
        _isDisposed = true;
        _cipher.End();
        if (_calls == 0)
            _stream.Dispose();
    }

    private static SslServerAuthenticationOptions Strict(SslServerAuthenticationOptions options)
    {
        options.AllowRenegotiation = false;
        return options;
    }

    /// <summary>
    /// Begins to read no bytes, which the stream needs no buffer for until some have arrived. An error waits for the next read.
    /// </summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "It is consumed once, when it has completed.")]
    private void AwaitArrival() => (_arrival, _awaitsArrival) = (_stream.ReadAsync(Memory<byte>.Empty), true);

    /// <summary>
    /// Reads while there is room for a whole record: a part of one is likely to be a part of a message, which must be kept.
    /// An end or an error behind it waits for the next read.
    /// </summary>
    private int ReadRecords(Memory<byte> plain)
    {
        int count = 0;
        do
        {
            int read = Completed(_stream.ReadAsync(plain[count..]));
            _endsNext = read == 0;
            if (_endsNext)
                return count;
            count += read;
            AwaitArrival();
        }
        while (plain.Length - count >= LongestRecord && _arrival.IsCompletedSuccessfully && HasArrived());
        return count;
    }

    private bool HasArrived()
    {
        if (_awaitsArrival)
            _cipher.Continue();
        else
            AwaitArrival();
        if (!_arrival.IsCompleted)
            return false;
        _awaitsArrival = false;
        Completed(_arrival);
        return true;
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "It has completed.")]
    private static int Completed(ValueTask<int> read) =>
        read.IsCompleted ? read.GetAwaiter().GetResult() : throw new InvalidOperationException("The stream of TLS waits for what it has.");

    /// <summary>Disposes the stream if that was requested within a call of it.</summary>
    private void Exit()
    {
        if (--_calls == 0 && _isDisposed)
            _stream.Dispose();
    }
}
