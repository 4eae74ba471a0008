using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// The near end of a pseudo-terminal: the keyboard and the screen of a program. It exists until both streams are closed; what still
/// runs at it is hung up then.
/// </summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const string Shell = "/bin/sh";

    // The program opens its end by the path, so no other process can inherit it.
    private const string Script = "exec \"$@\" <>\"$0\" >&0 2>&0";

    private static readonly string? s_sessionStarter = FindOnPath("setsid");

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private PseudoTerminal(SafeFileHandle handle)
    {
        _handle = handle;
        _path = TerminalCalls.PathOf(handle);
        Output = new TerminalStream(handle);
        Input = new TerminalStream(TerminalCalls.Duplicate(handle));
    }

    /// <summary>What appears on the screen.</summary>
    public TerminalStream Output { get; }

    /// <summary>What is typed.</summary>
    public TerminalStream Input { get; }

    /// <exception cref="PlatformNotSupportedException">This system has none.</exception>
    /// <exception cref="Win32Exception">The system has no more of them.</exception>
    public static PseudoTerminal Open(TerminalSize size, Encoding encoding)
    {
        if (!OperatingSystem.IsLinux() || s_sessionStarter is null)
            throw new PlatformNotSupportedException("There are no terminals for programs here: that takes Linux, and the program setsid.");
        SafeFileHandle handle = TerminalCalls.Open();
        try
        {
            TerminalCalls.Resize(handle, size);
            if (encoding.CodePage == Encoding.UTF8.CodePage)
                TerminalCalls.ExpectUtf8(handle);
            return new PseudoTerminal(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns how to start a program at the other end. The shell and setsid, which begins a session whose terminal it is, are replaced
    /// by the program; .NET can neither begin a session nor be forked.
    /// </summary>
    /// <exception cref="Win32Exception">The file is no program.</exception>
    public ProcessStartInfo StartInfoFor(string program, IEnumerable<string> arguments)
    {
        CheckExecutable(program);
        return new ProcessStartInfo(Shell, ["-c", Script, _path, s_sessionStarter!, "-c", "--", program, .. arguments]);
    }

    /// <summary>Changes its size; does nothing when it is gone.</summary>
    public void Resize(TerminalSize size)
    {
        try
        {
            TerminalCalls.Resize(_handle, size);
        }
        catch (ObjectDisposedException)
        {
            // The program has ended meanwhile.
        }
    }

    public void Dispose()
    {
        Output.Dispose();
        Input.Dispose();
    }

    // The one who fails to execute it would be setsid, which has only the terminal to say so.
    private static void CheckExecutable(string program)
    {
        const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const int NoSuchFile = 2;
        const int NoPermission = 13;
        if (OperatingSystem.IsWindows() || !program.Contains('/'))
            return;
        if (!File.Exists(program))
            throw new Win32Exception(Directory.Exists(program) ? NoPermission : NoSuchFile);
        if ((File.GetUnixFileMode(program) & Executable) == 0)
            throw new Win32Exception(NoPermission);
    }

    private static string? FindOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Append("/usr/bin")
        .Append("/bin")
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
