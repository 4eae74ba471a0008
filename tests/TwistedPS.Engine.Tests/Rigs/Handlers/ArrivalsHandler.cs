using System.Text;

namespace TwistedPS.Tests;

/// <summary>A handler that accepts all that has arrived in one call. A line <c>2</c> asks for two bytes.</summary>
/// <param name="seen">What it was given, that of each call in brackets.</param>
internal sealed class ArrivalsHandler(List<string> seen) : IServerHandler, IConnectionHandler<string>
{
    public bool HandlesData => true;

    public void Received(Connection connection, MessageBatch<string> messages)
    {
        seen.Add("[");
        while (messages.NextCall())
        {
            seen.Add($"{messages.Kind} {(messages.Given as string ?? Encoding.ASCII.GetString(messages.Data))}");
            if (messages.Current == "2")
                ((LineConnection)connection).ReadBytes(2);
        }

        seen.Add("]");
    }

    public void Received(Connection connection, string message) => Assert.Fail("Nothing comes one by one.");

    public void Connected(Connection connection)
    {
    }

    public void ReadEnded(Connection connection)
    {
    }

    public void Disconnected(Connection connection, CloseReason reason)
    {
    }

    public void Started(Server server)
    {
    }

    public void Stopped(Server server)
    {
    }
}
