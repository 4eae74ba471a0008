using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Addresses;

/// <summary>A file as distinct from others that may have its path at other times.</summary>
/// <param name="Device">The number of its device.</param>
/// <param name="Number">Its number on the device; on Windows the time of its creation.</param>
/// <param name="IsSocket">Whether it is a socket.</param>
internal readonly partial record struct FileIdentity(long Device, long Number, bool IsSocket)
{
    private const int TypeMask = 0xF000;
    private const int Socket = 0xC000;

    /// <returns>The file at a path, which may be a link; null if there is none.</returns>
    public static unsafe FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsWindows())
            return OnWindows(path);
        FileStatus found;
        return LStat(path, &found) == 0
            ? new FileIdentity(found.Device, found.Inode, (found.Mode & TypeMask) == Socket)
            : null;
    }

    private static FileIdentity? OnWindows(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? new FileIdentity(0, file.CreationTimeUtc.Ticks, file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            : null;
    }

    // .NET's own shim, which looks the same on every system, unlike lstat, whose structure differs.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LStat(string path, FileStatus* found);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(4)]
        public int Mode;

        [FieldOffset(88)]
        public long Device;

        [FieldOffset(104)]
        public long Inode;
    }
}
