namespace TwistedPS.Scripting;

/// <summary>Output that is sent as text, and the media type of it alone.</summary>
internal sealed record HttpText(string MediaType, string Text)
{
    public override string ToString() => Text;
}
