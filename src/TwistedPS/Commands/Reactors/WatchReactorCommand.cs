using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Views;

namespace TwistedPS.Commands;

/// <summary>Shows all that is alive on one screen, each second anew.</summary>
/// <remarks>
/// The screen shows what is received and sent a second, how long handlers take, the slowest of them, the load of reactors, and
/// warnings and errors as they come. In front of a pipe, and where the output is redirected or the terminal can't draw, there is an
/// object for each server, client, timer and process and each interval instead. It ends with q, Escape or Ctrl+C, with -Count, or, without a
/// screen, when all that it was given has ended.
/// </remarks>
[Cmdlet(VerbsCommon.Watch, "Reactor", HelpUri = Pages + "Watch-Reactor.md")]
[OutputType(typeof(ServiceRate))]
public sealed class WatchReactorCommand : RateCommand
{
    private const int MostTroubles = 20;

    private static readonly TimeSpan s_lookForKeysEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The figure to sort the screen by; the keys that its last line names choose another.</summary>
    [Parameter]
    public RateOrder SortBy { get; set; }

    /// <summary>The time from one look to the next; one second by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of intervals after which it ends by itself; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Outputs objects at a terminal, too, as for a variable.</summary>
    [Parameter]
    public SwitchParameter AsObject { get; set; }

    // A cmdlet can't know that its output goes to a variable.
    private bool HasScreen =>
        !AsObject && Session.IsInFront && MyInvocation.PipelinePosition == MyInvocation.PipelineLength
        && !Console.IsOutputRedirected && Host.UI?.SupportsVirtualTerminal == true;

    private bool IsPlain =>
        Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
        || (SessionState.PSVariable.GetValue("PSStyle") is { } style
            && $"{PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value}" == "PlainText");

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        RequireTime(Interval, nameof(Interval));
        if (!HasTargets)
            return;
        if (HasScreen)
            ShowScreen();
        else
            WriteRates();
    }

    private void WriteRates()
    {
        Look();
        for (int count = 0; count != Count && HasTargets; count++)
        {
            this.Pause(Reactors, Interval);
            WriteObject(Look().Services, enumerateCollection: true);
        }
    }

    private void ShowScreen()
    {
        var model = new WatchModel { Order = SortBy };
        WatchFrame frame = CreateFrame();
        using var screen = new TerminalScreen();
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan due = TimeSpan.Zero;
        bool isNew = false;
        for (int looks = 0; !model.IsLeft && !(looks > Count); isNew = ReadKeys(model))
        {
            TimeSpan now = TimeProvider.System.GetElapsedTime(start);
            if (now >= due)
            {
                model.Add(Look(), FindTroubles());
                (due, isNew) = (due + Interval > now ? due + Interval : now + Interval, true);
                looks++;
            }

            // Handlers that run in the foreground write to the terminal themselves.
            bool isSpoilt = Array.Exists(Reactors, reactor => Session.FindHost(reactor) is { IsForeground: true });
            if (isSpoilt)
                screen.Invalidate();
            if (isNew || isSpoilt || screen.IsResized)
                Draw(screen, frame, model);
            this.Pause(Reactors, due - now < s_lookForKeysEvery ? due - now : s_lookForKeysEvery);
        }
    }

    private WatchFrame CreateFrame() => new(
        new Palette(IsPlain),
        new CellText(text => Host.UI.RawUI.LengthInBufferCells(text)),
        Console.OutputEncoding.CodePage is 65001 or 1200 ? Sparkline.Blocks : Sparkline.Ascii);

    private void Draw(TerminalScreen screen, WatchFrame frame, WatchModel model)
    {
        (int Width, int Height) size = TerminalScreen.Size;
        screen.Draw(frame.Draw(model, Interval, size.Width, size.Height), size);
    }

    /// <returns>Whether there were any.</returns>
    private static bool ReadKeys(WatchModel model)
    {
        bool any = false;

        // What is typed after the key that leaves is for the prompt.
        for (; !model.IsLeft && TerminalScreen.TryReadKey(out ConsoleKeyInfo key); any = true)
            model.Handle(key);
        return any;
    }

    private LogEntry[] FindTroubles() =>
        [.. Logs.SelectMany(log => log).Where(entry => entry.Level >= LogLevel.Warning).OrderByDescending(entry => entry.Time).Take(MostTroubles)];
}
