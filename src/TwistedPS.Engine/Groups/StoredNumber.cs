using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace TwistedPS.Engine.Groups;

/// <summary>A whole number of 64 bits as the value of a store: decimal digits.</summary>
internal static class StoredNumber
{
    /// <summary>Returns a number as a value.</summary>
    public static byte[] Write(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns the number of a value, 0 of none.</summary>
    /// <exception cref="FormatException">The value is no whole number.</exception>
    public static long Read(byte[]? value)
    {
        if (value is null)
            return 0;
        return Utf8Parser.TryParse(value, out long number, out int length) && length == value.Length ? number : throw Invalid();
    }

    /// <summary>Returns the error of what is no whole number.</summary>
    public static FormatException Invalid(Exception? cause = null) => new("It is no whole number of 64 bits.", cause);
}
