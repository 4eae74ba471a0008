namespace TwistedPS.Scripting;

/// <summary>The output of a call in progress that was not sent yet. On the reactor's thread only.</summary>
internal interface IPendingOutput
{
    /// <summary>Sends it; a deferred waits for the end of the call, which may still add callbacks.</summary>
    void Send();
}
