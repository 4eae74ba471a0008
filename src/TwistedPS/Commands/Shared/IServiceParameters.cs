using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>The parameters of the cmdlets that start something on a reactor.</summary>
internal interface IServiceParameters
{
    ScriptBlock? InitializationScript { get; }

    object?[]? ArgumentList { get; }

    Alive<Reactor>? Reactor { get; }

    string? Name { get; }

    string? LogPath { get; }

    LogLevel LogLevel { get; }

    /// <summary>The extra arguments of the handlers and the initialization script.</summary>
    object?[] HandlerArguments => ArgumentList ?? [];
}
