using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// Every statement that a client of the pool has a name for, each text once. The key is isolation.md §6's: scope, text, parameter
/// types and the folded parameters, found by a seeded hash and compared byte for byte. Statements without a name left are kept up to
/// <see cref="SpareCapacity"/>, oldest forgotten first, because pools of drivers prepare the same texts again after a reconnect.
/// Shared by all loops: a server's copies are known wherever it goes.
/// </summary>
internal sealed class StatementCatalogue(bool isShared)
{
    /// <summary>How many statements that nobody has a name for are remembered.</summary>
    public const int SpareCapacity = 1024;

    /// <summary>How long they may be together.</summary>
    public const int SpareCapacityBytes = 16 * 1024 * 1024;

    private readonly LoopGate _gate = new(isShared);
    private readonly Dictionary<int, List<Statement>> _byHash = [];
    private readonly SpareStatements _spare = new();
    private int _nextId = 1;

    /// <summary>How many statements are known, spare ones among them.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of text and types held.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>
    /// The statement for a definition (text, NUL, types), made if it is new; one more name stands for it now.
    /// <paramref name="standardConformingStrings"/> is how the server will read its literals.
    /// </summary>
    public Statement Acquire(object scope, object folded, ReadOnlySpan<byte> definition, int textLength, bool standardConformingStrings)
    {
        var hash = ByteStringComparer.Hash(definition);
        using (_gate.Enter())
        {
            if (TryTake(scope, folded, definition, hash) is { } known)
            {
                return known;
            }
        }

        // Reading a long text takes its time: not under the gate.
        var scanner = new StatementScanner(standardConformingStrings);
        scanner.Feed(definition[..textLength]);
        var traits = scanner.Finish();
        using (_gate.Enter())
        {
            return TryTake(scope, folded, definition, hash) ?? Add(scope, folded, definition, hash, scanner.FirstKind, traits);
        }
    }

    /// <summary>
    /// Whether the definition is known. If it is and may be kept (<see cref="Statement.IsKept"/>), one more name stands for the statement now;
    /// one that may not be kept is not given out.
    /// </summary>
    public bool TryFind(object scope, object folded, ReadOnlySpan<byte> definition, int hash, out Statement? kept)
    {
        using var entered = _gate.Enter();
        var known = Find(scope, folded, definition, hash);
        kept = known is { IsKept: true } ? known : null;
        if (kept is not null)
        {
            AddName(kept);
        }

        return known is not null;
    }

    /// <summary>One name less stands for the statement.</summary>
    public void Release(Statement statement)
    {
        using var entered = _gate.Enter();
        if (--statement.NameCount > 0)
        {
            return;
        }

        _spare.Add(statement);
        while (_spare.Count > SpareCapacity || _spare.SizeBytes > SpareCapacityBytes)
        {
            var oldest = _spare.Oldest!;
            _spare.Remove(oldest);
            Forget(oldest);
        }
    }

    private Statement? Find(object scope, object folded, ReadOnlySpan<byte> definition, int hash)
    {
        if (_byHash.TryGetValue(hash, out var bucket))
        {
            foreach (var known in bucket)
            {
                if (known.Is(scope, folded, definition))
                {
                    return known;
                }
            }
        }

        return null;
    }

    private void AddName(Statement statement)
    {
        if (statement.NameCount++ == 0)
        {
            _spare.Remove(statement);
        }
    }

    private int NextId()
    {
        var id = _nextId;
        _nextId = id == StatementTag.MaxId ? 1 : id + 1;
        return id;
    }

    private Statement? TryTake(object scope, object folded, ReadOnlySpan<byte> definition, int hash)
    {
        var known = Find(scope, folded, definition, hash);
        if (known is not null)
        {
            AddName(known);
        }

        return known;
    }

    private Statement Add(object scope, object folded, ReadOnlySpan<byte> definition, int hash, StatementKind kind, StatementTraits traits)
    {
        if (!_byHash.TryGetValue(hash, out var bucket))
        {
            _byHash.Add(hash, bucket = new List<Statement>(1));
        }

        var statement = new Statement(NextId(), scope, folded, definition, hash, traits, KeptParse.Allows(kind, traits), IndependentStatement.Allows(kind, traits)) { NameCount = 1 };
        bucket.Add(statement);
        Count++;
        SizeBytes += statement.DefinitionLength;
        return statement;
    }

    private void Forget(Statement statement)
    {
        if (_byHash.TryGetValue(statement.Hash, out var bucket) && bucket.Remove(statement))
        {
            Count--;
            SizeBytes -= statement.DefinitionLength;
            if (bucket.Count == 0)
            {
                _byHash.Remove(statement.Hash);
            }
        }
    }
}
