using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing;

/// <summary>One connection of a <see cref="ScriptedBackend"/>: reads what the frontend sends, in message names, and answers what the script says.</summary>
public sealed class ScriptedSession(WireStream stream) : IAsyncDisposable
{
    /// <summary>The connection below, for bytes that are no messages, resets and half-closes.</summary>
    public WireStream Stream => stream;

    /// <summary>The StartupMessage's parameters, once it was read.</summary>
    public IReadOnlyDictionary<string, string> Startup { get; private set; } = new Dictionary<string, string>();

    /// <summary>Reads packets up to the StartupMessage; SSLRequest and GSSENCRequest are answered <c>N</c>.</summary>
    /// <exception cref="InvalidDataException">A CancelRequest came instead.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadStartupAsync() =>
        await TryReadStartupAsync() ? Startup : throw new InvalidDataException("a CancelRequest came instead of a StartupMessage");

    /// <summary>As <see cref="ReadStartupAsync"/>; false where a CancelRequest came instead.</summary>
    public async Task<bool> TryReadStartupAsync()
    {
        while (true)
        {
            (int code, byte[] body) = await StartupPackets.ReadAsync(stream);
            switch (code)
            {
                case StartupPackets.TlsCode or StartupPackets.GssCode:
                    await stream.WriteAsync("N"u8.ToArray());
                    break;
                case StartupPackets.CancelCode:
                    return false;
                default:
                    Startup = StartupPackets.Parameters(body);
                    return true;
            }
        }
    }

    /// <summary>Reads an SSLRequest, answers <c>S</c>, and does the handshake.</summary>
    public async Task StartTlsAsync(X509Certificate2 certificate)
    {
        (int code, _) = await StartupPackets.ReadAsync(stream);
        if (code != StartupPackets.TlsCode)
        {
            throw new InvalidDataException($"expected SSLRequest, got code {code}");
        }
        await stream.WriteAsync("S"u8.ToArray());
        await stream.StartTlsAsync(async inner =>
        {
            var tls = new SslStream(inner);
            await tls.AuthenticateAsServerAsync(certificate);
            return tls;
        });
    }

    /// <summary>
    /// Plays a login without a password: reads the StartupMessage and sends AuthenticationOk, what a PostgreSQL 15 reports, BackendKeyData and ReadyForQuery.
    /// </summary>
    public async Task LoginAsync(int processId = 4711, string secretKey = "\\x01\\x02\\x03\\x04")
    {
        await ReadStartupAsync();
        await WelcomeAsync(processId, secretKey);
    }

    /// <summary>What <see cref="LoginAsync"/> sends, once the StartupMessage was read.</summary>
    public Task WelcomeAsync(int processId = 4711, string secretKey = "\\x01\\x02\\x03\\x04") =>
        SendAsync(
            "AuthenticationOk",
            """ParameterStatus "application_name" "" """,
            """ParameterStatus "client_encoding" "UTF8" """,
            """ParameterStatus "DateStyle" "ISO, MDY" """,
            """ParameterStatus "integer_datetimes" "on" """,
            """ParameterStatus "IntervalStyle" "postgres" """,
            """ParameterStatus "server_encoding" "UTF8" """,
            """ParameterStatus "server_version" "15.20" """,
            """ParameterStatus "standard_conforming_strings" "on" """,
            """ParameterStatus "TimeZone" "UTC" """,
            $"""BackendKeyData {processId} "{secretKey}" """,
            "ReadyForQuery I");

    /// <summary>Reads one message.</summary>
    public Task<WireMessage> ReadAsync() => stream.ReadMessageAsync();

    /// <summary>Reads one message that must be of this name, or, where the text holds more than a name, print exactly so.</summary>
    /// <exception cref="InvalidDataException">Another came; the message shows both.</exception>
    public async Task<WireMessage> ExpectAsync(string nameOrNotation)
    {
        WireMessage message = await ReadAsync();
        string actual = nameOrNotation.Contains(' ') ? message.ToString() : message.Name;
        return actual == nameOrNotation ? message : throw new InvalidDataException($"expected {nameOrNotation}, got {message}");
    }

    /// <summary>Reads up to and including the first message of this name.</summary>
    public async Task<IReadOnlyList<WireMessage>> ReadUntilAsync(string name)
    {
        var messages = new List<WireMessage>();
        do
        {
            messages.Add(await ReadAsync());
        }
        while (messages[^1].Name != name);
        return messages;
    }

    /// <summary>Reads up to and including the next Query and returns it; null when the frontend ends the connection before.</summary>
    public async Task<WireMessage?> ReadToQueryAsync()
    {
        try
        {
            return (await ReadUntilAsync("Query"))[^1];
        }
        // The end is one of the two answers; a reset is one too, where the frontend has given the connection up.
        catch (Exception end) when (end is EndOfStreamException or IOException { InnerException: System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionReset } })
        {
            return null;
        }
    }

    /// <summary>Sends messages in notation, in one write.</summary>
    public Task SendAsync(params string[] notations) =>
        stream.WriteAsync(notations.SelectMany(notation => WireMessage.Backend(notation).Bytes.ToArray()).ToArray());

    /// <summary>Sends messages in notation byte by byte.</summary>
    public Task SendByteByByteAsync(params string[] notations)
    {
        byte[] bytes = [.. notations.SelectMany(notation => WireMessage.Backend(notation).Bytes.ToArray())];
        return stream.WriteInPiecesAsync(bytes, Enumerable.Repeat(1, bytes.Length));
    }

    /// <summary>Waits for the frontend's end of the connection and returns the messages that came before it.</summary>
    public async Task<IReadOnlyList<WireMessage>> ReadToEndAsync()
    {
        var messages = new List<WireMessage>();
        try
        {
            while (true)
            {
                messages.Add(await ReadAsync());
            }
        }
        catch (EndOfStreamException)
        {
            return messages;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
