using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// The streams of a cmdlet, for what handlers have done meanwhile. To a caller who prefers to stop at errors or warnings, the
/// host shows them instead: they are not the cmdlet's own, and must end neither it nor what else the reactor serves.
/// </summary>
internal sealed class HandlerReport(PSCmdlet cmdlet)
{
    public void Error(ErrorRecord error)
    {
        if (Stops("ErrorAction", "ErrorActionPreference"))
            cmdlet.Host.UI?.WriteErrorLine(VisibleText.Of($"{Errors.Describe(error)}"));
        else
            cmdlet.WriteError(error);
    }

    public void Warning(string text)
    {
        if (Stops("WarningAction", "WarningPreference"))
            cmdlet.Host.UI?.WriteWarningLine(text);
        else
            cmdlet.WriteWarning(text);
    }

    public void Information(InformationRecord record)
    {
        if (Stops("InformationAction", "InformationPreference"))
            cmdlet.Host.UI?.WriteLine($"{record}");
        else
            cmdlet.WriteInformation(record);
    }

    private bool Stops(string parameter, string variable)
    {
        if (!cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out object? preference))
            preference = cmdlet.SessionState.PSVariable.GetValue(variable);
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
            && action is ActionPreference.Stop or ActionPreference.Inquire;
    }
}
