using System.Management.Automation;

namespace TwistedPS.Commands;

/// <summary>The operator -HaveReceived of Pester's Should, and its alias -HaveReceivedLine, which come with the module.</summary>
public sealed class PesterOperator : IModuleAssemblyInitializer
{
    // The cmdlet itself, as its name may mean nothing where Pester runs the test.
    private const string Script = """
        param($Assertion)
        if (Get-Command Add-ShouldOperator -CommandType Function -ListImported -ErrorAction Ignore) {
            Add-ShouldOperator -Name HaveReceived -Alias HaveReceivedLine -Test {
                param($ActualValue, $ExpectedValue, [switch] $AmongOthers, $Timeout, $Because, [switch] $Negate)
                $parameters = @{ Client = $ActualValue; Expected = $ExpectedValue; AmongOthers = $AmongOthers; Because = $Because; Not = $Negate }
                if ($null -ne $Timeout) { $parameters.Timeout = $Timeout }
                try {
                    & $Assertion @parameters
                    [pscustomobject]@{ Succeeded = $true }
                }
                catch { [pscustomobject]@{ Succeeded = $false; FailureMessage = "$_" } }
            }.GetNewClosure()
        }
        """;

    /// <inheritdoc/>
    public void OnImport() => Register();

    /// <summary>Adds it where Pester is loaded in the session of the calling thread, unless it is there already.</summary>
    internal static void Register()
    {
        if (!Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "Pester"))
            return;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(Script, useLocalScope: true).AddArgument(new CmdletInfo("Assert-ReceivedMessage", typeof(AssertReceivedMessageCommand)));
        shell.Invoke();
    }
}
