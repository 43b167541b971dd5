using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Backend;

/// <summary>
/// SSLRequest to a server and what follows, by server_tls_sslmode: <c>prefer</c> goes on in the clear where the server has no TLS,
/// <c>allow</c> asks for it only when there is no other way (here: never, as PgBouncer), <c>require</c> and above give up without it.
/// Source: protocol-flow.html#PROTOCOL-FLOW-SSL.
/// </summary>
internal static class ServerTls
{
    /// <summary>
    /// The channel to go on with: the same, or under <c>prefer</c> a new one if the handshake failed on the first. <paramref name="begun"/> is told when a handshake begins.
    /// </summary>
    public static async Task<ColdChannel> NegotiateAsync(ColdChannel channel, ServerTarget target, TimeSpan timeout, Func<Task<ColdChannel>> reconnect, Action begun)
    {
        if (target.TlsMode == TlsMode.Allow || target.Tls is null)
        {
            return channel;
        }

        if (target.IsTlsDirect)
        {
            begun();
            await channel.StartTlsAsync(target.Tls.Open(target.Host), timeout, isDirect: true);

            // Without it another protocol's server could be made to answer (protocol-flow.html#PROTOCOL-FLOW-SSL).
            return channel.Connection.Tls?.ApplicationProtocol == Alpn.Protocol
                ? channel : throw new ServerLoginException("the server did not agree to the protocol postgresql by ALPN, which direct TLS needs");
        }

        using (var request = new MessageWriter())
        {
            SSLRequest.Write(request);
            channel.Write(request.WrittenSpan);
        }

        var answer = await channel.ReadByteAsync();
        switch (answer)
        {
            case (byte)'S':
                // CVE-2021-23222: bytes in the clear behind the S would be taken for the server's own inside TLS.
                if (channel.BufferedBytes > 0)
                {
                    throw new ServerLoginException("the server sent bytes ahead of the TLS handshake");
                }

                begun();
                try
                {
                    await channel.StartTlsAsync(target.Tls.Open(target.Host), timeout, isDirect: false);
                    return channel;
                }
                catch (Exception failure) when (target.TlsMode == TlsMode.Prefer && failure is IOException or ConnectionEndedException)
                {
                    channel.Connection.Abort();
                    return await reconnect();
                }

            case (byte)'N' when target.TlsMode == TlsMode.Prefer:
                return channel;
            case (byte)'N':
                throw new ServerLoginException("the server does not support TLS, but server_tls_sslmode demands it");
            default:
                throw new ServerLoginException($"the server answered SSLRequest with byte {answer}");
        }
    }
}
