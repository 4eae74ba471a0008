using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TwistedPS.Engine.Addresses;

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

    /// <summary>The time of the sighting: the number that the server gave.</summary>
    public long Time { get; }

    /// <summary>Its brand; never empty.</summary>
    public string Brand { get; }

    /// <summary>Its color; never empty.</summary>
    public string Color { get; }

    /// <summary>The server's host, as given.</summary>
    public string ComputerName { get; }

    /// <summary>The server's port.</summary>
    public int Port { get; }

    /// <summary>Returns <c>time:brand:color</c>, as on the wire.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}:{Brand}:{Color}");

    /// <summary>Parses <c>time:brand:color</c>.</summary>
    /// <returns>True if there are three fields, none of them empty, and the time is a whole number.</returns>
    internal static bool TryParse(string record, HostAddress server, [NotNullWhen(true)] out RemoteCar? car)
    {
        car = record.Split(':') is [string time, { Length: > 0 } brand, { Length: > 0 } color]
            && long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? new RemoteCar(number, brand, color, server)
                : null;
        return car is not null;
    }
}
