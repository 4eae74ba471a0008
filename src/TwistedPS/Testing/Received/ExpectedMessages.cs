using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using TwistedPS.Engine.Framing;
using TwistedPS.Scripting;

namespace TwistedPS.Testing;

/// <summary>Messages that are expected one after the other: as the next ones, or with others before and among them.</summary>
/// <param name="expected">The messages, as text or bytes, patterns, or scripts that are true for them.</param>
/// <param name="noun">The word for one.</param>
/// <param name="amongOthers">Whether there may be others.</param>
/// <param name="encoding">The encoding of text.</param>
internal sealed class ExpectedMessages(object[] expected, string noun, bool amongOthers, Encoding encoding) : IExpectation
{
    public string Description => expected.Length switch
    {
        0 => $"a {noun}",
        1 => $"{(IsCondition(expected[0]) ? "a" : "the")} {noun} {ShownMessage.Of(expected[0], encoding)}",
        _ => $"the {noun}s {ShownMessage.All(expected, encoding)}",
    };

    public bool IsPlural => expected.Length > 1;

    public bool? IsMet(List<object> received)
    {
        if (expected.Length == 0)
            return received.Count > 0 ? true : null;
        if (Places(received).Count == expected.Length)
            return true;
        return !amongOthers && FirstWrong(received) is not null ? false : null;
    }

    public IEnumerable<object> Others(List<object> received)
    {
        HashSet<int> used = [.. Places(received)];
        return received.Where((_, at) => !used.Contains(at));
    }

    public string? Difference(List<object> received, Encoding encoding)
    {
        if (amongOthers)
            return received.Count == 0 ? null : $"{ShownMessage.All(received, encoding)} came";
        if (FirstWrong(received) is not { } wrong)
            return received.Count == 0 ? null : $"only {ShownMessage.All(received, encoding)} came";
        string came = ShownMessage.Of(received[wrong], encoding);
        return expected.Length == 1 ? $"{came} came" : $"{noun} {wrong + 1} was {came}";
    }

    /// <summary>Returns where those are that were expected, as far as they have come in their order.</summary>
    private List<int> Places(List<object> received)
    {
        List<int> places = [];
        for (int at = 0; at < received.Count && places.Count < expected.Length; at++)
        {
            if (Matches(expected[places.Count], received[at]))
                places.Add(at);
            else if (!amongOthers)
                break;
        }

        return places;
    }

    private int? FirstWrong(List<object> received)
    {
        int right = Places(received).Count;
        return right < Math.Min(received.Count, expected.Length) ? right : null;
    }

    private static bool IsCondition(object expected) => expected is Regex or ScriptBlock;

    private bool Matches(object expected, object received) => (expected, received) switch
    {
        (_, Exception) => false,
        (Regex pattern, _) => pattern.IsMatch(TextOf(received)),
        (ScriptBlock script, _) => LanguagePrimitives.IsTrue(
            script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, [new PSVariable("_", received)])),
        (_, string line) => line == LanguagePrimitives.ConvertTo<string>(expected),
        (_, byte[] bytes) => bytes.AsSpan().SequenceEqual(DataParts.BytesOf(expected) ?? RawOutput.Encode(expected, encoding)),
        _ => false,
    };

    private string TextOf(object received) => received as string ?? encoding.GetString((byte[])received);
}
