namespace TwistedPS.Scripting;

/// <summary>Marks a scriptblock that the cmdlet calls while it runs, where the caller stands: <c>$using:</c> in it is the caller's.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InPlaceAttribute : Attribute;
