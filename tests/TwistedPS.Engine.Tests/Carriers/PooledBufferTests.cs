using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TwistedPS.Tests;

public sealed class PooledBufferTests
{
    [Fact]
    public void What_is_written_at_the_end_is_consumed_at_the_front()
    {
        var buffer = new PooledBuffer();
        var expected = new Queue<byte>();
        byte next = 0;
        for (int round = 0; round < 3000; round++)
        {
            var bytes = new byte[round % 97];
            for (int i = 0; i < bytes.Length; i++)
                expected.Enqueue(bytes[i] = next++);
            buffer.Write(bytes);

            int consumed = round % 89;
            consumed = Math.Min(consumed, buffer.Length);
            foreach (byte value in buffer.Span[..consumed])
                Assert.Equal(expected.Dequeue(), value);
            buffer.Consume(consumed);
            Assert.Equal(expected.Count, buffer.Length);
        }

        Assert.Equal(expected, buffer.Memory.ToArray());
        buffer.Release();
    }

    [Fact]
    public void It_grows_and_keeps_what_it_holds()
    {
        var buffer = new PooledBuffer();
        byte[] bytes = Enumerable.Range(0, 300_000).Select(i => (byte)(i % 251)).ToArray();
        for (int at = 0; at < bytes.Length; at += 1000)
            buffer.Write(bytes.AsSpan(at, 1000));
        Assert.Equal(bytes, buffer.Span.ToArray());
        buffer.Release();
    }

    [Fact]
    public void What_it_has_grown_to_is_not_kept_for_others()
    {
        List<WeakReference> blocks = FillAndRelease(8 * BoundedPool<byte>.LongestKept);
        GC.Collect();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.False(block.IsAlive));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void There_is_room_for_what_is_asked(int size)
    {
        var buffer = new PooledBuffer();
        buffer.Write("abc"u8);
        Assert.True(buffer.GetSpan(size).Length >= Math.Max(size, 1));
        Assert.True(buffer.GetMemory(size).Length >= Math.Max(size, 1));
        Assert.Equal("abc"u8.ToArray(), buffer.Span.ToArray());
        buffer.Release();
    }

    [Fact]
    public void There_is_room_also_where_most_of_the_block_is_consumed()
    {
        var buffer = new PooledBuffer();
        byte[] bytes = Enumerable.Range(0, 4096).Select(i => (byte)(i % 251)).ToArray();
        foreach (int consumed in new[] { 2048, 3000, 4095 })
        {
            foreach (int size in new[] { consumed - 1, consumed, consumed + 1, 4096 })
            {
                buffer.Write(bytes);
                buffer.Consume(consumed);
                Assert.True(buffer.GetSpan(size).Length >= size);
                Assert.Equal(bytes[consumed..], buffer.Span.ToArray());
                buffer.Release();
            }
        }
    }

    [Fact]
    public void A_released_one_is_empty_and_may_be_used_again()
    {
        var buffer = new PooledBuffer();
        buffer.Write("abc"u8);
        buffer.Release();
        buffer.Release();
        Assert.Equal(0, buffer.Length);
        buffer.Write("de"u8);
        Assert.Equal("de"u8.ToArray(), buffer.Span.ToArray());
        buffer.Consume(2);
        Assert.Equal(0, buffer.Memory.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> FillAndRelease(int length)
    {
        var buffer = new PooledBuffer();
        var blocks = new List<WeakReference>();
        while (buffer.Length < length)
        {
            buffer.Write(new byte[100_000]);
            Assert.True(MemoryMarshal.TryGetArray(buffer.Memory, out ArraySegment<byte> block));
            if (block.Array!.Length > BoundedPool<byte>.LongestKept)
                blocks.Add(new WeakReference(block.Array));
        }

        buffer.Release();
        return blocks;
    }
}
