using System.Collections;

namespace TwistedPS.Engine.Services;

/// <summary>
/// The state that the handlers of a server share across its reactors: a table that any number of threads may read and write.
/// Each of its members is one step; between two of them, such as the reading and the writing of <c>+= 1</c>, another thread may
/// come. What it holds is as safe for threads as it is by itself.
/// </summary>
internal sealed class SharedTable : Hashtable, IDictionary
{
    /// <inheritdoc/>
    public override object? this[object key]
    {
        get => base[key];
        set
        {
            lock (SyncRoot)
                base[key] = value;
        }
    }

    /// <inheritdoc/>
    public override bool IsSynchronized => true;

    /// <summary>The keys that are there now.</summary>
    public override ICollection Keys => Entries.Keys;

    /// <summary>The values that are there now.</summary>
    public override ICollection Values => Entries.Values;

    private StateTable Entries
    {
        get
        {
            var entries = new StateTable();
            lock (SyncRoot)
            {
                IDictionaryEnumerator all = base.GetEnumerator();
                while (all.MoveNext())
                    entries[all.Key] = all.Value;
            }

            return entries;
        }
    }

    /// <summary>Adds to a number, as one step.</summary>
    /// <param name="key">The key of the number, which is 0 if it is not there yet.</param>
    /// <param name="by">What is added; 1 by default.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="InvalidCastException">There is something else under the key.</exception>
    public long Increment(object key, long by = 1)
    {
        lock (SyncRoot)
        {
            long sum = Convert.ToInt64(base[key] ?? 0L, null) + by;
            base[key] = sum;
            return sum;
        }
    }

    /// <summary>Returns what is under a key; if there is nothing yet, puts a value there first. It is one step.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value to begin with.</param>
    public object? GetOrAdd(object key, object? value)
    {
        lock (SyncRoot)
        {
            if (!ContainsKey(key))
                base[key] = value;
            return base[key];
        }
    }

    /// <inheritdoc/>
    public override void Add(object key, object? value)
    {
        lock (SyncRoot)
            base.Add(key, value);
    }

    /// <inheritdoc/>
    public override void Remove(object key)
    {
        lock (SyncRoot)
            base.Remove(key);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        lock (SyncRoot)
            base.Clear();
    }

    /// <inheritdoc/>
    public override void CopyTo(Array array, int arrayIndex) => Entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public override object Clone() => Entries;

    /// <summary>Enumerates the entries that are there now.</summary>
    public override IDictionaryEnumerator GetEnumerator() => Entries.GetEnumerator();

    IDictionaryEnumerator IDictionary.GetEnumerator() => ((IDictionary)Entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
