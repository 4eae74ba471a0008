using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Completers;

/// <summary>A completer of the paths of files that may have certificates, keys or revocation lists, and of folders.</summary>
public sealed class CertificatePathCompleter : IArgumentCompleter
{
    private static readonly string[] s_extensions = [".pem", ".pfx", ".p12", ".crt", ".cer", ".der", ".key", ".crl"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete).Where(result =>
            result.ResultType == CompletionResultType.ProviderContainer
            || s_extensions.Contains(Path.GetExtension(result.ListItemText), StringComparer.OrdinalIgnoreCase));
}
