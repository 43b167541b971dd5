using PoolProxy.Core.Errors;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Frontend;

/// <summary>What a client hears at the end of its login, in one write: AuthenticationOk and parameters, its key for cancels, a notice, ReadyForQuery.</summary>
internal static class Greeting
{
    /// <summary>Sends it; <paramref name="messages"/> go up to the last ParameterStatus.</summary>
    public static void Write(FrontendServices services, ClientSession session, ColdChannel channel, int version, ReadOnlySpan<byte> messages)
    {
        session.IssueKey(version >= ProtocolVersion.V3_2 ? CancelSecret.LongBytes : CancelSecret.ShortBytes);
        Span<byte> secret = stackalloc byte[CancelSecret.LongBytes];
        secret = secret[..session.CancelSecret.LengthBytes];
        session.CancelSecret.CopyTo(secret);

        // The loop's own, empty between two messages: a writer of our own would come from the array pool, and be wiped.
        var writer = services.Relay.Scratch;
        writer.Clear();
        messages.CopyTo(writer.GetSpan(messages.Length));
        writer.Advance(messages.Length);
        BackendKeyData.Write(writer, session.CancelProcessId, secret);
        var greeting = services.Routes.Plan.Configuration.Proxy.LoginNotifyMessage;
        if (greeting.Length > 0)
        {
            var notice = ProxyErrors.Notice(greeting).Wire.Span;
            notice.CopyTo(writer.GetSpan(notice.Length));
            writer.Advance(notice.Length);
        }

        ReadyForQuery.Write(writer, TransactionStatus.Idle);
        channel.Write(writer.WrittenSpan);
    }
}
