using System.Net;

namespace TwistedPS.Engine.Policies;

/// <summary>The limit of open connections, in all and from one address. On the reactor's thread.</summary>
internal sealed class ConnectionLimit(int? max, int? maxPerAddress)
{
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <summary>Takes a place if one is free.</summary>
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

    /// <summary>Frees a place taken by <see cref="TryEnter"/>.</summary>
    public void Leave(Address from)
    {
        _count--;
        if (from.IP is { } address && --_byAddress[address] == 0)
            _byAddress.Remove(address);
    }
}
