using System.Net;

namespace TwistedPS.Engine.Addresses;

/// <summary>A table of names and their addresses; all other names are unknown.</summary>
/// <param name="addresses">The addresses of the names; it finds them in any case.</param>
internal sealed class TableResolver(IReadOnlyDictionary<string, IPAddress[]> addresses) : NameResolver
{
    /// <inheritdoc/>
    public override string ToString() => $"Table of {addresses.Count}";

    internal override Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancel) => addresses.TryGetValue(name, out IPAddress[]? found)
        ? Task.FromResult(found)
        : Task.FromException<IPAddress[]>(Unknown());
}
