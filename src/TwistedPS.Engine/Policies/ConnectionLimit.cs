using System.Net;

namespace TwistedPS.Engine.Policies;

/// <summary>How many connections may be open at once, in all and from one address. On the reactor's thread.</summary>
internal sealed class ConnectionLimit(int? max, int? maxPerAddress)
{
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <summary>Takes a place, or says no.</summary>
    public bool TryEnter(Address from)
    {
        IPAddress? address = from.IP;
        int fromAddress = address is null ? 0 : _byAddress.GetValueOrDefault(address);
        if (_count >= max || (address is not null && fromAddress >= maxPerAddress))
            return false;
        _count++;
        if (address is not null)
            _byAddress[address] = fromAddress + 1;
        return true;
    }

    /// <summary>Frees a place that <see cref="TryEnter"/> gave.</summary>
    public void Leave(Address from)
    {
        _count--;
        if (from.IP is { } address && --_byAddress[address] == 0)
            _byAddress.Remove(address);
    }
}
