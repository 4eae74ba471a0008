namespace TwistedPS.Engine.Loop;

/// <summary>A collector of output during a turn of a loop, sent at its end.</summary>
internal interface IFlushable
{
    void Flush();
}
