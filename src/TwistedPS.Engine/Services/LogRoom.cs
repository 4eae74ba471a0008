namespace TwistedPS.Engine.Services;

/// <summary>The room for lines that wait for a disk, of one file or of several. Thread-safe.</summary>
/// <param name="capacity">The characters for which there is room; 16 million by default.</param>
internal sealed class LogRoom(long capacity = 1 << 24)
{
    private long _waiting;

    /// <returns>False if there is no room for the line.</returns>
    public bool TryEnter(string line)
    {
        if (Interlocked.Read(ref _waiting) + line.Length > capacity)
            return false;
        Enter(line);
        return true;
    }

    /// <summary>Adds a line whether or not there is room.</summary>
    public void Enter(string line) => Interlocked.Add(ref _waiting, line.Length);

    public void Leave(string line) => Interlocked.Add(ref _waiting, -line.Length);
}
