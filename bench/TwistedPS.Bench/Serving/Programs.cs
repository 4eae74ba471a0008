using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>The installed programs, and what they print.</summary>
internal static class Programs
{
    private static readonly string[] s_pythons = ["python3", "/usr/bin/python3"];

    /// <summary>Returns the path of a program, or null if there is none; searches the PATH for a name.</summary>
    public static string? Find(string name)
    {
        string file = OperatingSystem.IsWindows() ? Path.ChangeExtension(name, ".exe") : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Returns the first Python interpreter, not a script that starts one, that can run a statement. A distribution's Python
    /// has the distribution's packages, whichever Python the PATH finds.
    /// </summary>
    public static string? FindPython(string statement) =>
        s_pythons.Select(Find).OfType<string>()
            .Select(python => Ask(python, "-c", statement + "; import sys; print(sys.executable)"))
            .FirstOrDefault(path => path is not null);

    /// <summary>Returns the output of a program, or null if it fails.</summary>
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
