using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Statements that the proxy does not let through. Something that is bound to fail goes upstream in their place, so that the failed
/// transaction, the skipping to Sync and the order of answers are PostgreSQL's own; the client gets the proxy's words instead of the
/// server's. The words wait here in order until the server's error, or its skipping of the batch, asks for them.
/// </summary>
internal sealed class Refusals(RelayClient client)
{
    private Queue<ProxyError>? _words;
    private int _count;

    /// <summary>No SQL: it fails when it is parsed, before anything else is looked at, and says in the server's log what it is.</summary>
    public static ReadOnlySpan<byte> Sql => "refused_by_poolproxy"u8;

    /// <summary>Never defined: the failing Parse must not take the unnamed statement with it.</summary>
    private static ReadOnlySpan<byte> StatementName => "poolproxy_refused"u8;

    /// <summary>Puts the failing message into the list; a Query for a Query, a Parse for anything of the extended protocol.</summary>
    public void Refuse(OwedKind kind, ProxyError error)
    {
        (_words ??= new Queue<ProxyError>()).Enqueue(error);
        var tag = -1 - (_count++ & 0xFFFFFF);
        var message = client.Shared.Scratch;
        message.Clear();
        if (kind == OwedKind.Query)
        {
            client.Server.UnnamedOwner = null;
            message.Begin(FrontendType.Query);
            message.WriteCString(Sql);
            message.End();
        }
        else
        {
            kind = OwedKind.Parse;
            message.Begin(FrontendType.Parse);
            message.WriteCString(StatementName);
            message.WriteCString(Sql);
            message.WriteInt16(0);
            message.End();
        }

        message.WrittenSpan.CopyTo(client.Shared.ToServer.AddScratch(message.WrittenLength));
        client.Server.Expect(kind, OwedOrigin.Client, tag);
    }

    /// <summary>Nobody waits for words.</summary>
    public bool IsEmpty => _words is not { Count: > 0 };

    /// <summary>The oldest refusal's words, which stay.</summary>
    public ProxyError Oldest => _words!.Peek();

    /// <summary>The oldest refusal's words.</summary>
    public ProxyError Take() => _words!.Dequeue();
}
