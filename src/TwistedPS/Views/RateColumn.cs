namespace TwistedPS.Views;

/// <summary>A column of the table of services.</summary>
/// <param name="Label">The heading.</param>
/// <param name="Width">The width in cells; the least one, where it may grow.</param>
/// <param name="Text">Returns its text for a service.</param>
/// <param name="IsWords">Whether it has words, which begin at the left, and not figures.</param>
internal sealed record RateColumn(string Label, int Width, Func<ServiceRate, string> Text, bool IsWords = false);
