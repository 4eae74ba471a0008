namespace TwistedPS.Engine.Groups;

/// <summary>
/// The subjects of messages: words with dots between, such as <c>orders.new</c>, case-sensitive. In a pattern, <c>*</c> is any
/// one word, and <c>&gt;</c> at the end one or more.
/// </summary>
internal static class Subjects
{
    private const string AnyWord = "*";
    private const string AnyWords = ">";
    private const int MostLength = 1024;

    /// <summary>Whether a pattern matches other subjects than itself.</summary>
    public static bool IsPattern(string subject) => Array.Exists(subject.Split('.'), word => word is AnyWord or AnyWords);

    /// <summary>Returns what is wrong with a subject; null if it can be published to.</summary>
    public static string? WhyInvalid(string subject) =>
        WhyInvalidPattern(subject) ?? (IsPattern(subject) ? "it has a wildcard" : null);

    /// <summary>Returns what is wrong with a pattern; null if it can be subscribed to.</summary>
    public static string? WhyInvalidPattern(string pattern)
    {
        if (pattern.Length > MostLength)
            return $"it is longer than {MostLength} characters";
        if (pattern.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return "it has a blank in it";
        string[] words = pattern.Split('.');
        if (words.Contains(""))
            return "it has an empty word";
        if (words[..^1].Contains(AnyWords))
            return "> stands for the last words only";
        return Array.Exists(words, word => word.Length > 1 && word.AsSpan().IndexOfAny('*', '>') >= 0)
            ? "a wildcard is a word of its own"
            : null;
    }

    /// <summary>Whether a subject is one of a pattern.</summary>
    public static bool Matches(string pattern, string subject)
    {
        string[] wanted = pattern.Split('.');
        string[] words = subject.Split('.');
        for (int i = 0; i < wanted.Length; i++)
        {
            if (i == words.Length)
                return false;
            if (wanted[i] == AnyWords)
                return true;
            if (wanted[i] != AnyWord && wanted[i] != words[i])
                return false;
        }

        return wanted.Length == words.Length;
    }
}
