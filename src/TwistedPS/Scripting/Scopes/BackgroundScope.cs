using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>
/// A separate module in the reactor's runspace, whose handlers share <c>$script:</c> only with each other.
/// </summary>
internal sealed class BackgroundScope(SessionState session) : HandlerScope(leaveSession: true)
{
    private readonly string _location = session.Path.CurrentFileSystemLocation.ProviderPath;
    private readonly BorrowedNames _names = new();
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

    public override Func<ScriptBlock> Capture(ScriptBlock script, SessionState session)
    {
        var text = ScriptText.Capture(script, session, Values);
        _names.Add(script, session);
        return () => text.Rebuild(Module.NewBoundScriptBlock);
    }

    public override ScriptBlock? Adopt(ScriptBlock built, ScriptBlock handler) => Module.NewBoundScriptBlock(built);

    public override Action? CaptureInitialization(ScriptBlock script, object?[] arguments)
    {
        Func<ScriptBlock> capture = Capture(script, session);
        return () =>
        {
            ScriptBlock initialization = capture();
            if (initialization.Ast is ScriptBlockAst definitions)
                OwnPatterns.Give(definitions, RegexOptions.None);
            Module.SessionState.InvokeCommand.InvokeScript(useLocalScope: false, initialization, null, arguments);
        };
    }

    public override IEnumerable<string> MissingNames() => _names.MissingIn(Module.SessionState);
}
