namespace TwistedPS;

/// <summary>Whether a server wants a certificate of its clients.</summary>
public enum ClientCertificateMode
{
    /// <summary>It asks for none.</summary>
    None,

    /// <summary>It asks for one, serves clients without, and refuses one that it does not trust.</summary>
    Allow,

    /// <summary>It refuses clients without one that it trusts.</summary>
    Require,
}
