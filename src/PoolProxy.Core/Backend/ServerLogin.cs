using System.Net;
using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Backend;

/// <summary>
/// The startup packet and the authentication the server asks for: trust, password, md5, SCRAM-SHA-256 with channel binding or without; then what it tells until the
/// first ReadyForQuery. Source: protocol-flow.html#PROTOCOL-FLOW-START-UP, sasl-authentication.html.
/// </summary>
internal sealed class ServerLogin(ColdChannel channel, ServerTarget target, ParameterRegistry registry)
{
    /// <summary>Nothing a server says at login is longer; a bound against a hostile one.</summary>
    private const int MaxMessageBytes = 64 * 1024;

    /// <summary>More messages than any server says at login.</summary>
    private const int MaxMessages = 1000;

    private readonly List<KeyValuePair<string, string>> _reported = [];
    private ParameterSet _parameters = registry.Empty;
    private bool _isServerProven;
    private int _messages;
    private bool _wasPasswordAsked;

    private string? Known => target.Password?.Value ?? target.Proof?.Password?.Value;

    private byte[] Password => Encoding.UTF8.GetBytes(Known ?? "");

    private bool RequiresBinding => target.ChannelBinding == ChannelBindingMode.Require;

    public async Task<ServerFacts> RunAsync()
    {
        Send(WriteStartup);
        await AuthenticateAsync();
        var processId = 0;
        byte[] key = [];
        while (true)
        {
            var message = await NextAsync();
            switch (message.Type)
            {
                case BackendType.ParameterStatus:
                    Note(message.Body.Span);
                    break;
                case BackendType.BackendKeyData when BackendKeyData.TryRead(message.Body.Span, out var keyData):
                    processId = keyData.ProcessId;
                    key = keyData.Key.ToArray();
                    break;
                case BackendType.NoticeResponse or BackendType.NegotiateProtocolVersion:
                    break;
                case BackendType.ErrorResponse:
                    throw Refused(message.Body.Span);
                case BackendType.ReadyForQuery:
                    return new ServerFacts(processId, key, _parameters, _reported) { IsByPassword = _wasPasswordAsked };
                default:
                    throw new ServerLoginException($"unexpected message '{(char)message.Type}' at login");
            }
        }
    }

    /// <summary>What an ErrorResponse of the server becomes in the log.</summary>
    public static ServerLoginException Refused(ReadOnlySpan<byte> body)
    {
        ErrorFields.TryRead(body, out var fields);
        var code = Encoding.ASCII.GetString(fields.Code);
        return new ServerLoginException($"{code} {Encoding.UTF8.GetString(fields.Message)}") { SqlState = code };
    }

    private void WriteStartup(MessageWriter writer)
    {
        StartupMessage.Begin(writer, ProtocolVersion.V3_0);
        StartupMessage.WriteParameter(writer, "user"u8, Encoding.UTF8.GetBytes(target.User));
        StartupMessage.WriteParameter(writer, "database"u8, Encoding.UTF8.GetBytes(target.Dbname));
        foreach (var (name, value) in target.StartupParameters)
        {
            StartupMessage.WriteParameter(writer, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        StartupMessage.End(writer);
    }

    private async Task AuthenticateAsync()
    {
        ScramClient? scram = null;
        while (true)
        {
            var message = await NextAsync();
            if (message.Type is BackendType.NegotiateProtocolVersion or BackendType.NoticeResponse)
            {
                continue;
            }

            if (message.Type == BackendType.ErrorResponse)
            {
                throw Refused(message.Body.Span);
            }

            var kind = KindOf(message, out var data);
            switch (kind)
            {
                case AuthenticationKind.Ok when RequiresBinding && scram is not { Binds: true }:
                    throw new ServerLoginException("server_tls_channel_binding is require, and the server lets the login in without it");
                case AuthenticationKind.Ok when scram is null || _isServerProven:
                    return;
                case AuthenticationKind.Ok:
                    throw new ServerLoginException("the server said AuthenticationOk before it proved that it knows the password");
                case AuthenticationKind.CleartextPassword or AuthenticationKind.MD5Password when RequiresBinding:
                    // CVE-2025-49146: what cannot be bound must not be answered either, or somebody in between learns from it.
                    throw new ServerLoginException($"server_tls_channel_binding is require, and the server asks for {kind}");
                case AuthenticationKind.CleartextPassword:
                    RequirePlainPassword("the password in clear");
                    RequirePrivacy();
                    Send(writer => PasswordMessage.Write(writer, Password));
                    break;
                case AuthenticationKind.MD5Password:
                    RequirePassword();
                    var salt = data.ToArray();
                    Send(writer => PasswordMessage.Write(writer, Md5Password.Answer(Md5Stored(), salt)));
                    break;
                case AuthenticationKind.SASL:
                    RequireScram();
                    scram = StartScram(message);
                    break;
                case AuthenticationKind.SASLContinue when scram is not null:
                    await ContinueScramAsync(scram, data.ToArray());
                    break;
                case AuthenticationKind.SASLFinal when scram is not null:
                    _isServerProven = scram.ReadServerFinal(data.Span) == ScramResult.Done;
                    if (!_isServerProven)
                    {
                        throw new ServerLoginException("the server does not know the password it asked for (SCRAM server signature)");
                    }

                    break;
                default:
                    throw new ServerLoginException($"the server asks for authentication method {(int)kind}, which is not supported");
            }
        }
    }

    private ValueTask<ColdMessage> NextAsync() =>
        ++_messages <= MaxMessages ? channel.ReadMessageAsync(MaxMessageBytes) : throw new ServerLoginException("the login is endless");

    private static AuthenticationKind KindOf(ColdMessage message, out ReadOnlyMemory<byte> data)
    {
        if (message.Type != BackendType.Authentication || !AuthenticationRequest.TryRead(message.Body.Span, out var authentication))
        {
            throw new ServerLoginException($"unexpected message '{(char)message.Type}' instead of an authentication request");
        }

        data = message.Body[^authentication.Data.Length..];
        return authentication.Kind;
    }

    private ScramClient StartScram(ColdMessage message)
    {
        AuthenticationRequest.TryRead(message.Body.Span, out var request);
        ReadOnlyMemory<byte> hash = target.ChannelBinding != ChannelBindingMode.Disable && channel.Connection is { IsTls: true, Tls: { } tls } ? tls.TlsServerEndPoint : default;
        var binds = !hash.IsEmpty && request.OffersMechanism("SCRAM-SHA-256-PLUS"u8);
        if (RequiresBinding && !binds)
        {
            throw new ServerLoginException("server_tls_channel_binding is require, and the server does not offer SCRAM-SHA-256-PLUS");
        }

        if (!binds && !request.OffersMechanism("SCRAM-SHA-256"u8))
        {
            throw new ServerLoginException("the server offers no SASL mechanism that is supported");
        }

        // To have been able to and not been offered is said too: a server that did offer it then knows that somebody took its offer away.
        using var random = RandomNumberGenerator.Create();
        var scram = binds ? new ScramClient(ScramBinding.TlsServerEndPoint, hash.Span, random)
            : new ScramClient(hash.IsEmpty ? ScramBinding.Unable : ScramBinding.NotOffered, default, random);
        Send(writer => SASLInitialResponse.Write(writer, Encoding.ASCII.GetBytes(scram.Mechanism), scram.FirstMessage()));
        return scram;
    }

    private async Task ContinueScramAsync(ScramClient scram, byte[] challenge)
    {
        var result = scram.ReadServerFirst(challenge, Scram.MaxIterations);
        if (result != ScramResult.Done)
        {
            throw new ServerLoginException($"the server's SCRAM challenge was refused: {result}");
        }

        // PBKDF2 is meant to be slow: not on the loop.
        var (password, salt, iterations) = (Password, scram.Salt.ToArray(), scram.Iterations);
        var keys = LearnedKeys(salt, iterations) ?? await Task.Run(() => ScramKeys.Derive(password, salt, iterations));
        Send(writer => SASLResponse.Write(writer, scram.FinalMessage(keys)));
    }

    /// <summary>Keys prove something only where the server has the verifier that they were won against.</summary>
    private ScramKeys? LearnedKeys(byte[] salt, int iterations) =>
        Known is not null || target.Proof is not { Keys: { } keys } proof ? null
        : proof.IsFor(salt, iterations) ? keys
        : throw new ServerLoginException($"the server's SCRAM verifier of login \"{target.User}\" is not the one that the client logged in against (salt or iterations differ)");

    private byte[] Md5Stored() => Md5Password.HasForm(Password) ? Password : Md5Password.Store(Password, Encoding.UTF8.GetBytes(target.User));

    private void RequirePassword()
    {
        if (Known is null)
        {
            throw new ServerLoginException(target.Proof is null
                ? $"the server asks for a password, and none is configured for login \"{target.User}\""
                : $"the server asks for a password of login \"{target.User}\", of which only SCRAM keys are known");
        }

        _wasPasswordAsked = true;
    }

    private void RequirePlainPassword(string what)
    {
        RequirePassword();
        if (Md5Password.HasForm(Password))
        {
            throw new ServerLoginException($"the server asks for {what} of login \"{target.User}\", of which only the md5 hash is known");
        }
    }

    /// <summary>What is a user's own, and not written in the configuration for this server, is not sent where others can read it.</summary>
    private void RequirePrivacy()
    {
        var connection = channel.Connection;
        if (target.Password is null && !IsPrivate(connection.IsTls, connection.RemoteEndPoint?.Address))
        {
            throw new ServerLoginException($"the server asks for the password of login \"{target.User}\" in clear over a connection without TLS: a client's own password is not sent so (server_tls_sslmode)");
        }
    }

    /// <summary>Whether nobody on the way can read along. <paramref name="server"/> is null for a Unix socket.</summary>
    internal static bool IsPrivate(bool isTls, IPAddress? server) =>
        isTls || server is null || IPAddress.IsLoopback(server.IsIPv4MappedToIPv6 ? server.MapToIPv4() : server);

    private void RequireScram()
    {
        if (Known is null && target.Proof?.Keys is not null)
        {
            _wasPasswordAsked = true;
            return;
        }

        RequirePlainPassword("SCRAM");
    }

    private void Note(ReadOnlySpan<byte> body)
    {
        if (!ParameterStatus.TryRead(body, out var status))
        {
            throw new ServerLoginException("malformed ParameterStatus");
        }

        if (_reported.Count < ParameterNames.Capacity)
        {
            _reported.Add(new(Encoding.UTF8.GetString(status.Name), Encoding.UTF8.GetString(status.Value)));
        }

        if (registry.Names.Find(status.Name) is { } name)
        {
            name.IsReported = true;
            _parameters = registry.With(_parameters, name, status.Value);
        }
    }

    private void Send(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        channel.Write(writer.WrittenSpan);
    }
}
