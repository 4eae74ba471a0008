using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that start line servers and clients have in common: handlers and the shape of lines.</summary>
public abstract class LineEndpointCommand : HandlerCommand
{
    private static readonly LineOptions s_defaults = new LineServerOptions();

    /// <summary>Runs first; functions and variables that it defines are there for the handlers.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; the session's own by default.</summary>
    [Parameter]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>A name for lists and the log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What ends a line: Auto (LF or CRLF in, CRLF out), LF, CRLF, or any text.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_defaults.Delimiter;

    /// <summary>How text becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes; a longer one closes the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Take text without a delimiter at the end of the stream for a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    /// <summary>How many bytes may wait for a peer that does not read.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int SendBufferLimit { get; set; } = s_defaults.SendBufferLimit;

    /// <summary>Close a connection on which nothing came or went for so long.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>A file that the log is appended to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected T WithLineOptions<T>(T options)
        where T : LineOptions => options with
        {
            Name = Name,
            Delimiter = Delimiter,
            Encoding = Encoding,
            MaxLineLength = MaxLineLength,
            DeliverPartialLine = DeliverPartialLine,
            SendBufferLimit = SendBufferLimit,
            IdleTimeout = IdleTimeout,
        };

    private protected Action? TakeInitialization(HandlerScope scope)
    {
        if (InitializationScript is null)
            return null;
        try
        {
            return TakeOver(() => scope.TakeInitialization(InitializationScript, ArgumentList ?? []));
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            ThrowTerminatingError(Errors.HandlerFailed(e, "The initialization script failed", MyInvocation.MyCommand.Name));
            throw;
        }
    }

    private protected void OpenLog(LineEndpoint endpoint)
    {
        if (LogPath is null)
            return;
        string path = GetUnresolvedProviderPathFromPSPath(LogPath);
        try
        {
            endpoint.ReactorLog.OpenFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.LogPath(path, e));
        }
    }
}
