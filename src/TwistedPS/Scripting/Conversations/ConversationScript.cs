using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scriptblock of a server's conversations, in a form that runs in the runspace of any worker.</summary>
internal sealed class ConversationScript
{
    /// <summary>The name of the command that sends what a conversation outputs. It exists in the module's own runspaces only.</summary>
    public const string OutputCommand = "Send-ConversationOutput";

    // Within a try with a catch, an error that ends a statement ends the conversation, as it ends a handler.
    private const string Runner = $$"""
        param($initialization, $conversation, $arguments, $more, $begin, $initialized, $Connection, $Server)
        try {
            $begin.Invoke()
            $_ = $Connection
            if ($initialization) { $null = . $initialization @more }
            $initialized.Invoke($ExecutionContext.SessionState)
            & $conversation @arguments | {{OutputCommand}}
        }
        catch { throw }
        """;

    private readonly BorrowedNames _names = new();
    private readonly Session _session;
    private readonly ScriptText _script;
    private readonly ScriptText? _initialization;
    private readonly object?[] _arguments;

    /// <param name="script">The scriptblock, or a function.</param>
    /// <param name="initialization">The script that runs before it in the same scope; null for none.</param>
    /// <param name="arguments">Its arguments after the connection, and those of the initialization.</param>
    /// <param name="session">The session to which warnings go.</param>
    /// <param name="values">The way of values into the scripts.</param>
    /// <param name="caller">The session state of the cmdlet that it was given to, on whose thread this is.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable of it does not exist.</exception>
    /// <exception cref="ScriptNotCallableException">It has begin, process, end or clean blocks.</exception>
    public ConversationScript(
        ScriptBlock script, ScriptBlock? initialization, object?[] arguments, Session session, ScriptValues values, SessionState caller)
    {
        ScriptHandler.RequireCallable(script);
        _session = session;
        _script = ScriptText.Capture(script, caller, values);
        _initialization = initialization is null ? null : ScriptText.Capture(initialization, caller, values);
        _arguments = [.. arguments.Select(argument => values.Carry(argument, caller, "-ArgumentList"))];
        Location = caller.Path.CurrentFileSystemLocation.ProviderPath;
        _names.Add(script, caller);
        if (initialization is not null)
            _names.Add(initialization, caller);
    }

    /// <summary>The working directory.</summary>
    public string Location { get; }

    /// <summary>Adds its call to a pipeline, for a connection.</summary>
    public void AddTo(PowerShell pipeline, Action begin, Connection connection)
    {
        object?[] arguments = [connection, .. _arguments];
        pipeline
            .AddScript(Runner, useLocalScope: true)
            .AddArgument(_initialization?.Rebuild(pipeline.Runspace))
            .AddArgument(_script.Rebuild(pipeline.Runspace))
            .AddArgument(arguments)
            .AddArgument(_arguments)
            .AddArgument(begin)
            .AddArgument((Action<SessionState>)WarnOnce)
            .AddArgument(connection)
            .AddArgument(connection.Owner);
    }

    /// <summary>Warns of what the conversation uses and only the session has that has registered it.</summary>
    private void WarnOnce(SessionState worker)
    {
        lock (_names)
            _session.Warn(_names.MissingIn(worker));
    }
}
