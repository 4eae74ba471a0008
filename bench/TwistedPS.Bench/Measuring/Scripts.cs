using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>Random lines, the same in every run.</summary>
internal static class Scripts
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int Seed = 4;
    private const int MostLines = 4096;
    private const int FewestLines = 128;
    private const int Bytes = 1 << 18;

    /// <summary>Returns a script of lines of a length, without the line break, that are echoed.</summary>
    public static Script Echo(int length, string prefix = "", bool isFramed = false)
    {
        var random = new Random(Seed);
        return Make(
            length,
            () =>
            {
                string line = prefix + Text(random, length - prefix.Length);
                return (line, line);
            },
            isFramed);
    }

    /// <summary>Returns a script of one line that has the same reply each time.</summary>
    /// <param name="line">The line.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="greeting">The line that a server sends to whoever connects; empty for none.</param>
    /// <param name="lineEnd">The line break.</param>
    public static Script Repeat(string line, string reply, string greeting = "", string lineEnd = "\r\n") =>
        new([.. Enumerable.Repeat((line, reply), FewestLines)], lineEnd: lineEnd)
        {
            Greeting = greeting.Length == 0 ? [] : Script.Encode(greeting, isFramed: false, lineEnd),
        };

    /// <summary>Returns a script of commands for the handler that does work, one in ten unknown.</summary>
    public static Script Work(int length) =>
        OfRandom(length, random => Command(random, random.Next(8, length - "UPPER ".Length)));

    /// <summary>Returns a script of lines that are wanted in upper case.</summary>
    public static Script Upper(int length) => OfRandom(length, random =>
    {
        string line = Text(random, length);
        return (line, line.ToUpperInvariant());
    });

    /// <summary>Returns a script of seconds since 1970, whose date is wanted.</summary>
    public static Script Dates() => OfRandom(10, random =>
    {
        int seconds = random.Next();
        return (Invariant($"{seconds}"), Invariant($"{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-dd}"));
    });

    /// <summary>Returns a script of words, of which those of more than four letters are wanted.</summary>
    public static Script Words() => OfRandom(64, random =>
    {
        string[] words = [.. Enumerable.Range(0, 10).Select(_ => Text(random, random.Next(2, 9)))];
        return (string.Join(' ', words), string.Join(' ', words.Where(word => word.Length > 4)));
    });

    /// <summary>Returns a script of orders as JSON, whose name and total are wanted.</summary>
    public static Script Orders() => OfRandom(64, random =>
    {
        (string name, int price, int count) = (Text(random, 12), random.Next(1000), random.Next(100));
        return (Invariant($$"""{"name":"{{name}}","price":{{price}},"count":{{count}}}"""), Invariant($"{name}: {price * count}"));
    });

    /// <summary>Returns a script of words and numbers to be exchanged, one in ten without.</summary>
    public static Script Matches() => OfRandom(64, random =>
    {
        (string name, int number) = (Text(random, 24), random.Next());
        return random.Next(10) == 0 ? (name, "ERR") : (Invariant($"{name} is {number}"), Invariant($"{number} is {name}"));
    });

    private static (string Request, string Reply) Command(Random random, int length)
    {
        string text = Text(random, length);
        (int a, int b) = (random.Next(1_000_000), random.Next(1_000_000));
        return random.Next(10) switch
        {
            0 => ("LAST" + text, "ERR unknown command"),
            1 or 2 or 3 => (Invariant($"ADD {a} {b}"), Invariant($"{a + b}")),
            4 or 5 => ("UPPER " + text, text.ToUpperInvariant()),
            6 or 7 => ("LEN " + text, Invariant($"{text.Length}")),
            _ => ("ECHO " + text, text),
        };
    }

    private static Script OfRandom(int length, Func<Random, (string Request, string Reply)> next)
    {
        var random = new Random(Seed);
        return Make(length, () => next(random));
    }

    private static Script Make(int length, Func<(string Request, string Reply)> next, bool isFramed = false)
    {
        int count = Math.Clamp(Bytes / length, FewestLines, MostLines);
        return new Script(Enumerable.Range(0, count).Select(_ => next()).ToArray(), isFramed);
    }

    private static string Text(Random random, int length) => string.Create(length, random, static (characters, random) =>
    {
        foreach (ref char character in characters)
            character = Letters[random.Next(Letters.Length)];
    });

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
