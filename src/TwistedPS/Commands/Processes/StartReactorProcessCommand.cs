using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Processes;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Starts a program whose lines are events (Twisted's spawnProcess). It runs beside the reactor and ends with it.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "ReactorProcess")]
[OutputType(typeof(ReactorProcess))]
public sealed class StartReactorProcessCommand : ServiceCommand, IServiceParameters
{
    private static readonly ProcessOptions s_defaults = new() { FileName = "" };

    private List<string>? _input;

    /// <summary>The program: its path, or its name where the PATH leads to it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments, each passed as it is. Handlers take values over with $using: instead.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyCollection]
    public override object?[]? ArgumentList { get; set; }

    /// <summary>Called for each line of its output; $_ is the line. Without it the lines go to the log.</summary>
    [Parameter(Position = 2)]
    public ScriptBlock? OnOutput { get; set; }

    /// <summary>Called for each line of its error output; $_ is the line. Without it the lines go to the log.</summary>
    [Parameter]
    public ScriptBlock? OnErrorOutput { get; set; }

    /// <summary>Called once when it has ended, after its last line; $_ is the process, with its ExitCode.</summary>
    [Parameter]
    public ScriptBlock? OnExit { get; set; }

    /// <summary>Called when another handler throws; $_ is the error. The process runs on either way.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>What it is to read, a line for each object; its input ends then. Without it the input stays open for Send.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object?[]? InputObject { get; set; }

    /// <summary>Variables of its environment besides the present ones; $null takes one out.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Environment { get; set; } = new Hashtable();

    /// <summary>Where it runs; the present location by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>How its bytes become text and text its bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes, 1 MiB by default; a longer one is left out, and noted as an error.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Wait until it has ended or Ctrl+C, with the handlers in this very session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: output the process before waiting.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    object?[] IServiceParameters.HandlerArguments => [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
            return;
        _input ??= [];
        foreach (object? item in InputObject ?? [])
            _input.Add(ToText(item));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ArgumentList?.Any(argument => argument is ScriptBlock or PSObject { BaseObject: ScriptBlock }) == true)
            ThrowTerminatingError(Errors.HandlerMisplaced(CommandName));
        var options = new ProcessOptions
        {
            FileName = FindProgram(),
            Arguments = [.. (ArgumentList ?? []).Select(ToText)],
            Environment = ToVariables(),
            WorkingDirectory = WorkingDirectory is null
                ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
                : GetUnresolvedProviderPathFromPSPath(WorkingDirectory),
            Input = _input,
            Name = Name,
            Encoding = Encoding,
            MaxLineLength = MaxLineLength,
        };
        if (Wait)
            Starter.Serve(host => Start(host, options), PassThru);
        else
            WriteObject(Start(HostOrDefault(Reactor), options));
    }

    private ReactorProcess Start(ReactorHost host, ProcessOptions options)
    {
        HandlerScope scope = host.CreateInnerScope(SessionState);
        var scripts = new ProcessScripts(host, scope)
        {
            Initialization = Starter.CaptureInitialization(scope),
            StartedFor = host.CurrentRecipient,
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
