using System.Buffers.Binary;
using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Parse, Bind, Describe and Close: a client's names are private to it, servers know statements by names of ours, and a statement that
/// the server at hand lacks is prepared on it first. The unnamed statement is the client's own too: it is remembered and sent again
/// where the server's unnamed one is somebody else's.
/// </summary>
internal sealed class StatementRequests(RelayClient client)
{
    private readonly Refusals _refusals = new(client);
    private readonly UnnamedStatement _unnamed = new(client);
    private readonly StatementCopies _copies = new(client);
    private Queue<byte[]>? _deallocating;
    private HashSet<byte[]>? _pinnedNames;
    private ClientStatements? _names;
    private StatementTraits _batchTraits;

    /// <summary>The head of a long Bind was put in other words: its rest goes upstream behind that.</summary>
    public bool StreamsRest { get; set; }

    /// <summary>How many named statements the client has.</summary>
    public int Count => (_names?.Count ?? 0) + (_pinnedNames?.Count ?? 0);

    /// <summary>Statements too long to share live on one server under the client's own names: it cannot leave that server.</summary>
    public bool IsPinned => _unnamed.IsPinned || _pinnedNames is { Count: > 0 };

    private SegmentList Output => client.Shared.ToServer;

    public void Settle() => _names!.Settle();

    public void Undo() => _names!.Undo();

    /// <summary>The oldest refusal's words.</summary>
    public ProxyError TakeRefusal() => _refusals.Take();

    public void Refuse(OwedKind kind, ProxyError error) => _refusals.Refuse(kind, error);

    /// <summary>A simple Query takes the unnamed statement with it.</summary>
    public void ForgetUnnamed() => _unnamed.Forget();

    /// <summary>What the statements of the batch that a Sync now ends may do.</summary>
    public StatementTraits TakeBatchTraits()
    {
        var traits = _batchTraits;
        _batchTraits = StatementTraits.None;
        return traits;
    }

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
        _pinnedNames = null;
        _deallocating?.Clear();
        ForgetUnnamed();
    }

    /// <summary>The batch is over: a DEALLOCATE that was not confirmed did not happen.</summary>
    public void BatchAnswered() => _deallocating?.Clear();

    public void Dispose()
    {
        _names?.Dispose();
    }

    public RequestFate Parse(in RequestBytes input, int offset, ReadOnlySpan<byte> body, long total, int available)
    {
        var nameEnd = body.IndexOf((byte)0);
        if (nameEnd < 0)
        {
            return available == total ? Malformed("Parse") : RequestFate.NeedsMore;
        }

        client.Route.Pool.Stats.ClientParseCount++;
        var name = body[..nameEnd];
        if (available != total || total > client.Settings.MaxStatementBytes + Frame.HeaderLength)
        {
            return ParseUnshared(name, available != total);
        }

        var definition = body[(nameEnd + 1)..];
        var textLength = definition.IndexOf((byte)0);
        if (textLength < 0 || definition.Length < textLength + 3)
        {
            return Malformed("Parse");
        }

        if (nameEnd == 0)
        {
            return ParseUnnamed(in input, offset, available, definition, textLength);
        }

        if (!client.Settings.TracksStatements)
        {
            var untracked = Scan(definition[..textLength]);
            if (client.RefusesRoleChange(untracked))
            {
                Refuse(OwedKind.Parse, ProxyErrors.RoleChangeRefused);
                return RequestFate.Done;
            }

            // Which Bind runs it is not looked at: the batch counts as if this one did.
            _batchTraits |= untracked;
            client.Server.Expect(OwedKind.Parse, OwedOrigin.Client);
            client.Route.Pool.Stats.ServerParseCount++;
            return RequestFate.Pass;
        }

        return ParseNamed(name, definition, textLength);
    }

    public RequestFate Bind(in RequestBytes input, int offset, ReadOnlySpan<byte> body, long total, int available)
    {
        StreamsRest = false;
        var portalEnd = body.IndexOf((byte)0);
        var nameLength = portalEnd < 0 ? -1 : body[(portalEnd + 1)..].IndexOf((byte)0);
        if (nameLength < 0)
        {
            return available == total ? Malformed("Bind") : RequestFate.NeedsMore;
        }

        client.Route.Pool.Stats.BindCount++;
        var name = body.Slice(portalEnd + 1, nameLength);
        if (nameLength == 0)
        {
            return UseUnnamed(OwedKind.Bind);
        }

        if (!client.Settings.TracksStatements || IsPinnedName(name))
        {
            client.Server.Expect(OwedKind.Bind, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        if (_names is null || !_names.TryFind(name, out var statement))
        {
            Refuse(OwedKind.Bind, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        var rewritten = total - 1 - nameLength + statement.ServerName.Length;
        if (rewritten > client.Settings.MaxPacketSize)
        {
            client.ViolateLength(rewritten + 1);
            return RequestFate.Ended;
        }

        if (client.TakeUntoldLoss(statement.Traits) is { } loss)
        {
            Refuse(OwedKind.Bind, loss);
            return RequestFate.Done;
        }

        _batchTraits |= statement.Traits;
        _copies.Ensure(statement);
        var head = Output.AddScratch(Frame.HeaderLength);
        head[0] = FrontendType.Bind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], (int)rewritten);
        input.AddTo(Output, offset + Frame.HeaderLength, portalEnd + 1);
        statement.ServerName.CopyTo(Output.AddScratch(statement.ServerName.Length));
        input.AddTo(Output, offset + Frame.HeaderLength + portalEnd + 1 + nameLength, available - Frame.HeaderLength - portalEnd - 1 - nameLength);
        client.Server.Expect(OwedKind.Bind, OwedOrigin.Client, statement.Id);
        StreamsRest = true;
        return RequestFate.Done;
    }

    public RequestFate Describe(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[^1] != 0 || body[0] is not ((byte)'S' or (byte)'P'))
        {
            return Malformed("Describe");
        }

        if (body[0] == 'P')
        {
            client.Server.Expect(OwedKind.DescribePortal, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        var name = body[1..^1];
        if (name.IsEmpty)
        {
            return UseUnnamed(OwedKind.DescribeStatement);
        }

        if (!client.Settings.TracksStatements || IsPinnedName(name))
        {
            client.Server.Expect(OwedKind.DescribeStatement, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        if (_names is null || !_names.TryFind(name, out var statement))
        {
            Refuse(OwedKind.DescribeStatement, ProxyErrors.UnknownStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        _copies.Ensure(statement);
        _copies.Put(FrontendType.Describe, statement);
        client.Server.Expect(OwedKind.DescribeStatement, OwedOrigin.Client, statement.Id);
        return RequestFate.Done;
    }

    public RequestFate Close(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[^1] != 0 || body[0] is not ((byte)'S' or (byte)'P'))
        {
            return Malformed("Close");
        }

        var name = body[1..^1];
        if (body[0] == 'P' || name.IsEmpty || !client.Settings.TracksStatements || IsPinnedName(name))
        {
            if (body[0] == 'S')
            {
                if (name.IsEmpty)
                {
                    ForgetUnnamed();
                }
                else
                {
                    _pinnedNames?.Remove(name.ToArray());
                }
            }

            client.Server.Expect(OwedKind.Close, OwedOrigin.Client);
            return RequestFate.Pass;
        }

        // Servers keep their copies for whoever else has a name for the statement; only the client's own name goes.
        if (_names is not null && _names.TryFind(name, out var statement))
        {
            _names.Remove(name);
            client.Server.Expect(OwedKind.Close, OwedOrigin.Made, statement.Id);
        }
        else
        {
            client.Server.Expect(OwedKind.Close, OwedOrigin.Made);
        }

        return RequestFate.Done;
    }

    /// <summary>The server's own DEALLOCATE for one of the client's names: by the name the server knows, prepared there first if need be.</summary>
    public bool TryDeallocate(ReadOnlySpan<byte> name, out byte[] sql)
    {
        if (_names is null || !client.Settings.TracksStatements || !_names.TryFind(name, out var statement))
        {
            sql = [];
            return false;
        }

        _copies.Ensure(statement);
        client.Server.Statements.Remove(statement.Id);
        (_deallocating ??= new Queue<byte[]>()).Enqueue(name.ToArray());
        sql = [.. "DEALLOCATE "u8, .. statement.ServerName];
        return true;
    }

    private RequestFate ParseNamed(ReadOnlySpan<byte> name, ReadOnlySpan<byte> definition, int textLength)
    {
        _names ??= new ClientStatements(client.Route.Catalogue);
        if (_names.TryFind(name, out _) || IsPinnedName(name))
        {
            Refuse(OwedKind.Parse, ProxyErrors.DuplicateStatement(Encoding.UTF8.GetString(name)));
            return RequestFate.Done;
        }

        if (_names.IsFull)
        {
            Refuse(OwedKind.Parse, ProxyErrors.TooManyStatements(ClientStatements.Capacity));
            return RequestFate.Done;
        }

        var statement = client.Route.Catalogue.Acquire(
            client.Route.Dresser.ScopeOf(client.Identity), client.Parameters.FoldedKey, definition, textLength, client.StandardConformingStrings);
        if (client.RefusesRoleChange(statement.Traits))
        {
            client.Route.Catalogue.Release(statement);
            Refuse(OwedKind.Parse, ProxyErrors.RoleChangeRefused);
            return RequestFate.Done;
        }

        _names.Define(name, statement);
        if (client.Server.Statements.Touch(statement.Id))
        {
            client.Server.Expect(OwedKind.Parse, OwedOrigin.Made, statement.Id);
        }
        else
        {
            _copies.Parse(statement, OwedOrigin.Client);
        }

        return RequestFate.Done;
    }

    private RequestFate ParseUnnamed(in RequestBytes input, int offset, int available, ReadOnlySpan<byte> definition, int textLength)
    {
        var scanner = new StatementScanner(client.StandardConformingStrings);
        scanner.Feed(definition[..textLength]);
        var traits = scanner.Finish();
        if (client.TakeUntoldLoss(traits) is { } loss)
        {
            Refuse(OwedKind.Parse, loss);
            return RequestFate.Done;
        }

        if (client.RefusesRoleChange(traits))
        {
            Refuse(OwedKind.Parse, ProxyErrors.RoleChangeRefused);
            return RequestFate.Done;
        }

        if ((traits & (StatementTraits.Deallocate | StatementTraits.Multiple)) == StatementTraits.Deallocate
            && TryDeallocate(scanner.DeallocatedName, out var sql))
        {
            var message = client.Shared.Scratch;
            message.Clear();
            message.Begin(FrontendType.Parse);
            message.WriteCString(""u8);
            message.WriteCString(sql);
            message.WriteInt16(0);
            message.End();
            _unnamed.Remember(message.WrittenSpan, traits);
            message.WrittenSpan.CopyTo(Output.AddScratch(message.WrittenLength));
        }
        else
        {
            _unnamed.Remember(input.Span.Slice(offset, available), traits);
            input.AddTo(Output, offset, available);
        }

        client.Server.Expect(OwedKind.Parse, OwedOrigin.Client);
        client.Route.Pool.Stats.ServerParseCount++;
        return RequestFate.Done;
    }

    /// <summary>Too long to look into or to keep: it goes to the server at hand under the client's own name, and the client stays there.</summary>
    private RequestFate ParseUnshared(ReadOnlySpan<byte> name, bool isCut)
    {
        if (client.MustSeeStatements)
        {
            Refuse(OwedKind.Parse, ProxyErrors.StatementTooLongToInspect(client.Settings.MaxStatementBytes));
            return RequestFate.Done;
        }

        if (name.IsEmpty)
        {
            _unnamed.Pin();
        }
        else if (client.Settings.TracksStatements)
        {
            if (IsPinnedName(name) || (_names is not null && _names.TryFind(name, out _)) || name.StartsWith("poolproxy_"u8))
            {
                Refuse(OwedKind.Parse, ProxyErrors.DuplicateStatement(Encoding.UTF8.GetString(name)));
                return RequestFate.Done;
            }

            (_pinnedNames ??= new HashSet<byte[]>(ByteStringComparer.Instance)).Add(name.ToArray());
        }

        _batchTraits |= StatementTraits.Unknown | StatementTraits.SetsParameter;
        client.Server.Expect(OwedKind.Parse, OwedOrigin.Client);
        client.Route.Pool.Stats.ServerParseCount++;
        return RequestFate.Pass;
    }

    private RequestFate UseUnnamed(OwedKind kind)
    {
        if (!_unnamed.IsOnServer && !_unnamed.IsPinned)
        {
            if (!_unnamed.IsRemembered)
            {
                // Whatever unnamed statement the server has is not this client's.
                Refuse(kind, ProxyErrors.UnknownUnnamedStatement);
                return RequestFate.Done;
            }

            _unnamed.Send();
        }

        _batchTraits |= _unnamed.Traits;
        client.Server.Expect(kind, OwedOrigin.Client);
        return RequestFate.Pass;
    }

    private StatementTraits Scan(ReadOnlySpan<byte> text)
    {
        var scanner = new StatementScanner(client.StandardConformingStrings);
        scanner.Feed(text);
        return scanner.Finish();
    }

    private bool IsPinnedName(ReadOnlySpan<byte> name) =>
        _pinnedNames is not null && _pinnedNames.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(name);

    private RequestFate Malformed(string message)
    {
        client.End(RelayOutcome.ClientViolation, ProxyErrors.MalformedMessage(message));
        return RequestFate.Ended;
    }
}
