using PoolProxy.Core.Loops;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Backend.Parameters;

/// <summary>
/// Makes and interns <see cref="ParameterSet"/>s. A change seen before costs one lookup and no allocation; both tables are bounded and
/// start anew when full (sets in use stay valid, they only compare by content then). Shared by all loops.
/// </summary>
internal sealed class ParameterRegistry
{
    /// <summary>Sets, and changes from one to another, that are remembered.</summary>
    public const int Capacity = 16 * 1024;

    /// <summary>A longer value is not tracked: PostgreSQL's own reported values are far below.</summary>
    public const int MaxValueBytes = 8 * 1024;

    private readonly LoopGate _gate;
    private readonly Dictionary<int, List<ParameterSet>> _sets = [];
    private readonly Dictionary<int, List<ParameterSet>> _foldedKeys = [];
    private readonly Dictionary<(ParameterSet From, int Name, int ValueHash), (byte[] Value, ParameterSet To)> _changes = [];
    private int _setCount;

    /// <param name="isShared">Several loops use it.</param>
    public ParameterRegistry(bool isShared)
    {
        _gate = new LoopGate(isShared);
        Empty = Intern([]);
    }

    public ParameterNames Names { get; } = new();

    public ParameterSet Empty { get; }

    /// <summary>The set with one value changed; the same set if the value is too long to track.</summary>
    public ParameterSet With(ParameterSet set, ParameterName name, ReadOnlySpan<byte> value)
    {
        if (set[name] is { } current && value.SequenceEqual(current))
        {
            return set;
        }

        if (value.Length > MaxValueBytes)
        {
            return set;
        }

        var key = (set, name.Index, ByteStringComparer.Hash(value));
        using var scope = _gate.Enter();
        if (_changes.TryGetValue(key, out var known) && value.SequenceEqual(known.Value))
        {
            return known.To;
        }

        var stored = value.ToArray();
        var values = set.CopyValues(name.Index + 1);
        values[name.Index] = stored;
        var to = Intern(values);
        if (_changes.Count >= Capacity)
        {
            _changes.Clear();
        }

        _changes[key] = (stored, to);
        return to;
    }

    /// <summary>The set with one value changed to another set's, or cleared where that has none.</summary>
    public ParameterSet With(ParameterSet set, ParameterName name, byte[]? value)
    {
        if (value is not null)
        {
            return With(set, name, value.AsSpan());
        }

        if (set[name] is null)
        {
            return set;
        }

        var values = set.CopyValues(name.Index + 1);
        values[name.Index] = null;
        using var scope = _gate.Enter();
        return Intern(values);
    }

    /// <summary>Everything that <paramref name="over"/> knows, and <paramref name="under"/>'s values where it knows nothing.</summary>
    public ParameterSet Overlay(ParameterSet under, ParameterSet over)
    {
        var result = under;
        for (var i = 0; i < over.Length; i++)
        {
            if (over[i] is { } value)
            {
                result = With(result, Names[i], value.AsSpan());
            }
        }

        return result;
    }

    private ParameterSet Intern(byte[]?[] values)
    {
        var set = Find(_sets, values, HashOf(values, foldedOnly: false), foldedOnly: false);
        if (++_setCount > Capacity)
        {
            _sets.Clear();
            _foldedKeys.Clear();
            _changes.Clear();
            _setCount = 0;
        }

        set.FoldedKey = Find(_foldedKeys, values, HashOf(values, foldedOnly: true), foldedOnly: true);
        return set;
    }

    private ParameterSet Find(Dictionary<int, List<ParameterSet>> table, byte[]?[] values, int hash, bool foldedOnly)
    {
        if (!table.TryGetValue(hash, out var bucket))
        {
            table.Add(hash, bucket = new List<ParameterSet>(1));
        }

        foreach (var known in bucket)
        {
            if (Same(known, values, foldedOnly))
            {
                return known;
            }
        }

        var made = new ParameterSet(values, HashOf(values, foldedOnly: false));
        bucket.Add(made);
        return made;
    }

    private bool Same(ParameterSet known, byte[]?[] values, bool foldedOnly)
    {
        for (var i = Math.Max(known.Length, values.Length) - 1; i >= 0; i--)
        {
            if (foldedOnly && !Names[i].IsFoldedAtParse)
            {
                continue;
            }

            if (!ParameterSet.SameValue(known[i], i < values.Length ? values[i] : null))
            {
                return false;
            }
        }

        return true;
    }

    private int HashOf(byte[]?[] values, bool foldedOnly)
    {
        var hash = default(HashCode);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value && !(foldedOnly && !Names[i].IsFoldedAtParse))
            {
                hash.Add(i);
                hash.AddBytes(value);
            }
        }

        return hash.ToHashCode();
    }
}
