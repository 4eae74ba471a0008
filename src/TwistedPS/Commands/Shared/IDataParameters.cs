using System.Text;
using TwistedPS.Engine.Framing;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The parameters of the format of raw data.</summary>
internal interface IDataParameters
{
    DataFraming Framing { get; }

    Encoding Encoding { get; }

    int MaxMessageLength { get; }

    DataFormat ToFormat()
    {
        DataFormat format = Framing.Format with { Encoding = Encoding, MaxMessageLength = MaxMessageLength };
        return format is JsonFormat json ? json with { ToLine = ObjectJson.ToBytes } : format;
    }

    /// <summary>Returns what handlers are given and may output.</summary>
    OutputFormat<byte[]> ToHandlerFormat() => Framing.Format switch
    {
        JsonFormat json => new JsonOutput(json.AsHashtables),
        var format => new DataOutput(Encoding, joinsBytes: format is not RawFormat),
    };
}
