namespace TwistedPS.Consoles;

/// <summary>What a key asks of the console, beyond a change of the line.</summary>
internal enum EditorAction
{
    None,

    /// <summary>The line is to be sent.</summary>
    Enter,

    /// <summary>There is no more input.</summary>
    End,

    /// <summary>The screen is to be cleared.</summary>
    Clear,

    /// <summary>The keys are to be listed.</summary>
    Help,
}
