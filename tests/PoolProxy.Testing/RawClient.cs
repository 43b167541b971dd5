using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PoolProxy.Protocol.Framing;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing;

/// <summary>
/// A frontend that speaks the protocol message by message: methods named as messages put them into one buffer, <see cref="SendAsync"/> makes
/// one write of it, and every read has a deadline. It never reads ahead or answers by itself, except during <see cref="RawClientLogin.LoginAsync"/>.
/// </summary>
public sealed class RawClient : IAsyncDisposable
{
    private readonly WireStream _stream;
    private readonly MemoryStream _pending = new();
    private readonly EndPoint _address;
    private readonly Dictionary<string, string> _parameters = [];

    private RawClient(WireStream stream, EndPoint address)
    {
        _stream = stream;
        _address = address;
    }

    /// <summary>The connection below, for bytes that are no messages.</summary>
    public WireStream Stream => _stream;

    /// <summary>The values last reported by ParameterStatus, seen by any read.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    /// <summary>BackendKeyData's process id, 0 before login.</summary>
    public int ProcessId { get; private set; }

    /// <summary>BackendKeyData's key.</summary>
    public byte[] SecretKey { get; private set; } = [];

    /// <summary>What <see cref="SendAsync"/> would send now.</summary>
    public ReadOnlyMemory<byte> PendingBytes => _pending.ToArray();

    /// <summary>Connects by TCP to 127.0.0.1. Nothing is sent.</summary>
    public static Task<RawClient> ConnectAsync(int port) => ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Connects to a Unix socket <c>.s.PGSQL.port</c> in a folder. Nothing is sent.</summary>
    public static Task<RawClient> ConnectUnixAsync(string folder, int port) =>
        ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, $".s.PGSQL.{port}")));

    /// <summary>Connects. Nothing is sent.</summary>
    public static async Task<RawClient> ConnectAsync(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address).WaitAsync(Deadlines.Step);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new RawClient(new WireStream(socket, Side.Backend), address);
    }

    /// <summary>Sends SSLRequest and returns the answer: <c>S</c>, <c>N</c>, or <c>E</c> as the start of an error.</summary>
    public async Task<char> RequestTlsAsync()
    {
        await _stream.WriteAsync(StartupPackets.SSLRequest());
        return (char)(await _stream.ReadBytesAsync(1))[0];
    }

    /// <summary>Sends SSLRequest, and does the handshake when the answer is <c>S</c>.</summary>
    /// <param name="authorityFile">PEM of the authority that the server's certificate must come from; without, any certificate will do.</param>
    /// <param name="clientCertificate">A client certificate to show.</param>
    /// <param name="host">The name that is asked for and that the certificate must be for.</param>
    /// <exception cref="InvalidOperationException">The server does not want TLS.</exception>
    public async Task StartTlsAsync(string? authorityFile = null, X509Certificate2? clientCertificate = null, string host = "localhost")
    {
        char answer = await RequestTlsAsync();
        if (answer != 'S')
        {
            throw new InvalidOperationException($"the answer to SSLRequest is {answer}");
        }
        await HandshakeTlsAsync(authorityFile, clientCertificate, host);
    }

    /// <summary>Does the handshake without asking first (sslnegotiation=direct; ALPN <c>postgresql</c> unless told otherwise), or after <see cref="RequestTlsAsync"/>.</summary>
    public Task HandshakeTlsAsync(string? authorityFile = null, X509Certificate2? clientCertificate = null, string host = "localhost", bool namesProtocol = true)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ApplicationProtocols = namesProtocol ? [new SslApplicationProtocol("postgresql")] : null,
        };
        if (authorityFile is null)
        {
            // The tests that pass no authority do not ask whose certificate it is.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authorityFile) },
            };
        }
        if (clientCertificate is not null)
        {
            options.ClientCertificates = [clientCertificate];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate;
        }
        return _stream.StartTlsAsync(async inner =>
        {
            var tls = new SslStream(inner);
            await tls.AuthenticateAsClientAsync(options);
            return tls;
        });
    }

    /// <summary>Sends a StartupMessage of protocol 3.0 and reads nothing.</summary>
    public Task StartupAsync(string user, string database, params IEnumerable<(string Name, string Value)> parameters) =>
        StartupAsync(StartupPackets.Version30, [("user", user), ("database", database), .. parameters]);

    /// <summary>Sends a StartupMessage with exactly these parameters and reads nothing.</summary>
    public Task StartupAsync(int version, IEnumerable<(string Name, string Value)> parameters) =>
        _stream.WriteAsync(StartupPackets.StartupMessage(version, parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))));

    /// <summary>Puts a message in notation, such as <c>Bind "" "s1" (1) ("\x00") ()</c>.</summary>
    public RawClient Put(string notation) => Put(WireMessage.Frontend(notation).Bytes.Span);

    /// <summary>Puts a message.</summary>
    public RawClient Put(WireMessage message) => Put(message.Bytes.Span);

    /// <summary>Puts bytes as they are.</summary>
    public RawClient Put(ReadOnlySpan<byte> bytes)
    {
        _pending.Write(bytes);
        return this;
    }

    /// <summary>Sends everything put so far, in one write.</summary>
    public async Task SendAsync()
    {
        byte[] bytes = TakePending();
        await _stream.WriteAsync(bytes);
    }

    /// <summary>Sends everything put so far in pieces; see <see cref="WireStream.WriteInPiecesAsync"/>.</summary>
    public async Task SendInPiecesAsync(params int[] sizes)
    {
        byte[] bytes = TakePending();
        await _stream.WriteInPiecesAsync(bytes, sizes);
    }

    /// <summary>Sends everything put so far byte by byte.</summary>
    public async Task SendByteByByteAsync()
    {
        byte[] bytes = TakePending();
        await _stream.WriteInPiecesAsync(bytes, Enumerable.Repeat(1, bytes.Length));
    }

    /// <summary>Reads one message. ParameterStatus and BackendKeyData are remembered, and returned like any other.</summary>
    public async Task<WireMessage> ReadAsync()
    {
        WireMessage message = await _stream.ReadMessageAsync();
        if (message.Type == BackendType.ParameterStatus)
        {
            _parameters[message.Text] = message.TextAt(1);
        }
        else if (message.Type == BackendType.BackendKeyData)
        {
            ProcessId = BinaryPrimitives.ReadInt32BigEndian(message.Body);
            SecretKey = message.Body[sizeof(int)..].ToArray();
        }
        return message;
    }

    /// <summary>Reads one message that must be of this name, or, where the text holds more than a name, print exactly so.</summary>
    /// <exception cref="InvalidDataException">Another came; the message shows both.</exception>
    public async Task<WireMessage> ExpectAsync(string nameOrNotation)
    {
        WireMessage message = await ReadAsync();
        string actual = nameOrNotation.Contains(' ') ? message.ToString() : message.Name;
        return actual == nameOrNotation ? message : throw new InvalidDataException($"expected {nameOrNotation}, got {message}");
    }

    /// <summary>Reads one message after the other, each of the name given.</summary>
    public async Task<IReadOnlyList<WireMessage>> ExpectAllAsync(params string[] namesOrNotations)
    {
        var messages = new List<WireMessage>();
        foreach (string expected in namesOrNotations)
        {
            messages.Add(await ExpectAsync(expected));
        }
        return messages;
    }

    /// <summary>Reads up to and including the first message of this name.</summary>
    /// <exception cref="EndOfStreamException">It did not come; the message shows what did.</exception>
    public async Task<IReadOnlyList<WireMessage>> ReadUntilAsync(string name)
    {
        var messages = new List<WireMessage>();
        try
        {
            do
            {
                messages.Add(await ReadAsync());
            }
            while (messages[^1].Name != name);
        }
        catch (EndOfStreamException ended)
        {
            throw new EndOfStreamException($"no {name} came, only: {string.Join(", ", messages)}", ended);
        }
        return messages;
    }

    /// <summary>Sends what is put and reads up to the next ReadyForQuery.</summary>
    public async Task<IReadOnlyList<WireMessage>> RoundTripAsync()
    {
        await SendAsync();
        return await ReadUntilAsync("ReadyForQuery");
    }

    /// <summary>Sends a Query and reads up to ReadyForQuery.</summary>
    public Task<IReadOnlyList<WireMessage>> QueryAsync(string sql) => this.Query(sql).RoundTripAsync();

    /// <summary>Sends a Query and returns the first value of its first row, null for null.</summary>
    /// <exception cref="InvalidDataException">It failed or has no row.</exception>
    public async Task<string?> ScalarAsync(string sql)
    {
        IReadOnlyList<WireMessage> messages = await QueryAsync(sql);
        WireMessage? row = messages.FirstOrDefault(message => message.Name == "DataRow");
        return row is not null ? row.Values[0] : throw new InvalidDataException($"{sql} answered no row: {string.Join("; ", messages)}");
    }

    /// <summary>Waits for the server's end of the connection and returns the messages that came before it.</summary>
    /// <exception cref="TimeoutException">The connection stays open.</exception>
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
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return messages;
        }
    }

    /// <summary>Opens a second connection, sends a CancelRequest for this session, and waits for the server to close it.</summary>
    public async Task CancelAsync()
    {
        await using RawClient canceller = await ConnectAsync(_address);
        await canceller.Put(StartupPackets.CancelRequest(ProcessId, SecretKey)).SendAsync();
        await canceller.Stream.ReadToEndAsync();
    }

    /// <summary>Closes without a Terminate.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _pending.DisposeAsync();
    }

    /// <summary>What <see cref="SendAsync"/> would send now, taken back.</summary>
    public byte[] TakePending()
    {
        byte[] bytes = _pending.ToArray();
        _pending.SetLength(0);
        return bytes;
    }
}
