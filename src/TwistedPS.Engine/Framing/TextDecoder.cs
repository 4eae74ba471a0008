using System.Text;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Framing;

/// <summary>A decoder of whole lines; bytes that are not valid become U+FFFD and are counted.</summary>
internal sealed class TextDecoder
{
    private const int CodePageUtf8 = 65001;
    private const int CodePageAscii = 20127;
    private const int CodePageLatin1 = 28591;

    private readonly Encoding _encoding;
    private readonly bool _includesAscii;
    private readonly CountingFallback _fallback = new();

    public TextDecoder(Encoding encoding)
    {
        _encoding = (Encoding)encoding.Clone();
        _encoding.DecoderFallback = _fallback;
        _includesAscii = encoding.CodePage is CodePageUtf8 or CodePageAscii or CodePageLatin1;
    }

    /// <summary>The number of bytes so far that were not valid.</summary>
    public long InvalidBytes => _fallback.InvalidBytes;

    public string Decode(ReadOnlySpan<byte> bytes)
    {
        // Most lines are plain ASCII, and there is no faster way for them.
        if (_includesAscii && Ascii.IsValid(bytes))
            return Encoding.ASCII.GetString(bytes);

        // GetString would scan the bytes twice, and count those that are not valid twice.
        char[] chars = BoundedPool<char>.Rent(_encoding.GetMaxCharCount(bytes.Length));
        try
        {
            return new string(chars, 0, _encoding.GetChars(bytes, chars));
        }
        finally
        {
            BoundedPool<char>.Return(chars);
        }
    }

    /// <summary>Decodes the beginning of a line, without a character at its end that is not whole; counts nothing.</summary>
    public string DecodeBeginning(ReadOnlySpan<byte> bytes)
    {
        long counted = InvalidBytes;
        var chars = new char[_encoding.GetMaxCharCount(bytes.Length)];
        int count = _encoding.GetDecoder().GetChars(bytes, chars, flush: false);
        _fallback.InvalidBytes = counted;
        return new string(chars, 0, count);
    }

    private sealed class CountingFallback : DecoderFallback
    {
        public long InvalidBytes { get; set; }

        public override int MaxCharCount => 1;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new CountingBuffer(this);
    }

    private sealed class CountingBuffer(CountingFallback fallback) : DecoderFallbackBuffer
    {
        private const char Replacement = '\uFFFD';

        private int _at = -1;

        public override int Remaining => _at == 0 ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            fallback.InvalidBytes += bytesUnknown.Length;
            _at = 0;
            return true;
        }

        public override char GetNextChar()
        {
            if (_at != 0)
                return '\0';
            _at = 1;
            return Replacement;
        }

        public override bool MovePrevious()
        {
            if (_at != 1)
                return false;
            _at = 0;
            return true;
        }

        public override void Reset() => _at = -1;
    }
}
