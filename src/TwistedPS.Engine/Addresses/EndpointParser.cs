using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Addresses;

/// <summary>The parser of endpoint strings, of servers or of clients.</summary>
internal sealed partial class EndpointParser
{
    private readonly IReadOnlyList<EndpointSyntax> _syntaxes;
    private readonly bool _isServer;

    private EndpointParser(IReadOnlyList<EndpointSyntax> syntaxes, bool isServer) => (_syntaxes, _isServer) = (syntaxes, isServer);

    public static EndpointParser Server { get; } = new(EndpointSyntax.Servers, isServer: true);

    public static EndpointParser Client { get; } = new(EndpointSyntax.Clients, isServer: false);

    /// <exception cref="FormatException">It is no endpoint; the message says why, and what one looks like.</exception>
    public EndpointString Parse(string text)
    {
        try
        {
            return ParseTrimmed(text.Trim()) with { Text = text };
        }
        catch (FormatException e)
        {
            string forms = _isServer
                ? "Give a port, 'host:port', or an endpoint string such as 'tcp:80:interface=::1' or 'unix:/run/x.sock'."
                : "Give 'host:port', or an endpoint string such as 'tcp:localhost:80' or 'unix:/run/x.sock'.";
            throw new FormatException($"'{text}' is no place to {(_isServer ? "listen" : "connect to")}: {e.Message}. {forms}");
        }
    }

    private EndpointString ParseTrimmed(string text)
    {
        if (text.Length == 0)
            throw new FormatException("it is empty");
        string prefix = text[..Math.Max(text.IndexOf(':'), 0)];
        if (_syntaxes.FirstOrDefault(it => it.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase)) is { } syntax)
            return ParseArguments(syntax, EndpointWords.Split(text[(prefix.Length + 1)..]));
        return ParseEveryday(text);
    }

    private EndpointString ParseEveryday(string text)
    {
        if (IsIPv6(text))
            return At(text, null);
        Match match = HostAndPort().Match(text);
        if (match.Success)
            return At(match.Groups["host"].Value, match.Groups["port"].Value);
        if (text.All(char.IsAsciiDigit))
            return At("", text);
        if (text.IndexOf(':') is var colon and > 0)
            throw new FormatException($"'{text[..colon]}' is no kind of endpoint; there are {string.Join(", ", _syntaxes.Select(it => it.Prefix))}");
        return At(text, null);
    }

    /// <param name="host">A host, perhaps in brackets; empty where there is none.</param>
    /// <param name="port">A port; null where there is none.</param>
    private EndpointString At(string host, string? port)
    {
        string? name = host.Length == 0 ? null : ToHost(host);
        int? number = port is null ? null : ToPort(port);
        if (_isServer)
        {
            return new EndpointString
            {
                Text = "",
                Kind = EndpointKind.Tcp,
                Interface = name,
                Port = number ?? throw new FormatException($"it has no port{WellKnownPorts.Remark(host)}"),
            };
        }

        return new EndpointString { Text = "", Kind = EndpointKind.Tcp, Host = name ?? "localhost", Port = number };
    }

    private EndpointString ParseArguments(EndpointSyntax syntax, List<(string? Name, string Value)> words)
    {
        Dictionary<string, string> arguments = Name(syntax, words);
        if (syntax.Positional.Take(syntax.Required).FirstOrDefault(it => !arguments.ContainsKey(it)) is { } missing)
            throw new FormatException($"it has no {missing}");
        var endpoint = new EndpointString { Text = "", Kind = syntax.Kind };
        foreach ((string name, string value) in arguments)
            endpoint = Apply(endpoint, name, value);
        return endpoint;
    }

    /// <summary>Gives the arguments without a name theirs. With a host by name, Twisted's clients take a number as the port.</summary>
    private Dictionary<string, string> Name(EndpointSyntax syntax, List<(string? Name, string Value)> words)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string? name, string value) in words.Where(word => word.Name is not null))
        {
            string known = syntax.Find(name!)
                ?? throw new FormatException($"'{syntax.Prefix}' has no argument '{name}'; it has {string.Join(", ", syntax.Names)}");
            Add(arguments, known, value);
        }

        var unnamed = new Queue<string>(syntax.Positional.Where(it => _isServer || !arguments.ContainsKey(it)));
        foreach ((_, string value) in words.Where(word => word.Name is null))
        {
            if (!unnamed.TryDequeue(out string? name))
                throw new FormatException($"'{value}' is one argument too many; the colons of a value are written '\\:'");
            Add(arguments, name, value);
        }

        return arguments;
    }

    private static void Add(Dictionary<string, string> arguments, string name, string value)
    {
        if (!arguments.TryAdd(name, value))
            throw new FormatException($"it has two values for {name}");
    }

    private EndpointString Apply(EndpointString endpoint, string name, string value) => name switch
    {
        "host" => endpoint with { Host = ToHost(value) },
        "port" => endpoint with { Port = ToPort(value) },

        // Twisted's word for all of them.
        "interface" => endpoint with { Interface = value.Length == 0 ? "*" : ToHost(value) },
        "address" or "path" => endpoint with { Path = NotEmpty(name, value) },
        "mode" => endpoint with { Mode = FileModes.Parse(value) },
        "backlog" => endpoint with { Backlog = ToNumber(name, value, 1, 65535) },
        "timeout" => endpoint with { Timeout = TimeSpan.FromSeconds(ToNumber(name, value, 1, 4_000_000)) },
        "bindAddress" => endpoint with { BindAddress = ToAddress(name, value) },
        "certKey" or "certificate" => endpoint with { CertificatePath = NotEmpty(name, value) },
        "privateKey" => endpoint with { KeyPath = NotEmpty(name, value) },
        "extraCertChain" => endpoint with { ChainPath = NotEmpty(name, value) },
        "caCertsDir" or "trustRoots" => endpoint with { TrustPath = NotEmpty(name, value) },
        "hostname" => endpoint with { ServerName = NotEmpty(name, value) },
        "sslmethod" => endpoint with { Method = NotEmpty(name, value) },

        // What has no effect here is looked at all the same.
        "lockfile" => ToNumber(name, value, 0, 1) >= 0 ? endpoint : endpoint,
        _ => NotEmpty(name, value).Length > 0 ? endpoint : endpoint,
    };

    private int ToPort(string text) => ToNumber("port", text, _isServer ? 0 : 1, IPEndPoint.MaxPort);

    private string ToHost(string text)
    {
        string host = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (host != text && !IsIPv6(host))
            throw new FormatException($"'{host}' is no IPv6 address");
        if (string.IsNullOrWhiteSpace(host))
            throw new FormatException("its host is empty");
        if (host == "*" && !_isServer)
            throw new FormatException("'*' is no host");
        return host;
    }

    private static IPAddress ToAddress(string name, string text) => IPAddress.TryParse(text.Trim('[', ']'), out IPAddress? address)
        ? address
        : throw new FormatException($"the {name} '{text}' is no IP address");

    private static int ToNumber(string name, string text, int least, int most) =>
        text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit) && int.Parse(text, null) is var number && number >= least && number <= most
            ? number
            : throw new FormatException($"the {name} '{text}' is no number from {least} to {most}{(name == "port" ? WellKnownPorts.Remark(text) : "")}");

    private static string NotEmpty(string name, string text) =>
        text.Length > 0 ? text : throw new FormatException($"its {name} is empty");

    private static bool IsIPv6(string text) => !text.StartsWith('[')
        && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    [GeneratedRegex(@"\A(?<host>\[[^\[\]]*\]|[^\[\]:=\\/]*):(?<port>[^:=]*)\z")]
    private static partial Regex HostAndPort();
}
