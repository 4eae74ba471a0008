using System.Buffers;

namespace TwistedPS.Engine.Carriers;

/// <summary>
/// The shared pool for arrays of common sizes. Larger ones are left to the garbage collector, since the pool would hold
/// on to each size that a buffer has grown through.
/// </summary>
internal static class BoundedPool<T>
    where T : unmanaged
{
    /// <summary>The longest array that is kept, in elements.</summary>
    public const int LongestKept = 1024 * 1024;

    /// <summary>An array with at least as many elements. Its content is undefined.</summary>
    public static T[] Rent(int length) => length <= LongestKept
        ? ArrayPool<T>.Shared.Rent(length)
        : GC.AllocateUninitializedArray<T>(length);

    public static void Return(T[] array)
    {
        if (array.Length <= LongestKept)
            ArrayPool<T>.Shared.Return(array);
    }
}
