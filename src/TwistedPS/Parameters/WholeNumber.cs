using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>Whole numbers as a cmdlet's caller gives them. PowerShell would round others, and so mean another one.</summary>
internal static class WholeNumber
{
    /// <summary>Returns the whole number that is given as a number or its digits; null for anything else.</summary>
    public static long? Of(object? given) => (given is PSObject wrapped ? wrapped.BaseObject : given) switch
    {
        string text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long digits) ? digits : null,
        IConvertible other when LanguagePrimitives.TryConvertTo(other, out decimal number) && LanguagePrimitives.TryConvertTo(other, out long whole) && number == whole => whole,
        _ => null,
    };
}
