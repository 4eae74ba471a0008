namespace TwistedPS.Soak;

/// <summary>Something that peers do again and again.</summary>
internal interface ISoakLoad
{
    string Name { get; }

    /// <summary>The number of peers that do it at once.</summary>
    int Peers { get; }

    /// <summary>Whether it needs the subject to have nobody else.</summary>
    bool IsAlone => false;

    /// <summary>The pause between two times.</summary>
    TimeSpan Pause => TimeSpan.Zero;

    /// <summary>Does it once. Other exceptions than of the subject's misbehaviour are none of its own.</summary>
    Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel);
}
