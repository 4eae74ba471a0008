namespace TwistedPS.Engine.Services;

/// <summary>What the handlers' implementation keeps for a call in progress. On the reactor's thread only.</summary>
internal interface ICallState
{
    /// <summary>Sends the output of the call so far, if it is for that destination.</summary>
    /// <param name="destination">A connection, or the service to whose log output goes.</param>
    void SendOutput(object destination);
}
