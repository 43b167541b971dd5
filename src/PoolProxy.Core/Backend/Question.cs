using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Backend;

/// <summary>
/// One statement of the proxy's own with values that come from elsewhere: by Parse, Bind, Execute and Sync, so that no value is ever part of a text. All
/// values and results are text.
/// </summary>
internal static class Question
{
    /// <summary>Sends it on a server that serves nobody at that moment; the answers go to the exchange, whose one reply it is.</summary>
    public static void Ask(ServerConnection server, ProxyExchange exchange, ReadOnlySpan<byte> sql, ReadOnlySpan<byte[]?> values, TimeSpan deadline)
    {
        server.BeginExchange(exchange, deadline);
        server.UnnamedOwner = null;
        foreach (var kind in (ReadOnlySpan<OwedKind>)[OwedKind.Parse, OwedKind.Bind, OwedKind.Execute, OwedKind.Sync])
        {
            server.Conversation.Expect(kind, OwedOrigin.Proxy, ProxyExchange.Tag);
        }

        using var messages = new MessageWriter();
        Parse.Write(messages, default, sql);
        Bind.Write(messages, default, default, values);
        Execute.Write(messages, default);
        Sync.Write(messages);
        server.SendOwn(messages.WrittenSpan);
    }
}
