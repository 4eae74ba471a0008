using System.Management.Automation;
using TwistedPS.Engine.Services;
using TwistedPS.Scripting;

namespace TwistedPS;

/// <summary>The clean-up on removal of the module, which stops everything that it has started in the session, and says so.</summary>
public sealed class ModuleEvents : IModuleAssemblyCleanup
{
    private const int MostNamed = 10;

    // A warning must not end the removal half-way, whatever the session prefers.
    private static readonly ScriptBlock s_warn = ScriptBlock.Create("""
        param($Text)
        if ($WarningPreference -in 'Stop', 'Inquire') { $WarningPreference = 'Continue' }
        Microsoft.PowerShell.Utility\Write-Warning $Text
        """);

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        string[] alive = [.. Session.Current.Alive<Service>().Select(service => service.Description)];
        string? cluster = ReactorCluster.Current.Name;
        Session.Current.StopAll();
        ReactorCluster.Current.Exit();
        string[] done =
        [
            .. alive.Length > 0 ? [$"has stopped: {List(alive)}"] : Array.Empty<string>(),
            .. cluster is null ? Array.Empty<string>() : [$"has left the cluster {cluster}"],
        ];
        if (done.Length > 0)
            s_warn.Invoke(VisibleText.Of($"The module {nameof(TwistedPS)} was removed, which {string.Join(", and ", done)}."));
    }

    private static string List(string[] names) => names.Length <= MostNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed))}, and {names.Length - MostNamed} more";
}
