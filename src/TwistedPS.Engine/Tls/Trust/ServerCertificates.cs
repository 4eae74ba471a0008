namespace TwistedPS.Engine.Tls;

/// <summary>The certificates of a server, by the server names that clients ask for (SNI).</summary>
/// <param name="named">
/// The certificates, each with a name: that of a host, <c>*.</c> and a domain for all hosts right in it, or <c>*</c> for
/// anything else. Without <c>*</c> the first is for anything else.
/// </param>
internal sealed class ServerCertificates(IReadOnlyList<(string Name, OwnCertificate Certificate)> named)
{
    /// <summary>Creates one for all names.</summary>
    public ServerCertificates(OwnCertificate certificate)
        : this([("*", certificate)])
    {
    }

    public IEnumerable<OwnCertificate> All => named.Select(one => one.Certificate);

    /// <summary>Whether it matters which name a client asks for.</summary>
    public bool AreNamed => named.Count > 1;

    /// <summary>Returns the certificate for a name, which may be empty.</summary>
    public OwnCertificate Find(string serverName)
    {
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return Get(serverName) ?? (dot > 0 ? Get($"*{serverName[dot..]}") : null) ?? Get("*") ?? named[0].Certificate;
    }

    private OwnCertificate? Get(string name) =>
        named.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)).Certificate;
}
