using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>
/// The answer to auth_query. It must be one row of two values, a name and a stored password, or no row, or one without a name: then there is nobody. Anything else is
/// a fault of the query. None of it goes anywhere but into <see cref="LookupAnswer"/>.
/// </summary>
internal sealed class LookupExchange(UserLookup lookup) : ProxyExchange
{
    /// <summary>PgBouncer's MAX_PASSWORD; a name is bounded by the message.</summary>
    private const int MaxSecretBytes = 2048;

    private const int MaxNameBytes = 1024;

    private FoundUser? _found;
    private string? _fault;
    private bool _isNobody;
    private bool _isComplete;
    private int _rowCount;

    /// <inheritdoc/>
    public override void OnRow(ReadOnlySpan<byte> body)
    {
        if (++_rowCount > 1)
        {
            _fault ??= "expected one row from auth_query, and there are several";
        }
        else if (!DataRow.TryRead(body, out var row))
        {
            _fault ??= "malformed DataRow";
        }
        else if (row.Count != 2)
        {
            _fault ??= $"expected 2 columns from auth_query, not {row.Count}";
        }
        else if (row.TryGetValue(0, out var name))
        {
            Take(name, row.TryGetValue(1, out var secret), secret);
        }
    }

    /// <inheritdoc/>
    public override void OnResult() => _fault ??= "auth_query is no query that answers with rows";

    /// <inheritdoc/>
    public override void OnCommandComplete(ReadOnlySpan<byte> tag) => _isComplete = true;

    /// <inheritdoc/>
    public override void OnError(in ErrorFields fields)
    {
        // A name that no text of the server can hold (class 22, as character_not_in_repertoire) is nobody's.
        _isNobody = fields.Code.StartsWith("22"u8) && _fault is null;

        // Its text may quote what was stored, as that of a failed cast does: it stays in the server's own log.
        _fault ??= $"error in auth_query: {Encoding.ASCII.GetString(fields.Code)} (the server's log has the text)";
    }

    /// <inheritdoc/>
    public override void OnReady(TransactionStatus status)
    {
        if (_isNobody)
        {
            lookup.Answered(Server, LookupAnswer.Nobody);
        }
        else if ((_fault ?? (_isComplete ? null : "auth_query is empty")) is { } fault)
        {
            lookup.Failed(Server, fault);
        }
        else
        {
            lookup.Answered(Server, _found is null ? LookupAnswer.Nobody : new LookupAnswer(_found));
        }
    }

    /// <inheritdoc/>
    public override void OnServerLost() => lookup.Lost();

    private void Take(ReadOnlySpan<byte> name, bool hasSecret, ReadOnlySpan<byte> secret)
    {
        if (name.Length is 0 or > MaxNameBytes || secret.Length > MaxSecretBytes)
        {
            _fault ??= "auth_query answered with a name or password of impossible length";
            return;
        }

        _found = new FoundUser(Encoding.UTF8.GetString(name), hasSecret ? Encoding.UTF8.GetString(secret) : null);
    }
}
