namespace TwistedPS.Scripting.Inlining;

/// <summary>The certain knowledge of a value.</summary>
internal enum ValueKind
{
    /// <summary>Nothing: to use it may run a script.</summary>
    Any,

    /// <summary>Text or a number, or several of them.</summary>
    Plain,

    /// <summary>The parts of a split text: several texts, or one.</summary>
    Parts,

    /// <summary>One text.</summary>
    Text,
}
