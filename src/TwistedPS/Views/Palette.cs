namespace TwistedPS.Views;

/// <summary>The ways to set text off on a terminal, which do nothing where colours are not wanted.</summary>
/// <param name="isPlain">Whether they do nothing.</param>
internal sealed class Palette(bool isPlain)
{
    public string Bold(string text) => Paint("1", text);

    public string Dim(string text) => Paint("2", text);

    public string Bad(string text) => Paint("91", text);

    public string Warn(string text) => Paint("93", text);

    public string Bars(string text) => Paint("36", text);

    public string Heading(string text) => Paint("7", text);

    private string Paint(string code, string text) => isPlain || text.Length == 0 ? text : $"\x1b[{code}m{text}\x1b[0m";
}
