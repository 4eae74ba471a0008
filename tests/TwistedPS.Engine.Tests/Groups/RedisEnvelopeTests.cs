using System.Text;
using TwistedPS.Redis;

namespace TwistedPS.Tests;

public sealed class RedisEnvelopeTests
{
    [Theory]
    [InlineData("tea", null, "tea")]
    [InlineData("", null, "")]
    [InlineData("TwistedPS/1.0", null, "TwistedPS/1.0")]
    [InlineData("TwistedPS/1.0\nReply-To: a\n\n", null, "TwistedPS/1.0\n\nTwistedPS/1.0\nReply-To: a\n\n")]
    [InlineData("tea", "a.b", "TwistedPS/1.0\nReply-To: a.b\n\ntea")]
    public void Text_is_as_it_is_unless_it_needs_headers(string text, string? reply, string message) =>
        AssertBoth(PayloadKind.Text, text, reply, message);

    [Theory]
    [InlineData((int)PayloadKind.Json, "[1]", null, "TwistedPS/1.0\nContent-Type: application/json\n\n[1]")]
    [InlineData((int)PayloadKind.Json, "[1]", "a", "TwistedPS/1.0\nContent-Type: application/json\nReply-To: a\n\n[1]")]
    [InlineData((int)PayloadKind.Bytes, "\n\n", null, "TwistedPS/1.0\nContent-Type: application/octet-stream\n\n\n\n")]
    [InlineData((int)PayloadKind.Error, "no", null, "TwistedPS/1.0\nStatus: 500\n\nno")]
    [InlineData((int)PayloadKind.NoResponder, "", null, "TwistedPS/1.0\nStatus: 503\n\n")]
    public void All_else_has_headers(int kind, string content, string? reply, string message) =>
        AssertBoth((PayloadKind)kind, content, reply, message);

    [Theory]
    [InlineData("TwistedPS/1.0\nContent-Type: text/plain\nMore: x\n\ntea", (int)PayloadKind.Text, "tea")]
    [InlineData("TwistedPS/1.0\n\n", (int)PayloadKind.Text, "")]
    [InlineData("TwistedPS/1.0\nContent-Type: application/json\n[1]", (int)PayloadKind.Text, "TwistedPS/1.0\nContent-Type: application/json\n[1]")]
    [InlineData("TwistedPS/1.0\r\n\r\n", (int)PayloadKind.Text, "TwistedPS/1.0\r\n\r\n")]
    public void What_others_send_is_read_as_far_as_it_is_known(string message, int kind, string content)
    {
        (Payload payload, string? reply) = Envelope.Open(Encoding.UTF8.GetBytes(message));
        Assert.Equal(((PayloadKind)kind, content, null), (payload.Kind, payload.Text, reply));
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are()
    {
        byte[] bytes = [0, 255, 10, 13, 128];
        (Payload payload, _) = Envelope.Open(Envelope.Seal(new Payload(PayloadKind.Bytes, bytes), "a"));
        Assert.Equal(bytes, payload.Bytes.ToArray());
    }

    private static void AssertBoth(PayloadKind kind, string content, string? reply, string message)
    {
        ReadOnlyMemory<byte> sealedOne = Envelope.Seal(new Payload(kind, Encoding.UTF8.GetBytes(content)), reply);
        Assert.Equal(message, Encoding.UTF8.GetString(sealedOne.Span));
        (Payload payload, string? readReply) = Envelope.Open(sealedOne);
        Assert.Equal((kind, content, reply), (payload.Kind, payload.Text, readReply));
    }
}
