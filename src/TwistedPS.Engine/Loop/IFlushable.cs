namespace TwistedPS.Engine.Loop;

/// <summary>What gathers output during a turn of a loop and sends it at its end.</summary>
internal interface IFlushable
{
    void Flush();
}
