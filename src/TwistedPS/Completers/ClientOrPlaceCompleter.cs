using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of line clients, in whose place may also stand where to connect to.</summary>
public sealed class ClientOrPlaceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        IEnumerable<CompletionResult> Complete(CandidateCompleter completer) =>
            completer.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
        IEnumerable<CompletionResult> clients = Complete(new ServiceCompleter<LineClient>());
        return CandidateCompleter.IsNamed(parameterName, commandAst) ? clients : clients.Concat(Complete(new ClientEndpointCompleter()));
    }
}
