using System.Management.Automation;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>JSON lines: each is an object for the handler, and each object that it outputs is one.</summary>
/// <param name="asHashtables">Whether handlers get hashtables in place of objects.</param>
internal sealed class JsonOutput(bool asHashtables) : OutputFormat<byte[]>
{
    public override object? Given(byte[] message)
    {
        try
        {
            return JsonText.Read(message, asHashtables);
        }
        catch (InvalidMessageException e)
        {
            throw new RuntimeException(e.Message, e, Errors.JsonInvalid(e, message));
        }
    }

    public override bool WaitsForMore(PSObject item) => false;

    public override bool IsPlain(object? item) => PlainOutput.IsData(item);

    public override IEnumerable<byte[]> Messages(IEnumerable<PSObject?> output) => output.Where(item => item is not null).Select(ObjectJson.ToBytes);
}
