using System.Reflection;
using System.Runtime.Loader;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Commands;

/// <summary>The packages that know a kind of broker, which are installed beside this module, and loaded when they are needed.</summary>
internal static class BackplanePackages
{
    private static readonly Dictionary<string, string> s_packages = new(StringComparer.Ordinal)
    {
        ["nats"] = "TwistedPS.Nats",
        ["tls"] = "TwistedPS.Nats",
        ["redis"] = "TwistedPS.Redis",
        ["rediss"] = "TwistedPS.Redis",
    };

    private static readonly Dictionary<string, IBackplaneProvider> s_loaded = new(StringComparer.Ordinal);

    /// <summary>The schemes of addresses that a package knows.</summary>
    public static IEnumerable<string> Schemes => s_packages.Keys;

    /// <summary>Returns the name of the package for a scheme; null if none knows it.</summary>
    public static string? NameFor(string scheme) => s_packages.GetValueOrDefault(scheme);

    /// <summary>Loads a package, once.</summary>
    /// <returns>Null if it is not installed.</returns>
    public static IBackplaneProvider? Load(string package)
    {
        lock (s_loaded)
        {
            if (s_loaded.TryGetValue(package, out IBackplaneProvider? known))
                return known;
            if (Find(package) is not { } file)
                return null;
            Assembly assembly = new PackageContext(package, Path.GetDirectoryName(file)!).LoadFromAssemblyPath(file);
            return s_loaded[package] = (IBackplaneProvider)Activator.CreateInstance(assembly.GetType($"{package}.Provider", throwOnError: true)!)!;
        }
    }

    /// <summary>Finds its assembly where modules are, the newest version first, or else where the build puts it.</summary>
    private static string? Find(string package)
    {
        string module = Path.GetDirectoryName(Path.GetDirectoryName(typeof(BackplanePackages).Assembly.Location))!;
        string[] places = [.. (Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(Path.PathSeparator), Path.Combine(module, "backplanes")];
        return places.Where(place => place.Length > 0)
            .Select(place => new DirectoryInfo(Path.Combine(place, package)))
            .Where(folder => folder.Exists)
            .SelectMany(folder => folder.EnumerateDirectories().OrderByDescending(VersionOf).Prepend(folder))
            .Select(folder => Path.Combine(folder.FullName, "lib", $"{package}.dll"))
            .FirstOrDefault(File.Exists);
    }

    private static Version VersionOf(DirectoryInfo folder) => Version.TryParse(folder.Name, out Version? version) ? version : new Version();

    /// <summary>The assemblies of a package, apart from those of the session, which may have others of the same names.</summary>
    private sealed class PackageContext(string package, string folder) : AssemblyLoadContext(package)
    {
        protected override Assembly? Load(AssemblyName name)
        {
            Assembly engine = typeof(IBackplane).Assembly;
            if (name.Name == engine.GetName().Name)
                return engine;
            string file = Path.Combine(folder, $"{name.Name}.dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
