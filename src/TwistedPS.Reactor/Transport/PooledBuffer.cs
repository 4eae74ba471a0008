using System.Buffers;

namespace TwistedPS;

/// <summary>Bytes written at the end and consumed at the front: one pooled block that grows, given back when empty.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>
{
    private const int SmallestBlock = 4096;

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
        if (_block.Length > 0)
            ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        _start = _end = 0;
    }

    private void MakeRoom(int size)
    {
        if (_block.Length - _end >= size)
            return;

        // Moving is cheap only where at least half of the block is consumed; else every small write would move all of it.
        int length = Length;
        bool move = _start >= _block.Length / 2 && _block.Length - length >= size;
        byte[] target = move
            ? _block
            : ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBlock, Math.Max(length + size, _block.Length * 2)));
        Span.CopyTo(target);
        if (!move && _block.Length > 0)
            ArrayPool<byte>.Shared.Return(_block);
        (_block, _start, _end) = (target, 0, length);
    }
}
