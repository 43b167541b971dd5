using System.Runtime.InteropServices;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// What the prepared statements of all clients of one identity take together: each text once, however many of them have a name for it, and
/// their names. Any thread may call.
/// </summary>
internal sealed class IdentityStatements
{
    /// <summary>Once they take as much as this, one more is refused with 53200.</summary>
    public const int CapacityBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private Dictionary<Statement, int>? _names;
    private long _lengthBytes;

    /// <summary>There is no room for another.</summary>
    public bool IsFull => Volatile.Read(ref _lengthBytes) >= CapacityBytes;

    /// <summary>A client has one more name, of so many bytes, for the statement.</summary>
    public void Add(Statement statement, int nameLength)
    {
        lock (_gate)
        {
            ref var names = ref CollectionsMarshal.GetValueRefOrAddDefault(_names ??= [], statement, out _);
            _lengthBytes += nameLength + (names == 0 ? statement.DefinitionLength : 0);
            names++;
        }
    }

    /// <summary>A client has that name no more.</summary>
    public void Remove(Statement statement, int nameLength)
    {
        lock (_gate)
        {
            ref var names = ref CollectionsMarshal.GetValueRefOrNullRef(_names!, statement);
            _lengthBytes -= nameLength;
            if (--names == 0)
            {
                _names!.Remove(statement);
                _lengthBytes -= statement.DefinitionLength;
            }
        }
    }
}
