using System.Buffers;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Processes;

/// <summary>Output as lines. One that is too long is left out.</summary>
/// <param name="options">The options that shape its lines.</param>
/// <param name="deliver">Called with each line.</param>
/// <param name="fail">Called for each line that is too long.</param>
internal sealed class OutputLines(ProcessOptions options, Action<string> deliver, Action<Exception> fail) : IOutputForm
{
    private LineFramer _framer = options.CreateFramer();
    private bool _isSkipping;

    public bool DeliverNext(PooledBuffer bytes)
    {
        if (_isSkipping)
            SkipLine(bytes);
        if (!TryCut(bytes, out string line))
            return false;
        deliver(line);
        return true;
    }

    public void DeliverRest(PooledBuffer bytes)
    {
        if (bytes.Length == 0)
            return;
        string line = _framer.ReadCutOff(new ReadOnlySequence<byte>(bytes.Memory));
        bytes.Consume(bytes.Length);
        deliver(line);
    }

    private bool TryCut(PooledBuffer bytes, out string line)
    {
        var rest = new ReadOnlySequence<byte>(bytes.Memory);
        try
        {
            if (!_framer.TryRead(rest, out SequencePosition end, out line))
                return false;
            bytes.Consume((int)rest.Slice(0, end).Length);
            return true;
        }
        catch (MessageTooLongException e)
        {
            fail(e);
            _framer = options.CreateFramer();
            SkipLine(bytes);
            return TryCut(bytes, out line);
        }
    }

    private void SkipLine(PooledBuffer bytes)
    {
        int end = bytes.Span.IndexOf((byte)'\n');
        _isSkipping = end < 0;
        bytes.Consume(_isSkipping ? bytes.Length : end + 1);
    }
}
