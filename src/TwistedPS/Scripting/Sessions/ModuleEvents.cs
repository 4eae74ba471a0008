using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS;

/// <summary>The clean-up on removal of the module, which stops everything that it has started in the session.</summary>
public sealed class ModuleEvents : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => Session.Current.StopAll();
}
