using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>A car that a server has seen.</summary>
public sealed class RemoteCar
{
    private RemoteCar(long time, string brand, string color, HostAddress server)
    {
        Time = time;
        Brand = brand;
        Color = color;
        ComputerName = server.Host;
        Port = server.Port;
    }

    /// <summary>The time of the sighting: the number given by the server.</summary>
    public long Time { get; }

    /// <summary>Its brand; never empty.</summary>
    public string Brand { get; }

    /// <summary>Its color; never empty.</summary>
    public string Color { get; }

    /// <summary>The server's host, as given.</summary>
    public string ComputerName { get; }

    /// <summary>The server's port.</summary>
    public int Port { get; }

    /// <summary>Returns <c>time:brand:color</c>, the wire format, on one line: control characters are escapes.</summary>
    public override string ToString() => VisibleText.Of(string.Create(CultureInfo.InvariantCulture, $"{Time}:{Brand}:{Color}"));

    /// <summary>Parses <c>time:brand:color</c>.</summary>
    /// <returns>False unless there are three fields, none of them empty, and the time is a whole number.</returns>
    internal static bool TryParse(string record, HostAddress server, [NotNullWhen(true)] out RemoteCar? car)
    {
        car = record.Split(':') is [string time, { Length: > 0 } brand, { Length: > 0 } color]
            && long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? new RemoteCar(number, brand, color, server)
                : null;
        return car is not null;
    }
}
