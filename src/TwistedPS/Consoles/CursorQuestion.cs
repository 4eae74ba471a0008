namespace TwistedPS.Consoles;

/// <summary>The question for the cursor that .NET asks the terminal where PowerShell draws progress, or writes a line beside it.</summary>
/// <remarks>
/// The terminal answers as if it were typed, and Ctrl+C discards what is typed and not read yet. .NET waits for the answer
/// without a limit, and lets nobody else read meanwhile: the prompt would hang for good.
/// </remarks>
internal static class CursorQuestion
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Asks anew each second, until the question is answered.</summary>
    public static async Task RepeatAsync(Func<bool> isOpen)
    {
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected || Console.IsOutputRedirected)
            return;
        using var timer = new PeriodicTimer(s_pause);
        try
        {
            using Stream terminal = Console.OpenStandardOutput();

            // An answer that nobody waits for would be typed at the prompt.
            while (await timer.WaitForNextTickAsync().ConfigureAwait(false) && isOpen())
                terminal.Write("\u001b[6n"u8);
        }
        catch (IOException)
        {
            // There is no terminal any more, and so no prompt.
        }
    }
}
