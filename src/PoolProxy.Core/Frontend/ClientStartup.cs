using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// What a connection opens with: SSLRequest (TLS, then again from the start), TLS at once, GSSENCRequest (refused), CancelRequest (carried out, and the
/// end; also in the clear where TLS is demanded, because libpq before 17 sends it so), or the startup packet.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.
/// </summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The client.</param>
/// <param name="channel">Its bytes.</param>
/// <param name="turnedAway">What it is told instead of TLS or a login: [limits] has turned it away. Null where not.</param>
internal sealed class ClientStartup(FrontendServices services, ClientSession session, ColdChannel channel, ProxyError? turnedAway)
{
    /// <summary>The first byte of a TLS handshake (RFC 8446 §5.1); that of a startup packet, whose length it begins, is zero.</summary>
    private const byte TlsHandshake = 0x16;

    /// <summary>The protocol version that both sides speak from here on.</summary>
    public int Version { get; private set; } = ProtocolVersion.V3_0;

    /// <summary>A parameter that may not be asked for: told to the client once it has proven who it is.</summary>
    public ProxyError? Fault { get; private set; }

    private ProxySettings Proxy => services.Routes.Plan.Configuration.Proxy;

    /// <summary>The settings of the startup packet; null when the connection has had its answer and ends.</summary>
    public async ValueTask<StartupSettings?> ReadAsync()
    {
        if (await channel.PeekByteAsync() == TlsHandshake && !await StartDirectTlsAsync())
        {
            return null;
        }

        while (true)
        {
            var packet = await channel.ReadStartupAsync(StartupPacket.MaxBodyLengthBytes);
            switch (StartupPacket.Classify(packet.Span))
            {
                case StartupPacketKind.SSLRequest or StartupPacketKind.StartupMessage when turnedAway is not null:
                    session.Refuse(channel, turnedAway);
                    return null;
                case StartupPacketKind.SSLRequest:
                    if (!await StartTlsAsync())
                    {
                        return null;
                    }

                    break;
                case StartupPacketKind.GSSENCRequest:
                    if (channel.BufferedBytes > 0)
                    {
                        session.Refuse(channel, ProxyErrors.BytesBeforeGss);
                        return null;
                    }

                    channel.Write("N"u8);
                    break;
                case StartupPacketKind.CancelRequest:
                    await CancelAsync(packet);
                    return null;
                case StartupPacketKind.StartupMessage:
                    return ReadStartupMessage(packet.Span);
                default:
                    session.Refuse(channel, ProxyErrors.InvalidStartupPacket);
                    return null;
            }
        }
    }

    private async Task<bool> StartTlsAsync()
    {
        // What came ahead of the handshake came in the clear, from whoever was on the line (CVE-2021-23214).
        if (channel.BufferedBytes > 0)
        {
            session.Refuse(channel, ProxyErrors.BytesBeforeTls);
            return false;
        }

        if (services.Tls is not { } tls || session.Connection.IsUnix || session.Connection.IsTls)
        {
            channel.Write("N"u8);
            return true;
        }

        channel.Write("S"u8);
        return await ShakeHandsAsync(tls, isDirect: false);
    }

    /// <summary>TLS without an SSLRequest (<c>sslnegotiation=direct</c>): only with ALPN, so that nobody who means another protocol is taken for a client.</summary>
    private async Task<bool> StartDirectTlsAsync()
    {
        var refusal = turnedAway is not null ? "turned away" : services.Tls is null || session.Connection.IsUnix ? "received direct SSL connection request while TLS is not in use" : null;
        if (refusal is null && !await ShakeHandsAsync(services.Tls!, isDirect: true))
        {
            return false;
        }

        if (refusal is null && session.Connection.Tls!.ApplicationProtocol is null)
        {
            refusal = "received direct SSL connection request without ALPN protocol negotiation extension";
        }

        if (refusal is not null)
        {
            services.Log.ClientTlsFailed(session, refusal);
            session.Finish(RelayOutcome.Refused);
        }

        return refusal is null;
    }

    private async Task<bool> ShakeHandsAsync(TlsServerContext tls, bool isDirect)
    {
        try
        {
            await channel.StartTlsAsync(tls.Open(), Proxy.ClientLoginTimeout > TimeSpan.Zero ? Proxy.ClientLoginTimeout : TimeSpan.FromSeconds(60), isDirect);
            return true;
        }
        catch (ConnectionEndedException failure) when (failure.End.Kind == ConnectionEndKind.TlsFailed)
        {
            services.Log.ClientTlsFailed(session, failure.End.Reason);
            session.Finish(RelayOutcome.Refused);
            return false;
        }
    }

    private async Task CancelAsync(ReadOnlyMemory<byte> packet)
    {
        if (!CancelRequest.TryRead(packet.Span, out var request))
        {
            session.Finish(RelayOutcome.ClientViolation);
            return;
        }

        session.IsCancelRequest = true;
        var (processId, key) = (request.ProcessId, request.Key.ToArray());

        // The client waits for the end of this connection, and takes it for the end of the cancel.
        if (services.Shared.PeerId > 0 && PeerMark.PeerOf(processId) is var peer && peer != services.Shared.PeerId)
        {
            await services.Shared.Peers.ForwardAsync(services, peer, processId, key);
        }
        else
        {
            if (services.Shared.PeerId > 0)
            {
                // However often it was passed on: as it was given to the client.
                PeerMark.FillHops(key);
            }

            await services.Cancels.RouteAsync(services.Loop, processId, key, Proxy.CancelWaitTimeout);
        }

        session.Finish(RelayOutcome.ClientTerminated);
    }

    private StartupSettings? ReadStartupMessage(ReadOnlySpan<byte> packet)
    {
        if (services.Startups.Find(packet) is { } known)
        {
            Version = known.Version;
            return known;
        }

        var status = StartupMessage.TryRead(packet, out var message);
        switch (status)
        {
            case StartupResult.Accepted:
                break;
            case StartupResult.Negotiate:
                using (var writer = new MessageWriter())
                {
                    NegotiateProtocolVersion.Write(writer, in message);
                    channel.Write(writer.WrittenSpan);
                }

                break;
            case StartupResult.UnsupportedVersion:
                session.Refuse(channel, LoginErrors.UnsupportedProtocolVersion(ProtocolVersion.Major(message.Version), ProtocolVersion.Minor(message.Version)));
                return null;
            case StartupResult.NoUser:
                session.Refuse(channel, LoginErrors.NoUserName);
                return null;
            default:
                session.Refuse(channel, ProxyErrors.InvalidStartupPacket);
                return null;
        }

        Version = message.AgreedVersion;
        var startup = StartupSettings.Read(in message, Proxy.TrackExtraParameters, Proxy.IgnoreStartupParameters, out var fault);
        Fault = fault;
        if (Proxy.ApplicationNameAddHost)
        {
            startup.AddHost(session.Address);
        }
        else if (fault is null && status == StartupResult.Accepted)
        {
            services.Startups.Add(packet, startup);
        }

        return startup;
    }
}
