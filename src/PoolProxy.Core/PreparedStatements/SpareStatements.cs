namespace PoolProxy.Core.PreparedStatements;

/// <summary>The statements that nobody has a name for, in the order in which the last name went. Linked through the statements themselves.</summary>
internal sealed class SpareStatements
{
    private Statement? _newest;
    private Statement? _oldest;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of their texts and types.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The one without a name for longest.</summary>
    public Statement? Oldest => _oldest;

    /// <summary>Its last name went.</summary>
    public void Add(Statement statement)
    {
        statement.SpareOlder = _newest;
        if (_newest is null)
        {
            _oldest = statement;
        }
        else
        {
            _newest.SpareNewer = statement;
        }

        _newest = statement;
        Count++;
        SizeBytes += statement.DefinitionLength;
    }

    /// <summary>It has a name again, or is forgotten.</summary>
    public void Remove(Statement statement)
    {
        if (statement.SpareNewer is { } newer)
        {
            newer.SpareOlder = statement.SpareOlder;
        }
        else
        {
            _newest = statement.SpareOlder;
        }

        if (statement.SpareOlder is { } older)
        {
            older.SpareNewer = statement.SpareNewer;
        }
        else
        {
            _oldest = statement.SpareNewer;
        }

        statement.SpareOlder = statement.SpareNewer = null;
        Count--;
        SizeBytes -= statement.DefinitionLength;
    }
}
