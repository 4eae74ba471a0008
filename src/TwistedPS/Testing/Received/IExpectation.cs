using System.Text;

namespace TwistedPS.Testing;

/// <summary>What a client is expected to have received.</summary>
internal interface IExpectation
{
    /// <summary>The words for all of it, such as <c>the lines 'a', 'b'</c>.</summary>
    string Description { get; }

    /// <summary>Whether it is about more than one message.</summary>
    bool IsPlural { get; }

    /// <summary>Returns whether the messages are as expected; null where that depends on those that follow.</summary>
    bool? IsMet(List<object> received);

    /// <summary>Returns the messages that were not expected, after it was met.</summary>
    IEnumerable<object> Others(List<object> received);

    /// <summary>Returns the words for what came instead, after it was not met, or not yet; null where all that came was expected.</summary>
    string? Difference(List<object> received, Encoding encoding);
}
