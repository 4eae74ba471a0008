namespace TwistedPS.Engine.Services;

/// <summary>The turns of those who append to the same file. Thread-safe.</summary>
internal static class FileTurns
{
    private static readonly Dictionary<string, (object Lock, int Users)> s_files = [];

    /// <summary>Does work on a file while nobody else does any there.</summary>
    public static void Run(string path, Action work)
    {
        try
        {
            lock (Join(path))
                work();
        }
        finally
        {
            Leave(path);
        }
    }

    private static object Join(string path)
    {
        lock (s_files)
        {
            (object Lock, int Users) file = s_files.GetValueOrDefault(path, (new object(), 0));
            s_files[path] = file with { Users = file.Users + 1 };
            return file.Lock;
        }
    }

    private static void Leave(string path)
    {
        lock (s_files)
        {
            (object Lock, int Users) file = s_files[path];
            if (file.Users == 1)
                s_files.Remove(path);
            else
                s_files[path] = file with { Users = file.Users - 1 };
        }
    }
}
