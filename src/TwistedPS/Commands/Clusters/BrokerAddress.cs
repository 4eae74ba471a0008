using System.Text.RegularExpressions;

namespace TwistedPS.Commands;

/// <summary>The address of a broker as a user gives it, which may have a password in it.</summary>
internal static partial class BrokerAddress
{
    /// <summary>Returns an address without the credentials, also one that is invalid.</summary>
    public static string Hide(string address) => Credentials().Replace(address, "");

    /// <summary>Reads an address.</summary>
    /// <returns>What is wrong with it; null if it is one of a broker.</returns>
    public static string? TryRead(string address, out Uri? place)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out place) || !address.Contains("://", StringComparison.Ordinal))
            return WhyUnreadable(address);
        if (BackplanePackages.NameFor(place.Scheme) is null)
            return $"its scheme is none of {string.Join(", ", BackplanePackages.Schemes)}";
        if (place.Host.Length == 0)
            return "it has no host";
        return place.Port == 0 ? "its port is none of 1 to 65535" : WhyTooLong(place);
    }

    private static string? WhyTooLong(Uri place) =>
        place.PathAndQuery is "" or "/" && place.Fragment.Length == 0 ? null : "it goes on after the host and port";

    private static string WhyUnreadable(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal))
            return "it has no scheme, such as nats://";
        string place = Hide(address);
        if (place.EndsWith("://", StringComparison.Ordinal))
            return "it has no host";
        if (Uri.TryCreate(place, UriKind.Absolute, out _))
            return "its user or password has characters that must be encoded, such as %2F for /";
        return Uri.TryCreate(Port().Replace(place, ""), UriKind.Absolute, out _) ? "its port is none of 1 to 65535" : "its host is not valid";
    }

    // Up to the last @, since a password that was not encoded may have others.
    [GeneratedRegex(@"(?<=^([A-Za-z][A-Za-z0-9+.-]*://)?)(?![A-Za-z][A-Za-z0-9+.-]*://).*@", RegexOptions.Singleline)]
    private static partial Regex Credentials();

    [GeneratedRegex(":[^:/]*/?$")]
    private static partial Regex Port();
}
