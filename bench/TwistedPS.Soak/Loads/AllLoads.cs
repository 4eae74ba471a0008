namespace TwistedPS.Soak;

/// <summary>All loads, with each poller.</summary>
internal static class AllLoads
{
    /// <param name="folder">The folder with the logs of the subject.</param>
    public static IReadOnlyList<ISoakLoad> Create(string folder) =>
        [.. Create("auto", folder), .. Create("pool", folder), new Pages()];

    private static IEnumerable<ISoakLoad> Create(string poller, string folder)
    {
        string Line(string text) => $"{text}\r\n";
        ISoakLoad Lines(string server, int inFlight = 30, Func<string, string>? answer = null) =>
            new Conversation($"{server}-{poller}", Line, answer ?? Line) { InFlight = inFlight };

        yield return Lines("echo");
        yield return Lines("scope");
        yield return Lines("order", answer: text => $"1 {text}\r\n2 {text}\r\n3 {text}\r\n");
        yield return Lines("errors", answer: text => text.EndsWith('7') ? "error\r\n" : $"{text}\r\n");
        yield return Lines("logged");
        yield return Lines("relay");
        yield return Lines("deferred", inFlight: 1);
        yield return Lines("timer", inFlight: 1);
        yield return new Conversation($"process-{poller}", Line, Line) { InFlight = 1, Pause = TimeSpan.FromMilliseconds(500) };
        yield return new Conversation($"client-{poller}", Line, Line) { InFlight = 1, Pause = TimeSpan.FromMilliseconds(100) };
        yield return new Conversation($"bytes-{poller}", text => text, text => text);
        yield return new Conversation($"framed-{poller}", Netstring, Netstring);
        yield return new GroupTalk($"group-{poller}");
        yield return new Flood($"echo-{poller}");
        yield return new Flood($"scope-{poller}");
        yield return new Nuisance($"echo-{poller}");
        yield return new Nuisance($"order-{poller}");
        yield return new Nuisance($"deferred-{poller}");
        yield return new Killed($"echo-{poller}");
        yield return new Killed($"scope-{poller}");
        yield return new Hole($"hole-{poller}");
        yield return new FullDisk($"logged-{poller}", folder);
        yield return new Crowd($"echo-{poller}");
    }

    private static string Netstring(string text) => $"{text.Length}:{text},";
}
