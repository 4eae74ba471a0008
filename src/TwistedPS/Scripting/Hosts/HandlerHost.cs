using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace TwistedPS.Scripting;

/// <summary>
/// The host of handlers in the background and of work in the pool. Nobody is there to be asked, and what they write goes to
/// their streams.
/// </summary>
internal sealed class HandlerHost : PSHost
{
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => nameof(TwistedPS);

    public override PSHostUserInterface UI { get; } = new HandlerUserInterface();

    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!;

    public override void EnterNestedPrompt() => throw Errors.NobodyToAsk();

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
