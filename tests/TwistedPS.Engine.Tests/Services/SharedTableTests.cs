using System.Collections;

namespace TwistedPS.Tests;

public sealed class SharedTableTests
{
    [Fact]
    public void An_increment_is_one_step()
    {
        var table = new SharedTable();
        using var start = new Barrier(4);
        Thread[] writers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(Write))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());
        Assert.Equal(200_000L, table["count"]);
        Assert.Equal(200_010, table.Increment("count", 10));

        void Write()
        {
            start.SignalAndWait();
            for (int i = 0; i < 50_000; i++)
                table.Increment("count");
        }
    }

    [Fact]
    public void Who_adds_first_has_the_key()
    {
        var table = new SharedTable();
        int added = 0;
        Parallel.For(0, 8, i =>
        {
            if (Equals(table.GetOrAdd("name", i), i))
                Interlocked.Increment(ref added);
        });
        Assert.Equal(1, added);
        Assert.Throws<ArgumentException>(() => table.Add("name", 1));
    }

    [Fact]
    public void It_is_enumerated_while_others_write()
    {
        var table = new SharedTable();
        Parallel.For(0, 4, writer =>
        {
            for (int i = 0; i < 500; i++)
            {
                table[(writer, i)] = i;
                foreach (DictionaryEntry entry in table)
                    Assert.NotNull(entry.Value);
                Assert.NotEmpty(table.Keys);
                if (i % 3 == 0)
                    table.Remove((writer, i));
            }
        });
        Assert.Equal(table.Count, ((Hashtable)table.Clone()).Count);
    }

    [Fact]
    public void Its_keys_are_texts_to_those_who_write_it_out()
    {
        var table = new SharedTable { [1] = "one" };
        IDictionaryEnumerator written = ((IDictionary)table).GetEnumerator();
        Assert.True(written.MoveNext());
        Assert.Equal("1", written.Key);
        Assert.Equal("one", table[1]);
    }
}
