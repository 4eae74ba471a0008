using System.Management.Automation;

namespace TwistedPS.Testing;

/// <summary>Clients in memory as tests get them: with their servers as a property.</summary>
internal static class TestClients
{
    private const string Server = "Server";

    /// <summary>Returns a client with its server.</summary>
    public static PSObject WithServer(Service client, Service server)
    {
        var output = PSObject.AsPSObject(client);
        output.Properties.Add(new PSNoteProperty(Server, server));
        return output;
    }

    /// <summary>Returns the server of a client in memory; null for any other client.</summary>
    public static Service? ServerOf(Service client) => PSObject.AsPSObject(client).Properties[Server]?.Value as Service;
}
