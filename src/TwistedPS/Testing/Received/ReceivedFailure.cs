namespace TwistedPS.Testing;

/// <summary>The words for an assertion that has failed: what was expected, and what came instead.</summary>
internal sealed class ReceivedFailure(ReceivedMessages messages, IExpectation expectation, List<object> received, TimeSpan timeout)
{
    /// <summary>Returns the message.</summary>
    /// <param name="isNegated">Whether it was expected not to come.</param>
    /// <param name="because">The reason; null for none.</param>
    public string Describe(bool isNegated, string? because)
    {
        string reason = string.IsNullOrWhiteSpace(because) ? "" : $", because {WithoutBecause(because.Trim())}";
        if (isNegated)
            return $"Expected {expectation.Description} not to come{reason}, but {(expectation.IsPlural ? "they" : "it")} did.{All}";
        string difference = expectation.Difference(received, messages.Encoding) ?? $"nothing came{Waited}";
        string end = messages.End is { } ended ? $", and {ended}" : "";
        return $"Expected {expectation.Description}{reason}, but {difference}{end}.{All}{HandlerError}";
    }

    private string All => received.Count > 1 && !messages.IsStream ? $" Received: {ShownMessage.All(received, messages.Encoding)}." : "";

    private string Waited => messages.End is null && ServerOf is null ? $" within {timeout.TotalSeconds:0.###} s" : "";

    /// <summary>The last error of the server's handlers, where it is known: it may be why nothing came.</summary>
    private string HandlerError => ServerOf is { Errors: [var last, ..] }
        ? $" {last.Handler} has failed: {last.Message.TrimEnd('.')}{(last.Where is null ? "" : $" ({last.Where})")}."
        : "";

    private Service? ServerOf => TestClients.ServerOf(messages.Client);

    private static string WithoutBecause(string reason) =>
        reason.StartsWith("because ", StringComparison.OrdinalIgnoreCase) ? reason["because ".Length..] : reason;
}
