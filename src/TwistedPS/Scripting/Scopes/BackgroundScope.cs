using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// A separate module in the reactor's runspace, whose handlers share <c>$script:</c> only with each other.
/// </summary>
internal sealed class BackgroundScope(SessionState session) : HandlerScope
{
    private readonly string _location = session.Path.CurrentFileSystemLocation.ProviderPath;
    private PSModuleInfo? _module;

    // A module can only be created on the thread of its runspace.
    private PSModuleInfo Module
    {
        get
        {
            if (_module is null)
            {
                _module = new PSModuleInfo(linkToGlobal: true);
                _module.SessionState.Path.SetLocation(WildcardPattern.Escape(_location));
            }

            return _module;
        }
    }

    public override Func<BoundScript> Capture(ScriptBlock script)
    {
        ScriptText text = ScriptText.Capture(script, session);
        return () => new BoundScript(Bind(text));
    }

    public override Func<ScriptBlock> CaptureCollector(ScriptBlock handler) =>
        () => Module.NewBoundScriptBlock(ScriptBlock.Create(CollectorText));

    public override ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler) => Module.NewBoundScriptBlock(built);

    public override Action? CaptureInitialization(ScriptBlock script, object?[] arguments)
    {
        Func<BoundScript> capture = Capture(script);
        return () => Module.SessionState.InvokeCommand.InvokeScript(useLocalScope: false, capture().Script, null, arguments);
    }

    private ScriptBlock Bind(ScriptText text)
    {
        foreach ((string name, object? value) in text.Variables)
            Module.SessionState.PSVariable.Set(name, value is ScriptText nested ? Bind(nested) : value);
        return Module.NewBoundScriptBlock(text.Rebuild());
    }
}
