using System.Buffers;

namespace TwistedPS.Engine.Carriers;

/// <summary>
/// The shared pool, for arrays of common sizes. Larger ones are left to the garbage collector, since the pool would keep one
/// of each size that a buffer has grown through.
/// </summary>
internal static class BoundedPool<T>
    where T : unmanaged
{
    /// <summary>The longest array that is pooled, in elements.</summary>
    public const int LongestKept = 1024 * 1024;

    /// <summary>Rents an array of at least <paramref name="length"/> elements with undefined content.</summary>
    public static T[] Rent(int length) => length <= LongestKept
        ? ArrayPool<T>.Shared.Rent(length)
        : GC.AllocateUninitializedArray<T>(length);

    public static void Return(T[] array)
    {
        if (array.Length <= LongestKept)
            ArrayPool<T>.Shared.Return(array);
    }
}
