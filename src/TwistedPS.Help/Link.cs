namespace TwistedPS.Help;

/// <summary>A related link on a cmdlet's page.</summary>
internal sealed record Link(string Text, string Url)
{
    /// <summary>Whether Get-Help finds it by its name: another cmdlet, or a topic.</summary>
    public bool IsHelp => Url.EndsWith(".help.txt", StringComparison.Ordinal) || Url == $"{Text}.md";
}
