using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Engine.Addresses;

/// <summary>
/// The parts of an endpoint string: values between colons, the first of them the prefix, others perhaps with a name before
/// an equals sign. A backslash makes the character after it an ordinary one. As an addition to Twisted's syntax, the colons
/// of an IPv6 address need none where the address is in brackets, or is the value of a name.
/// </summary>
internal static class EndpointWords
{
    /// <summary>Splits an endpoint string.</summary>
    /// <exception cref="FormatException">It ends in the middle of an escape, or of brackets.</exception>
    public static List<(string? Name, string Value)> Split(string text)
    {
        var words = new List<(string? Name, string Value)>();
        int place = 0;
        do
            words.Add(ReadWord(text, ref place));
        while (place++ < text.Length);
        return JoinAddresses(words);
    }

    /// <summary>Reads up to a colon, or the end.</summary>
    private static (string? Name, string Value) ReadWord(string text, ref int place)
    {
        string? name = null;
        var value = new StringBuilder();
        for (; place < text.Length && text[place] != ':'; place++)
        {
            if (text[place] == '=' && name is null)
            {
                name = value.ToString();
                value.Clear();
            }
            else if (text[place] == '[' && value.Length == 0)
            {
                int end = text.IndexOf(']', place);
                if (end < 0)
                    throw new FormatException("a bracket is not closed");
                value.Append(text.AsSpan(place, end - place + 1));
                place = end;
            }
            else
            {
                if (text[place] == '\\' && ++place == text.Length)
                    throw new FormatException("it ends in a backslash, which escapes the character after it");
                value.Append(text[place]);
            }
        }

        return (name, value.ToString());
    }

    private static List<(string? Name, string Value)> JoinAddresses(List<(string? Name, string Value)> words)
    {
        var joined = new List<(string? Name, string Value)>();
        for (int i = 0; i < words.Count; i++)
        {
            (string? name, string value) = words[i];
            int end = i + 1;
            while (name is not null && end < words.Count && words[end].Name is null)
                end++;
            for (; end > i + 1; end--)
            {
                string longer = string.Join(':', words[i..end].Select(word => word.Value));
                if (!IsIPv6(longer))
                    continue;
                (value, i) = (longer, end - 1);
                break;
            }

            joined.Add((name, value));
        }

        return joined;
    }

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
