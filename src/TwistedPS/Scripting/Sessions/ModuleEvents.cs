using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS;

/// <summary>Removing the module stops whatever it has started in the session.</summary>
public sealed class ModuleEvents : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => Session.Current.StopAll();
}
