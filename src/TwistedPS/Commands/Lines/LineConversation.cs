using System.Net.Sockets;
using System.Security.Authentication;
using TwistedPS.Consoles;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Streams;
using TwistedPS.Engine.Tls;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>A conversation of a person, or a script, with a line server.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="host">The host of the client's reactor.</param>
/// <param name="client">The client.</param>
/// <param name="console">The console.</param>
internal sealed class LineConversation(TwistedCommand cmdlet, ReactorHost host, LineClient client, ILineConsole console)
{
    private const string Leave = "exit";
    private const string Reconnect = "reconnect";
    private const string BeginTls = "tls";
    private const char Literal = '\\';

    private const string ConnectFailed = "Connection failed.";
    private const string ConnectionLost = "Connection lost.";
    private const string NotConnected = "Cannot send message to server. No connection.";
    private const string WhatNext = $"Type {Reconnect} to connect again, or {Leave} to leave.";

    // A server that never stops must not keep the keyboard waiting.
    private const int LinesATurn = 1000;

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_lastReplies = TimeSpan.FromSeconds(5);

    private readonly UnfinishedLine _unfinished = new(client);
    private bool _isConnected;
    private bool _isIntroduced;

    /// <summary>Connects unless the client is connected, and goes on until it is left.</summary>
    public void Run()
    {
        if (client.Status == ClientStatus.Disconnected)
            Connect();
        else
            NoteConnected();
        while (!cmdlet.CancelToken.IsCancellationRequested)
        {
            LetHandlersRun();
            ShowWhatCame();
            if (console.IsAtEnd)
            {
                ShowLastReplies();
                return;
            }

            if (!console.TryRead(s_lookEvery, out string line, cmdlet.CancelToken))
                continue;
            _unfinished.Leave();
            if (line == Leave)
                return;
            Handle(line);
        }
    }

    private bool BeginsTls => client.TlsSettings is TlsClientSettings { OnRequest: true };

    private void Handle(string line)
    {
        if (line == Reconnect)
            Connect();
        else if (line == BeginTls && BeginsTls)
            StartTls();
        else
            Send(IsLiteral(line) ? line[1..] : line);
    }

    private bool IsLiteral(string line) =>
        line.StartsWith(Literal) && line.TrimStart(Literal) is var word && (word is Leave or Reconnect || (word == BeginTls && BeginsTls));

    private void Connect()
    {
        // The lines typed next are for the new connection, so they wait for it; Ctrl+C ends the wait.
        Task connecting = client.ConnectAsync(cmdlet.CancelToken);
        cmdlet.WaitFor(host, connecting, null, $"Connecting to {Server}", "");
        cmdlet.CancelToken.ThrowIfStopped();
        if (connecting.IsCompletedSuccessfully)
            NoteConnected();
        else
            NoteFailure(connecting.Exception?.InnerException ?? new OperationCanceledException());
    }

    private HostAddress Server => new(client.Host, client.Port);

    private void NoteConnected()
    {
        _isConnected = true;
        if (client.Status != ClientStatus.Connected)
            return;
        Explain($"Connected to {Server}{(client.Connection?.Tls is { } tls ? $" with {tls}" : "")}.");
        if (!_isIntroduced)
            Explain($"{Leave} leaves, {Reconnect} connects again, {Literal}{Leave} sends {Leave}. F1 lists the keys.");
        if (!_isIntroduced && BeginsTls)
            Explain($"{BeginTls} begins TLS, once the server has agreed to it.");
        _isIntroduced = true;
    }

    private void NoteFailure(Exception error)
    {
        _isConnected = false;
        console.ShowStatus(WithReason(ConnectFailed, error));
        Explain($"{Errors.ConnectFailed(error, client.Host, client.Port)}");
        Explain(WhatNext);
    }

    // A script gets one line for it.
    private string WithReason(string status, Exception? error) =>
        error is AuthenticationException && !console.IsInteractive ? $"{status} {error.Message}" : status;

    private void Send(string line)
    {
        try
        {
            (client.Connection ?? throw new NotConnectedException(NotConnected)).Send(line);
        }
        catch (NotConnectedException)
        {
            console.ShowStatus(NotConnected);
            Explain(WhatNext);
        }
        catch (InvalidMessageException e)
        {
            console.ShowStatus(e.Message);
        }
    }

    private void StartTls()
    {
        Task handshake = client.StartTlsAsync(null);
        cmdlet.WaitFor(host, handshake, null, $"Beginning TLS with {Server}", "");
        cmdlet.CancelToken.ThrowIfStopped();
        try
        {
            handshake.GetAwaiter().GetResult();
            console.ShowStatus($"Encrypted with {client.Connection?.Tls}.");
        }
        catch (Exception e) when (e is InvalidOperationException or AuthenticationException or TimeoutException or IOException or SocketException)
        {
            console.ShowStatus($"No TLS: {e.Message}");
        }
    }

    private void ShowWhatCame(bool isLast = false)
    {
        // Checked before the lines are dequeued, so that none can arrive after the end was shown.
        bool isLost = _isConnected && client.Status == ClientStatus.Disconnected;
        if (console.IsInteractive)
            _unfinished.Update(() => TryShowLines(all: isLost || isLast));
        else
            TryShowLines(all: isLost || isLast);
        if (isLost)
            NoteLoss();
        console.Unfinished = _unfinished.Text;
    }

    /// <returns>Whether there are no more.</returns>
    private bool TryShowLines(bool all)
    {
        for (int shown = 0; all || shown < LinesATurn; shown++)
        {
            if (!client.TryReceive(out string line))
                return true;
            console.ShowReply(_unfinished.EndWith(line));
        }

        return false;
    }

    private void NoteLoss()
    {
        _isConnected = false;
        if (_unfinished.Text.Length > 0)
            console.ShowReply(_unfinished.EndWith(_unfinished.Text));
        console.ShowStatus(WithReason(ConnectionLost, client.Connection?.CloseError));
        if (client.Connection is { CloseReason: not CloseReason.Done } connection)
            Explain($"Reason: {NetworkService.Describe(connection.CloseReason, connection.CloseError)}.");
        Explain(WhatNext);
    }

    /// <summary>Shows the last replies of the server once the input has ended, as that of a file does.</summary>
    private void ShowLastReplies()
    {
        if (client.Connection is not { Status: ConnectionStatus.Open } connection)
            return;
        _isConnected = false;
        connection.EndSending();
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < s_lastReplies
            && !client.Completion.IsCompleted
            && !cmdlet.CancelToken.WaitHandle.WaitOne(s_lookEvery))
        {
            LetHandlersRun();
            ShowWhatCame();
        }

        ShowWhatCame(isLast: true);
    }

    /// <summary>Says what a person has use for, and a script has not.</summary>
    private void Explain(string text)
    {
        if (console.IsInteractive)
            console.ShowStatus(text);
    }

    private void LetHandlersRun()
    {
        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(cmdlet, cmdlet.CancelToken);
    }
}
