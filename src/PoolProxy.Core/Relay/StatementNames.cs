using System.Diagnostics.CodeAnalysis;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What the names of one client's prepared statements stand for. Most stand for a shared statement (<see cref="ClientStatements"/>); one
/// whose text is too long to share stands for itself, under the same name, on the one server that the client then cannot leave.
/// Where names are not tracked at all (session pooling), only those are known whose statements may change settings.
/// Nothing is kept for a client that prepares nothing.
/// </summary>
internal sealed class StatementNames(RelayClient client)
{
    /// <summary>What may be done by a statement whose text was not looked into.</summary>
    private const StatementTraits Unseen = StatementTraits.Unknown | StatementTraits.SetsParameter;

    private ClientStatements? _names;
    private Dictionary<byte[], StatementTraits>? _untracked;
    private Queue<byte[]>? _deallocating;

    /// <summary>The number of the batch under way.</summary>
    private long Batch => client.Server.Statements.SentBatches;

    /// <summary>How many the client has.</summary>
    public int Count => _names?.Count ?? 0;

    public bool HasPinned => _names is { UnsharedCount: > 0 };

    /// <summary>Why one more would be too many; null where it would not.</summary>
    public ProxyError? Full => _names switch
    {
        { IsFull: true } => ProxyErrors.TooManyStatements(ClientStatements.Capacity),
        { IsFullOfBytes: true } => ProxyErrors.StatementsTooLong(ClientStatements.CapacityBytes),
        _ when client.Identity.Statements.IsFull => ProxyErrors.IdentityStatementsTooLong(IdentityStatements.CapacityBytes),
        _ => null,
    };

    /// <summary>The shared statement that the name stands for once everything sent so far has been carried out.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Statement? statement)
    {
        statement = null;
        return _names is not null && _names.TryFind(name, out statement) && !ReferenceEquals(statement, Statement.Unshared);
    }

    /// <summary>It stands for itself, once everything sent so far has been carried out.</summary>
    public bool IsPinned(ReadOnlySpan<byte> name) => HasPinned && _names!.TryFind(name, out var statement) && ReferenceEquals(statement, Statement.Unshared);

    public bool IsTaken(ReadOnlySpan<byte> name) => _names is not null && _names.TryFind(name, out _);

    /// <summary>
    /// Only an answer to an earlier batch, which is still to come, will tell what the name stands for: whoever means it by a message of the
    /// batch under way has to wait for that.
    /// </summary>
    public bool IsUnsure(ReadOnlySpan<byte> name) => _names is not null && _names.IsUnsure(name, Batch);

    /// <summary>The name, which nothing waits for, stands for nothing any more.</summary>
    public void Forget(ReadOnlySpan<byte> name) => _names!.Forget(name);

    /// <inheritdoc cref="ClientStatements.Define"/>
    public void Define(ReadOnlySpan<byte> name, Statement statement) =>
        (_names ??= new ClientStatements(client.Route.Catalogue, client.Identity.Statements)).Define(name, statement, Batch);

    /// <summary>The client's Close of a name that is taken was sent.</summary>
    public void Remove(ReadOnlySpan<byte> name) => _names!.Remove(name, Batch);

    /// <summary>A Parse was sent that makes the name the client's own on the server at hand.</summary>
    public void Pin(ReadOnlySpan<byte> name) => Define(name, Statement.Unshared);

    /// <summary>
    /// Remembers of a statement that goes under the client's own name, where names are not tracked, what it may do if that calls for care.
    /// Never forgotten: whether a Close or another Parse of the name is carried out is not looked at. False where there are too many.
    /// </summary>
    public bool TryNoteUntracked(ReadOnlySpan<byte> name, StatementTraits traits)
    {
        if ((traits & ClientLink.Barrier) == 0)
        {
            return true;
        }

        _untracked ??= new Dictionary<byte[], StatementTraits>(ByteStringComparer.Instance);
        if (_untracked.Count >= ClientStatements.Capacity)
        {
            return false;
        }

        var known = _untracked.GetAlternateLookup<ReadOnlySpan<byte>>();
        known.TryGetValue(name, out var before);
        known[name] = before | traits;
        return true;
    }

    /// <summary>What running a statement may do that goes under the client's own name.</summary>
    public StatementTraits TraitsOfOwn(ReadOnlySpan<byte> name)
    {
        if (IsPinned(name))
        {
            return Unseen;
        }

        if (client.Rights.MustSeeStatements && client.Settings.Mode != PoolMode.Session)
        {
            // Names pass as they are, so this one may be another client's on the same server: nobody here has seen its text.
            return Unseen | StatementTraits.DiscardAll;
        }

        var traits = StatementTraits.None;
        _untracked?.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out traits);
        return traits;
    }

    /// <inheritdoc cref="ClientStatements.Settle"/>
    public void Settle() => _names!.Settle();

    /// <inheritdoc cref="ClientStatements.Undo"/>
    public void Undo() => _names!.Undo();

    /// <summary>A DEALLOCATE of the name was sent.</summary>
    public void Deallocating(ReadOnlySpan<byte> name) => (_deallocating ??= new Queue<byte[]>()).Enqueue(name.ToArray());

    /// <summary>The server has confirmed a DEALLOCATE of one name.</summary>
    public void Deallocated()
    {
        if (_deallocating is not null && _deallocating.TryDequeue(out var name))
        {
            _names!.Forget(name);
        }
    }

    /// <summary>DEALLOCATE ALL or DISCARD ALL has passed.</summary>
    public void AllDeallocated()
    {
        _names?.Clear();
        _deallocating?.Clear();
    }

    /// <summary>The batch is over: a DEALLOCATE that was not confirmed did not happen.</summary>
    public void BatchAnswered() => _deallocating?.Clear();

    /// <summary>Nothing of it is under way, and it knows nothing but the client's tracked names.</summary>
    public bool IsAtRest => _names is not { IsAtRest: false } && _untracked is null && _deallocating is not { Count: > 0 };

    /// <summary>Gives the names away, to be kept while the client is idle; null where it has none. Only at rest.</summary>
    public ClientStatements? TakeMemory()
    {
        var names = _names;
        _names = null;
        return names is { Count: > 0 } ? names : null;
    }

    /// <summary>Takes up the names that another knew.</summary>
    public void Restore(ClientStatements names) => _names = names;

    /// <summary>The client has left.</summary>
    public void Dispose() => _names?.Dispose();
}
