using System.Collections;

namespace TwistedPS.Engine.Services;

/// <summary>
/// A table of a script's own values, under keys of any kind: a connection, say. To those who write tables out, which know it
/// as a dictionary alone, its keys are texts, since JSON has no others.
/// </summary>
internal sealed class StateTable : Hashtable, IDictionary
{
    IDictionaryEnumerator IDictionary.GetEnumerator()
    {
        var written = new Hashtable();
        foreach (DictionaryEntry entry in (Hashtable)this)
            written[$"{entry.Key}"] = entry.Value;
        return written.GetEnumerator();
    }
}
