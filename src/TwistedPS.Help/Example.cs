namespace TwistedPS.Help;

/// <summary>An example on a cmdlet's page: the text before its code, the code, and the text after it.</summary>
internal sealed record Example(string Title)
{
    public List<string> Introduction { get; } = [];

    public List<string> Code { get; } = [];

    public List<string> Remarks { get; } = [];
}
