namespace TwistedPS.Scripting.Inlining;

/// <summary>What is sure of a value.</summary>
internal enum ValueKind
{
    /// <summary>Nothing: to use it may run a script.</summary>
    Any,

    /// <summary>Text or a number, or several of them.</summary>
    Plain,

    /// <summary>What text was split into: several texts, or one.</summary>
    Parts,

    /// <summary>One text.</summary>
    Text,
}
