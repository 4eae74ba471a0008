using System.Management.Automation;
using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Commands;

/// <summary>The parameters of the format of lines.</summary>
internal interface ILineParameters
{
    LineDelimiter Delimiter { get; }

    Encoding Encoding { get; }

    int MaxLineLength { get; }

    SwitchParameter DeliverPartialLine { get; }

    LineFormat ToFormat() => new()
    {
        Delimiter = Delimiter,
        Encoding = Encoding,
        MaxLineLength = MaxLineLength,
        DeliversCutOff = DeliverPartialLine,
    };
}
