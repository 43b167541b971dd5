using System.Text.Json;

namespace PoolProxy.Identity.Claims;

/// <summary>A JSON object put together from chosen claims: each name leads to a claim's value or to a further object of chosen claims.</summary>
internal sealed class ExposedObject
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The entries in canonical order.</summary>
    public IEnumerable<KeyValuePair<string, Entry>> Entries => _entries;

    /// <summary>Adds <paramref name="value"/> at <paramref name="path"/>. A claim that is exposed as a whole holds its parts already.</summary>
    public void Add(ClaimPath path, JsonElement value)
    {
        ExposedObject target = this;
        for (int index = 0; index < path.Names.Count - 1; index++)
        {
            if (!target._entries.TryGetValue(path.Names[index], out Entry entry))
            {
                entry = new Entry(default, new ExposedObject());
                target._entries.Add(path.Names[index], entry);
            }

            if (entry.Nested is null)
            {
                return;
            }

            target = entry.Nested;
        }

        // The whole replaces parts that were named before it.
        target._entries[path.Names[^1]] = new Entry(value, null);
    }

    /// <summary>Either a claim's value, or, where <paramref name="Nested"/> is given, an object of chosen claims.</summary>
    internal readonly record struct Entry(JsonElement Value, ExposedObject? Nested);
}
