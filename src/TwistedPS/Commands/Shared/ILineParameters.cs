using System.Management.Automation;
using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Commands;

/// <summary>The parameters of the format of lines, and of what is not one.</summary>
internal interface ILineParameters
{
    LineDelimiter Delimiter { get; }

    Encoding Encoding { get; }

    int MaxLineLength { get; }

    SwitchParameter DeliverPartialLine { get; }

    ScriptBlock? OnData { get; }

    int MaxDataLength { get; }

    ScriptBlock? OnLineTooLong { get; }

    LineFormat ToFormat() => new()
    {
        Delimiter = Delimiter,
        Encoding = Encoding,
        MaxLineLength = MaxLineLength,
        MaxDataLength = MaxDataLength,
        DeliversCutOff = DeliverPartialLine,
    };
}
