using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Processes;

/// <summary>What a process is started with. The defaults are those of the cmdlet.</summary>
internal sealed record ProcessOptions
{
    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What its environment has besides ours; null takes a variable out.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null for the present one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The lines of its input, after which the input ends; null leaves it open.</summary>
    public IReadOnlyList<string>? Input { get; init; }

    public string? Name { get; init; }

    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest line of its output, in bytes.</summary>
    public int MaxLineLength { get; init; } = 1024 * 1024;

    /// <summary>How many bytes may wait for it to read them when more are sent.</summary>
    public int InputLimit { get; init; } = 1024 * 1024;

    /// <summary>How long a stop waits before it kills.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the ends of its output are waited for when it has ended: what it has started may hold them open.</summary>
    public TimeSpan OutputDrainTime { get; init; } = TimeSpan.FromSeconds(1);

    public LineFramer CreateFramer() => new(LineDelimiter.Auto, Encoding, MaxLineLength);
}
