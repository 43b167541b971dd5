using System.Collections.Immutable;

namespace PoolProxy.Identity.Revocation;

/// <summary>
/// Orders by what they are about. Immutable: a change makes another set and shares most of it. Asking costs at most ten look-ups, however many orders
/// there are.
/// </summary>
public sealed class RevocationSet
{
    private readonly ImmutableDictionary<RevocationKey, RevocationEntry> _entries;

    // How many there are of each kind: of most kinds there is none, and nothing to be looked up.
    private readonly ImmutableArray<int> _counts;

    private RevocationSet(ImmutableDictionary<RevocationKey, RevocationEntry> entries, ImmutableArray<int> counts)
    {
        _entries = entries;
        _counts = counts;
    }

    /// <summary>No orders.</summary>
    public static RevocationSet Empty { get; } = new(ImmutableDictionary<RevocationKey, RevocationEntry>.Empty, [0, 0, 0, 0, 0]);

    /// <summary>How many orders there are.</summary>
    public int Count => _entries.Count;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<RevocationEntry> Entries => _entries.Values;

    /// <summary>The orders of a whole file; of several with one key the widest.</summary>
    public static RevocationSet Of(IEnumerable<RevocationEntry> entries)
    {
        var builder = ImmutableDictionary.CreateBuilder<RevocationKey, RevocationEntry>();
        foreach (RevocationEntry entry in entries)
        {
            builder[entry.Key] = builder.TryGetValue(entry.Key, out RevocationEntry? known) ? known.Or(entry) : entry;
        }

        return Counted(builder.ToImmutable());
    }

    /// <summary>An order that holds and takes back what these facts are about; null for none.</summary>
    public RevocationEntry? Find(TokenFacts facts, DateTimeOffset now) =>
        Count == 0 ? null
        : Find(RevocationKind.Token, facts.TokenId, facts, now)
            ?? Find(RevocationKind.Subject, facts.Subject, facts, now)
            ?? Find(RevocationKind.Session, facts.SessionId, facts, now)
            ?? Find(RevocationKind.Issuer, "", facts, now)
            ?? Find(RevocationKind.Before, facts.Subject, facts, now)
            ?? Find(RevocationKind.Before, "", facts, now);

    /// <summary>The order about exactly this; null for none.</summary>
    public RevocationEntry? Find(RevocationKey key) => _entries.GetValueOrDefault(key);

    /// <summary>One order more; an order with the same key grows as far as this one goes.</summary>
    public RevocationSet With(RevocationEntry entry)
    {
        RevocationEntry? known = Find(entry.Key);
        ImmutableDictionary<RevocationKey, RevocationEntry> entries = _entries.SetItem(entry.Key, known?.Or(entry) ?? entry);
        int kind = (int)entry.Key.Kind;
        return new RevocationSet(entries, known is null ? _counts.SetItem(kind, _counts[kind] + 1) : _counts);
    }

    /// <summary>Without the order about exactly this.</summary>
    public RevocationSet Without(RevocationKey key)
    {
        int kind = (int)key.Kind;
        return _entries.ContainsKey(key) ? new RevocationSet(_entries.Remove(key), _counts.SetItem(kind, _counts[kind] - 1)) : this;
    }

    /// <summary>Without those whose time is over.</summary>
    public RevocationSet At(DateTimeOffset now)
    {
        List<RevocationKey> over = [.. _entries.Values.Where(entry => entry.Until <= now).Select(entry => entry.Key)];
        return over.Count == 0 ? this : Counted(_entries.RemoveRange(over));
    }

    private static RevocationSet Counted(ImmutableDictionary<RevocationKey, RevocationEntry> entries)
    {
        int[] counts = new int[5];
        foreach (RevocationKey key in entries.Keys)
        {
            counts[(int)key.Kind]++;
        }

        return new RevocationSet(entries, [.. counts]);
    }

    private RevocationEntry? Find(RevocationKind kind, string? value, TokenFacts facts, DateTimeOffset now) =>
        value is null || _counts[(int)kind] == 0
            ? null
            : Find(new RevocationKey(kind, facts.Issuer, value), facts, now) ?? Find(new RevocationKey(kind, "", value), facts, now);

    private RevocationEntry? Find(RevocationKey key, TokenFacts facts, DateTimeOffset now) =>
        _entries.TryGetValue(key, out RevocationEntry? entry) && entry.Until > now && entry.Covers(facts) ? entry : null;
}
