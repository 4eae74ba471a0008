using System.Globalization;

namespace TwistedPS;

/// <summary>One entry of a log.</summary>
/// <param name="Time">When, in local time.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Source">
/// Whom it is about: a server's name, or <c>name,number,address</c> for one of its connections.
/// </param>
/// <param name="Message">What happened.</param>
public sealed record LogEntry(DateTimeOffset Time, LogLevel Level, string Source, string Message)
{
    /// <summary>
    /// The entry as a line of a log file: <c>2011-08-29 13:32:35+0200 [Echo,0,127.0.0.1] text</c>. Where the text has more
    /// lines, a tab begins each of them, so that what a peer has sent never looks like an entry.
    /// </summary>
    public override string ToString()
    {
        string time = Time.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);
        return $"{time.Remove(time.Length - 3, 1)} [{Source}] {Message.ReplaceLineEndings($"{Environment.NewLine}\t")}";
    }
}
