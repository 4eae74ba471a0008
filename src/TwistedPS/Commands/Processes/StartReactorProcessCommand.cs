using System.Buffers;
using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Processes;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a program whose output is events, line by line or as bytes (Twisted's spawnProcess).</summary>
/// <remarks>
/// The arguments reach the program as they are given; no shell interprets them. Its output comes to the handlers in whole
/// lines, also the last one without a line end, and OnExit comes after all of it. It outputs the process, whose ExitCode is
/// there when it has ended, and whose Send and Write are its input. A program that is not there, or can't be started, ends the
/// cmdlet with ProcessNotFound or ProcessStartFailed; a handler that throws does not end the process.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "ReactorProcess", HelpUri = Pages + "Start-ReactorProcess.md")]
[OutputType(typeof(ReactorProcess))]
public sealed class StartReactorProcessCommand : ServiceCommand, IServiceParameters
{
    private static readonly ProcessOptions s_defaults = new() { FileName = "" };

    private readonly DataParts _parts = new();
    private List<string>? _input;
    private ArrayBufferWriter<byte>? _inputBytes;

    /// <summary>The path of the program, or its name if it is on the PATH.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ProgramCompleter))]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>
    /// The arguments of the program, each passed verbatim; none by default. Handlers get values with $using: instead.
    /// </summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyCollection]
    public override object?[]? ArgumentList { get; set; }

    /// <summary>
    /// Called for each line of standard output, or with -AsBytes for what a read has brought; $_ is the line, or the bytes. Without it,
    /// the lines go to the log.
    /// </summary>
    [Parameter(Position = 2)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnOutput { get; set; }

    /// <summary>
    /// Called for each line of standard error, or with -AsBytes for what a read has brought; $_ is the line, or the bytes. Without it,
    /// the lines go to the log. At a terminal both are one, and go to -OnOutput.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnErrorOutput { get; set; }

    /// <summary>
    /// Called once, after the process has ended and its last line was handled; $_ is the process, with its ExitCode.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnExit { get; set; }

    /// <summary>Called when another handler throws; $_ is the error. The process continues either way.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>
    /// The objects for its standard input, a line each, or with -AsBytes bytes and texts as they are; the input then ends. Without it,
    /// the input stays open for Send and Write.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>Hands its output over as bytes, as they come, and sends -InputObject as it is.</summary>
    [Parameter]
    public SwitchParameter AsBytes { get; set; }

    /// <summary>Runs it at a terminal of its own (Twisted's usePTY) instead of pipes, in a session of its own. On Linux only.</summary>
    [Parameter]
    public SwitchParameter Terminal { get; set; }

    /// <summary>With -Terminal: the width in characters; 80 by default.</summary>
    [Parameter]
    [ValidateRange(1, TerminalSize.Largest)]
    public int Columns { get; set; } = TerminalSize.Default.Columns;

    /// <summary>With -Terminal: the height in lines; 24 by default.</summary>
    [Parameter]
    [ValidateRange(1, TerminalSize.Largest)]
    public int Rows { get; set; } = TerminalSize.Default.Rows;

    /// <summary>Changes to the current environment variables, as a table of names and values; $null removes a variable.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public IDictionary Environment { get; set; } = new Hashtable();

    /// <summary>The working directory; the current location by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// The encoding of its input and output, by a name such as latin1; UTF-8 without a byte order mark by default.
    /// </summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes, 1 MiB by default; a longer one is skipped, and logged as an error.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>
    /// Lets the process go on when the connection has ended whose handler calls this; its output then goes to its log.
    /// </summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <summary>Waits until the process has ended or Ctrl+C is pressed, with the handlers in this session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: outputs the process before waiting.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    object?[] IServiceParameters.HandlerArguments => [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
            return;
        object? input = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        if (AsBytes)
            AddBytes(input is object[] many ? many.SelectMany(_parts.Add) : _parts.Add(input));
        else
            AddLines(input);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ArgumentList?.Any(argument => argument is ScriptBlock or PSObject { BaseObject: ScriptBlock }) == true)
            ThrowTerminatingError(Errors.HandlerMisplaced(CommandName));
        if (Terminal)
            this.RefuseParameter([nameof(OnErrorOutput)], "with -Terminal, where all output is one");
        else
            this.RefuseParameter([nameof(Columns), nameof(Rows)], "without -Terminal");
        if (_inputBytes is not null)
            AddBytes(_parts.End());
        var options = new ProcessOptions
        {
            FileName = FindProgram(),
            Arguments = [.. (ArgumentList ?? []).Select(ToText)],
            Environment = ToVariables(),
            WorkingDirectory = WorkingDirectory is null
                ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                : GetUnresolvedProviderPathFromPSPath(WorkingDirectory),
            Input = _input,
            InputBytes = _inputBytes?.WrittenSpan.ToArray(),
            OutputIsBytes = AsBytes && OnOutput is not null,
            ErrorOutputIsBytes = AsBytes && OnErrorOutput is not null,
            Terminal = Terminal ? new TerminalSize(Columns, Rows) : null,
            Name = Name,
            Encoding = Encoding,
            MaxLineLength = MaxLineLength,
        };
        if (Wait)
            Starter.Serve(host => Start(host, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Start(host, options));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parts.Dispose();
        base.Dispose(disposing);
    }

    private void AddLines(object? input)
    {
        _input ??= [];
        if (LanguagePrimitives.GetEnumerable(input) is { } many)
            _input.AddRange(many.Cast<object?>().Select(ToText));
        else if (input is not null)
            _input.Add(ToText(input));
    }

    private void AddBytes(IEnumerable<object> parts)
    {
        _inputBytes ??= new ArrayBufferWriter<byte>();
        foreach (object part in parts)
            _inputBytes.Write(DataOutput.Encode(part, Encoding));
    }

    private ReactorProcess Start(ReactorHost host, ProcessOptions options)
    {
        HandlerScope scope = host.CreateInnerScope(SessionState);
        var scripts = new ProcessScripts(host, scope)
        {
            Initialization = Starter.CaptureInitialization(scope),
            StartedFor = Detached ? null : Session.StarterOn(host),
            OnOutput = Starter.Capture(scope, OnOutput),
            OnErrorOutput = Starter.Capture(scope, OnErrorOutput),
            OnExit = Starter.Capture(scope, OnExit),
            OnError = Starter.Capture(scope, OnError),
        };
        var process = new ReactorProcess(host.Reactor, options, scripts);
        void Begin()
        {
            scripts.Initialize();
            process.Start();
            scripts.StartedFor?.Own(process, isAnswer: true);
        }

        try
        {
            Starter.Start(host, process, Begin);
        }
        catch (Win32Exception e)
        {
            ThrowTerminatingError(Errors.ProcessStartFailed(e, options.FileName));
        }
        catch (PlatformNotSupportedException e)
        {
            ThrowTerminatingError(Errors.TerminalMissing(e));
        }

        return process;
    }

    private string FindProgram()
    {
        const CommandTypes Programs = CommandTypes.Application | CommandTypes.ExternalScript;
        CommandInfo? program = InvokeCommand.GetCommand(FilePath, Programs);
        if (program is null)
            ThrowTerminatingError(Errors.ProcessNotFound(FilePath));
        return program!.Definition;
    }

    private Dictionary<string, string?> ToVariables() => Environment
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => ToText(entry.Key), entry => entry.Value is null ? null : ToText(entry.Value));

    private static string ToText(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? "";
}
