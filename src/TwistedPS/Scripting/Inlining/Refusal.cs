using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The reason that a handler is not inlined, and its place in the handler.</summary>
internal sealed record Refusal(string Reason, IScriptExtent Place)
{
    /// <summary>A refusal unless a condition holds.</summary>
    public static Refusal? Unless(bool holds, Ast place, string reason) => holds ? null : new Refusal(reason, place.Extent);

    /// <summary>The first refusal in a row of parts.</summary>
    public static Refusal? FirstOf<T>(IEnumerable<T> parts, Func<T, Refusal?> find) =>
        parts.Select(find).FirstOrDefault(refusal => refusal is not null);

    /// <summary>The first line of some code, to be named in a reason.</summary>
    public static string Quote(Ast code) => $"'{code.Extent.Text.Split('\n')[0].TrimEnd()}'";

    public override string ToString() => $"{Reason}, at line {Place.StartLineNumber}, column {Place.StartColumnNumber}";
}
