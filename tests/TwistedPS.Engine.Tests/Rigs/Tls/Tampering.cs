namespace TwistedPS.Tests;

/// <summary>What is done to the records of TLS on their way.</summary>
internal enum Tampering
{
    None,
    FlipBit,
    Reorder,
    Drop,
    Repeat,
    InsertPlainText,
    CutOff,
    CutOffAndEnd,
    Reset,
}
