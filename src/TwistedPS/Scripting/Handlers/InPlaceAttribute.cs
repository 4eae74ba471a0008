namespace TwistedPS.Scripting;

/// <summary>
/// Marks a scriptblock that the cmdlet calls in the caller's scope while it runs; <c>$using:</c> in it is the caller's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InPlaceAttribute : Attribute;
