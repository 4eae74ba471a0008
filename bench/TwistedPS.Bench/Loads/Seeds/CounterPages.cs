using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Bench;

/// <summary>The pages of a web counter so far, whose numbers have to differ.</summary>
internal sealed partial class CounterPages
{
    private readonly HashSet<int> _numbers = [];

    /// <summary>Reads a response, if it is complete.</summary>
    /// <param name="response">What has come after the request.</param>
    /// <param name="isLast">Whether the server closes the connection after it.</param>
    /// <returns>False if more is to come.</returns>
    /// <exception cref="WrongReplyException">It is no page of a counter, or its number has been there.</exception>
    public bool TryRead(ReadOnlySpan<byte> response, out bool isLast)
    {
        isLast = false;
        int head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        string text = Encoding.Latin1.GetString(response);
        if (Page().Match(text) is not { Success: true } page)
            throw new WrongReplyException($"No page of the counter: {text}");
        int missing = head + 4 + Number(page.Groups["length"]) - text.Length;
        if (missing > 0)
            return false;
        if (missing < 0 || Body().Match(text, head + 4) is not { Success: true } body || !_numbers.Add(Number(body.Groups["number"])))
            throw new WrongReplyException($"No number of its own: {text}");
        isLast = text.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase);
        return true;
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\AHTTP/1\.1 200 .*?\r\nContent-Length: (?<length>\d+)\r\n", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Page();

    [GeneratedRegex(@"\GI am request #(?<number>\d+)\n\z")]
    private static partial Regex Body();
}
