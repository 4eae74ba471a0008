namespace TwistedPS.Consoles;

/// <summary>What has a terminal show in color who says something; nothing where there are to be no colors.</summary>
/// <param name="Sent">Before what is typed.</param>
/// <param name="Received">Before what the server says.</param>
/// <param name="Status">Before what the console itself says.</param>
/// <param name="End">After each of them.</param>
internal sealed record ConsoleColors(string Sent, string Received, string Status, string End)
{
    public static ConsoleColors None { get; } = new("", "", "", "");

    /// <summary>Cyan, green and yellow.</summary>
    public static ConsoleColors Standard { get; } = new("\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[0m");
}
