using System.Globalization;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>One entry of a log.</summary>
/// <param name="Time">The time of the entry, in local time.</param>
/// <param name="Level">Its severity.</param>
/// <param name="Source">Its subject: a server's name, or <c>name,number,address</c> for one of its connections.</param>
/// <param name="Message">Its text.</param>
public sealed record LogEntry(DateTimeOffset Time, LogLevel Level, string Source, string Message)
{
    /// <summary>
    /// Returns the entry as a line of a log file: <c>2011-08-29 13:32:35+0200 [Echo,0,127.0.0.1] text</c>. Line breaks and
    /// other control characters are escapes there, so that data from a peer never looks like an entry.
    /// </summary>
    public override string ToString()
    {
        string time = Time.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);
        return VisibleText.Of($"{time.Remove(time.Length - 3, 1)} [{Source}] {Message}");
    }
}
