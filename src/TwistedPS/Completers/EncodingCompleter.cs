namespace TwistedPS.Completers;

/// <summary>A completer of the usual encodings.</summary>
public sealed class EncodingCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("utf8", "UTF-8"),
            ("ascii", "ASCII"),
            ("latin1", "ISO 8859-1"),
            ("ansi", "The ANSI code page of the culture"),
            ("oem", "The OEM code page of the culture on Windows, UTF-8 elsewhere"),
            ("unicode", "UTF-16, low byte first"),
            ("bigendianunicode", "UTF-16, high byte first"),
            ("utf32", "UTF-32, low byte first"),
        ];
}
