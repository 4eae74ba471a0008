using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Commands;

/// <summary>The parameters of the format of raw data.</summary>
internal interface IDataParameters
{
    DataFraming Framing { get; }

    Encoding Encoding { get; }

    int MaxMessageLength { get; }

    DataFormat ToFormat() => DataFormat.Of(Framing) with { Encoding = Encoding, MaxMessageLength = MaxMessageLength };
}
