using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Processes;

/// <summary>The form in which the output of a process is delivered. On the reactor's thread only.</summary>
internal interface IOutputForm
{
    /// <summary>Consumes and delivers what is whole at the front of the bytes.</summary>
    /// <returns>False if nothing is.</returns>
    bool DeliverNext(PooledBuffer bytes);

    /// <summary>Delivers what is left at the end of the output. Called once.</summary>
    void DeliverRest(PooledBuffer bytes);
}
