using TwistedPS.Engine.Policies;

namespace TwistedPS.Commands;

/// <summary>The way from what the caller of a cmdlet has given to policies.</summary>
internal static class PolicyReading
{
    /// <summary>Reads ranges of addresses; ends the cmdlet if one of them is none.</summary>
    public static AddressList ReadAddresses(this TwistedCommand cmdlet, string[] allowed, string[] denied)
    {
        try
        {
            return new AddressList([.. allowed.Select(AddressRange.Parse)], [.. denied.Select(AddressRange.Parse)]);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(Errors.InvalidAddressRange(e, cmdlet.CommandName));
            throw;
        }
    }

    /// <summary>Makes the path of a traffic log independent of the current location; ends the cmdlet if it can't be written.</summary>
    public static string? ReadTrafficLog(this TwistedCommand cmdlet, string? given)
    {
        if (given is null)
            return null;
        string path = cmdlet.GetUnresolvedProviderPathFromPSPath(given);
        if (Directory.Exists(path))
            path = Path.Combine(path, $"{TrafficLog.NumberInPath}.log");
        try
        {
            TrafficLog.Check(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cmdlet.ThrowTerminatingError(Errors.LogPath(path, e));
            throw;
        }
    }
}
