using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Processes;

/// <summary>The options of a process. The defaults are those of the cmdlet.</summary>
internal sealed record ProcessOptions
{
    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The changes to our environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The working directory; null for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The lines of its input, after which the input ends; null leaves it open.</summary>
    public IReadOnlyList<string>? Input { get; init; }

    /// <summary>The bytes of its input, after which the input ends; null leaves it open.</summary>
    public byte[]? InputBytes { get; init; }

    /// <summary>Whether its output is delivered as bytes, not as lines.</summary>
    public bool OutputIsBytes { get; init; }

    /// <summary>Whether its error output is delivered as bytes, not as lines.</summary>
    public bool ErrorOutputIsBytes { get; init; }

    /// <summary>The size of the terminal at which it runs; null for pipes.</summary>
    public TerminalSize? Terminal { get; init; }

    public string? Name { get; init; }

    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest line of its output, in bytes.</summary>
    public int MaxLineLength { get; init; } = 1024 * 1024;

    /// <summary>The number of unread bytes of input above which no more may be sent.</summary>
    public int InputLimit { get; init; } = 1024 * 1024;

    /// <summary>The longest time that a stop waits before it kills.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for the ends of its output once it has ended: its descendants may hold them open.</summary>
    public TimeSpan OutputDrainTime { get; init; } = TimeSpan.FromSeconds(1);

    public LineFramer CreateFramer() => new(LineDelimiter.Auto, Encoding, MaxLineLength);
}
