using System.Buffers;

namespace TwistedPS.Engine.Carriers;

/// <summary>Bytes written at the end and consumed at the front: one pooled block that grows, returned when empty.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>
{
    private const int SmallestBlock = 512;

    // A broadcast writes to all connections before it sends to the first of them: as many blocks are rented at once.
    private static readonly ArrayPool<byte> s_smallBlocks = ArrayPool<byte>.Create(SmallestBlock, maxArraysPerBucket: 4096);

    private byte[] _block = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlyMemory<byte> Memory => _block.AsMemory(_start, Length);

    public ReadOnlySpan<byte> Span => _block.AsSpan(_start, Length);

    public void Advance(int count) => _end += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _block.AsSpan(_end);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _block.AsMemory(_end);
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            Release();
    }

    public void Release()
    {
        Return(_block);
        _block = [];
        _start = _end = 0;
    }

    private static byte[] Rent(int size) => size <= SmallestBlock ? s_smallBlocks.Rent(SmallestBlock) : BoundedPool<byte>.Rent(size);

    private static void Return(byte[] block)
    {
        if (block.Length == SmallestBlock)
            s_smallBlocks.Return(block);
        else if (block.Length > 0)
            BoundedPool<byte>.Return(block);
    }

    private void MakeRoom(int size)
    {
        if (_block.Length - _end >= size)
            return;

        // Moving is cheap only if at least half of the block is consumed; otherwise every small write would move all of it.
        int length = Length;
        bool move = _start >= _block.Length / 2 && _block.Length - length >= size;
        byte[] target = move
            ? _block
            : Rent(Math.Max(length + size, _block.Length * 2));
        Span.CopyTo(target);
        if (!move)
            Return(_block);
        (_block, _start, _end) = (target, 0, length);
    }
}
