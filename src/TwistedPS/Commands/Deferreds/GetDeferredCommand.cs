using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Lists the deferreds of this session, as Get-Job lists jobs.</summary>
/// <remarks>
/// Listed are the deferreds of New-Deferred and Start-Deferred, in handlers as well, that still wait or that a variable holds.
/// Listing keeps none alive, except that of those made at the prompt each reactor keeps the last 20 that have succeeded, for
/// Receive-Deferred. One that has failed, and that nobody holds, is gone when its error is shown.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "Deferred", DefaultParameterSetName = ByName, HelpUri = Pages + "Get-Deferred.md")]
[OutputType(typeof(Deferred))]
public sealed class GetDeferredCommand : TwistedCommand
{
    private const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>The names of the deferreds, with wildcards; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeferredCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The numbers of the deferreds.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [WholeNumberTransformation]
    public int[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ById)
            this.WriteById(LiveKinds.Deferreds, Session.Deferreds, Id);
        else
            this.WriteByName(LiveKinds.Deferreds, Name);
    }
}
