using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>Looks for programs, and asks them what they are.</summary>
internal static class Programs
{
    private static readonly string[] s_pythons = ["python3", "/usr/bin/python3"];

    /// <summary>The program's path, or null where there is none; a name is looked for on the PATH.</summary>
    public static string? Find(string name)
    {
        string file = OperatingSystem.IsWindows() ? Path.ChangeExtension(name, ".exe") : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The interpreter itself, not a script that starts it: the first that can run a statement. A distribution's Python
    /// has the distribution's packages, whichever Python the PATH finds.
    /// </summary>
    public static string? FindPython(string statement) =>
        s_pythons.Select(Find).OfType<string>()
            .Select(python => Ask(python, "-c", statement + "; import sys; print(sys.executable)"))
            .FirstOrDefault(path => path is not null);

    /// <summary>What a program prints, or null where it fails.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        errors.Wait();
        return process.ExitCode == 0 ? output : null;
    }
}
