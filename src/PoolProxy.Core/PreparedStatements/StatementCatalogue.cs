using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// Every statement that a client of this loop has a name for, each text once. The key is isolation.md §6's: scope, text, parameter
/// types and the folded parameters, found by a seeded hash and compared byte for byte. Statements without a name left are kept up to
/// <see cref="SpareCapacity"/>, oldest forgotten first, because pools of drivers prepare the same texts again after a reconnect.
/// Owned by one loop.
/// </summary>
internal sealed class StatementCatalogue
{
    /// <summary>How many statements that nobody has a name for are remembered.</summary>
    public const int SpareCapacity = 1024;

    private readonly Dictionary<int, List<Statement>> _byHash = [];
    private readonly Queue<Statement> _spare = new();
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
        if (_byHash.TryGetValue(hash, out var bucket))
        {
            foreach (var known in bucket)
            {
                if (ReferenceEquals(known.Scope, scope) && ReferenceEquals(known.Folded, folded) && definition.SequenceEqual(known.Definition))
                {
                    known.NameCount++;
                    return known;
                }
            }
        }
        else
        {
            _byHash.Add(hash, bucket = new List<Statement>(1));
        }

        var scanner = new StatementScanner(standardConformingStrings);
        scanner.Feed(definition[..textLength]);
        var statement = new Statement(_nextId++, scope, folded, definition, hash, scanner.Finish()) { NameCount = 1 };
        bucket.Add(statement);
        Count++;
        SizeBytes += statement.DefinitionLength;
        return statement;
    }

    /// <summary>One name less stands for the statement.</summary>
    public void Release(Statement statement)
    {
        if (--statement.NameCount > 0)
        {
            return;
        }

        _spare.Enqueue(statement);
        // A statement taken up again stays in the queue; it is passed over when its turn comes.
        while (_spare.Count > SpareCapacity)
        {
            var oldest = _spare.Dequeue();
            if (oldest.NameCount == 0)
            {
                Forget(oldest);
            }
        }
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
