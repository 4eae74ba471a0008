namespace TwistedPS.Completers;

/// <summary>A completer of the framings that have a name.</summary>
public sealed class FramingCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("Raw", "The data of each read, as it comes"),
            ("Netstring", "5:hello,"),
            ("Length8", "A length of 1 byte before the message"),
            ("Length16", "A length of 2 bytes, high byte first"),
            ("Length16LE", "A length of 2 bytes, low byte first"),
            ("Length32", "A length of 4 bytes, high byte first"),
            ("Length32LE", "A length of 4 bytes, low byte first"),
            ("Length64", "A length of 8 bytes, high byte first"),
            ("Length64LE", "A length of 8 bytes, low byte first"),
            ("Varint", "A length as a varint, as in protobuf"),
            ("Decimal", "5 hello, as in syslog over TCP"),
            ("Fixed:128", "Messages of so many bytes"),
            (@"Until:\0", "Messages that end with these bytes"),
            ("Json", "Lines of JSON, as objects"),
            ("Json:AsHashtable", "Lines of JSON, as hashtables"),
        ];
}
