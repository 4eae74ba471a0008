namespace TwistedPS.Bench;

/// <summary>The locations of the module and the peers.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PeersFolder { get; } = Path.Combine(Root, "bench", "peers");

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "TwistedPS.psd1"))
        ? folder
        : Find(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))
            ?? throw new DirectoryNotFoundException("TwistedPS.psd1 is in none of the folders above."));
}
