using System.Globalization;

namespace TwistedPS.Soak;

/// <summary>The vital signs of the subject at one time.</summary>
/// <param name="Heap">The bytes of its objects, after a collection.</param>
/// <param name="Resident">The bytes of memory that the system has given it.</param>
/// <param name="Descriptors">Its open file descriptors.</param>
/// <param name="Threads">Its threads, without idle workers.</param>
/// <param name="Runspaces">Its runspaces, without idle workers.</param>
/// <param name="Children">The processes that it has started.</param>
/// <param name="Services">The servers, clients, timers and processes on its reactors.</param>
/// <param name="Connections">The connections of its servers.</param>
internal sealed record Vitals(
    long Heap, long Resident, int Descriptors, int Threads, int Runspaces, int Children, int Services, int Connections)
{
    private const double Megabyte = 1e6;

    /// <summary>The signs, with the growth that is still no leak: pools and tables that have filled up.</summary>
    public static IReadOnlyList<Sign> Signs { get; } =
    [
        new("heap, MB", it => it.Heap / Megabyte, 12),
        new("resident memory, MB", it => it.Resident / Megabyte, 120),
        new("descriptors", it => it.Descriptors, 5),
        new("threads", it => it.Threads, 10),
        new("runspaces", it => it.Runspaces, 0),
        new("child processes", it => it.Children, 0),
        new("services", it => it.Services, 0),
        new("connections", it => it.Connections, 0),
    ];

    /// <summary>A vital sign.</summary>
    /// <param name="Name">The name, with its unit.</param>
    /// <param name="Of">Its value.</param>
    /// <param name="GrowthAllowed">The largest growth that is none.</param>
    internal sealed record Sign(string Name, Func<Vitals, double> Of, double GrowthAllowed)
    {
        public bool HasGrown(Vitals before, Vitals after) => Of(after) - Of(before) > GrowthAllowed;

        public string Show(Vitals vitals) => Of(vitals).ToString("0.#", CultureInfo.InvariantCulture);
    }
}
