using System.Text;

namespace TwistedPS.Consoles;

/// <summary>
/// A file of the lines typed, one a line, which consoles share. Each line is appended by itself, while no other console has the
/// file open. It is cut to the newest lines when it has twice as many as are kept.
/// </summary>
/// <param name="path">The file; it is created with the first line, for its owner alone.</param>
/// <param name="failed">Called with the reason when it can't be read or written, once.</param>
internal sealed class HistoryFile(string path, Action<string> failed)
{
    private const int Tries = 50;

    private static readonly TimeSpan s_tryAgainAfter = TimeSpan.FromMilliseconds(10);

    private int _count;
    private bool _hasFailed;

    /// <summary>The place where PSReadLine would put such a file; null if there is none.</summary>
    public static string? DefaultPath
    {
        get
        {
            string? data = OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Microsoft", "Windows", "PowerShell")
                : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } given
                    ? given
                    : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "", ".local", "share"), "powershell");
            return Path.IsPathRooted(data) ? Path.Combine(data, "TwistedPS", "LineClient_history.txt") : null;
        }
    }

    /// <summary>Reads the newest lines, the oldest first.</summary>
    public IReadOnlyList<string> Read()
    {
        string[] lines = [];
        if (File.Exists(path))
            Do(file => lines = ReadAll(file));
        _count = lines.Length;
        return lines[^Math.Min(lines.Length, LineHistory.Capacity)..];
    }

    public void Add(string line) => Do(file =>
    {
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        if (++_count > 2 * LineHistory.Capacity)
            Cut(file);
    });

    private void Do(Action<FileStream> work)
    {
        if (_hasFailed)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using FileStream file = OpenAlone();
            work(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            failed(e.Message);
        }
    }

    private FileStream OpenAlone()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (tries < Tries && File.Exists(path))
            {
                // Another console has it for the time of a line. .NET opens a file at once or not at all, and a mutex would not
                // know the consoles of another machine or container with the same home folder.
                Thread.Sleep(s_tryAgainAfter);
            }
        }
    }

    private void Cut(FileStream file)
    {
        string[] lines = ReadAll(file);
        string[] newest = lines[^Math.Min(lines.Length, LineHistory.Capacity)..];
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(newest.Select(line => line + "\n")));
        file.Seek(0, SeekOrigin.Begin);
        file.Write(bytes);
        file.SetLength(bytes.Length);
        _count = newest.Length;
    }

    private static string[] ReadAll(FileStream file)
    {
        file.Seek(0, SeekOrigin.Begin);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
