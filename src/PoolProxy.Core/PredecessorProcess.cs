using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core;

/// <summary>
/// The proxy that runs, for the one that takes over (-R): found by its Unix socket, asked on its console as PgBouncer's successors ask, and told to go. It blocks, and
/// is used by one thread while starting.
/// 1. <see cref="Find(ProxySettings)"/>: see that it is no other account's, and log in as user <c>pgbouncer</c>, which a process of the same account may; 2. <see cref="TakeSockets"/>: SHOW FDS brings the listening
/// sockets, on which both accept from then on; 3. <see cref="Retire"/>: SHUTDOWN WAIT_FOR_CLIENTS, and the old one stops accepting and serves whom it has until they leave.
/// Until the third step nothing has changed for the old one.
/// </summary>
internal sealed class PredecessorProcess : IDisposable
{
    private const string ListenerTask = "pooler";
    private const int ReplyBytes = 64 * 1024;
    private const int PatienceMilliseconds = 15_000;
    private const uint Root = 0;

    private static ReadOnlySpan<byte> Console => "pgbouncer"u8;

    private readonly SocketEndpoint _endpoint;
    private readonly Socket _socket;
    private readonly List<int> _descriptors = [];
    private readonly byte[] _buffer = new byte[ReplyBytes];
    private int _count;
    private bool _isLost;

    private PredecessorProcess(SocketEndpoint endpoint, Socket socket)
    {
        _endpoint = endpoint;
        _socket = socket;
    }

    /// <summary>The proxy that listens on the Unix socket of the configuration, logged in to; null where none does.</summary>
    /// <exception cref="ProxyFaultException">There is no Unix socket to ask on, or what listens there does not let us in.</exception>
    public static PredecessorProcess? Find(ProxySettings proxy) => Find(proxy, AccountCalls.EffectiveUser);

    /// <summary>The same for a process that runs as <paramref name="account"/>.</summary>
    /// <exception cref="ProxyFaultException">As there.</exception>
    internal static PredecessorProcess? Find(ProxySettings proxy, uint account)
    {
        var endpoint = ListeningAddresses.UnixEndpoint(proxy) ?? throw Fault("-R needs unix_socket_dir: the running proxy is asked there");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = PatienceMilliseconds, SendTimeout = PatienceMilliseconds };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(endpoint.IsAbstract ? "\0" + endpoint.Path![1..] : endpoint.Path!));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        var predecessor = new PredecessorProcess(endpoint, socket);
        try
        {
            RequireOwn(endpoint, SocketOptions.CredentialsOf((int)socket.Handle), account);
            predecessor.LogIn();
            return predecessor;
        }
        catch
        {
            predecessor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whose the socket is, as the kernel knows it: of this process's account, or of root. In a folder that everybody may write, as /tmp, anybody can listen by that name, and what
    /// he handed out as listening sockets would be what our clients send their passwords to.
    /// </summary>
    /// <param name="endpoint">The socket.</param>
    /// <param name="owner">Who listens there (SO_PEERCRED: at the time of listen(2)).</param>
    /// <param name="account">Whom this process runs as.</param>
    /// <exception cref="ProxyFaultException">It is somebody else's, or nobody can say whose.</exception>
    internal static void RequireOwn(SocketEndpoint endpoint, PeerCredentials? owner, uint account)
    {
        if (owner is not { } known)
        {
            throw Fault($"-R: the system does not say who listens on {endpoint}");
        }

        if (known.UserId != account && known.UserId != Root)
        {
            throw Fault($"-R: who listens on {endpoint} runs as the user of number {known.UserId}, and this process as {account}: nothing is taken over from another account");
        }
    }

    /// <summary>Its listening sockets, this process's too from here on. What else is offered (PgBouncer offers its clients and servers) is declined.</summary>
    /// <exception cref="ProxyFaultException">It did not hand them out.</exception>
    public IReadOnlyList<int> TakeSockets()
    {
        var taken = new List<int>();
        Ask("SHOW FDS;", (type, body) =>
        {
            if (type != BackendType.DataRow)
            {
                return;
            }

            if (_descriptors.Count == 0)
            {
                throw Fault($"the proxy that listens on {_endpoint} named a socket and did not send it: both must run as one user");
            }

            var descriptor = _descriptors[0];
            _descriptors.RemoveAt(0);
            if (SecondValue(body) == ListenerTask)
            {
                taken.Add(descriptor);
            }
            else
            {
                _ = Libc.close(descriptor);
            }
        });
        return taken.Count > 0 ? taken : throw Fault($"the proxy that listens on {_endpoint} handed out no listening socket");
    }

    /// <summary>
    /// Tells it to stop accepting and to go when its clients have gone. Returns when it does not accept any more; or with the reason why nobody knows: it has died or hangs, and may have
    /// done it all the same, so that its successor must not give up.
    /// </summary>
    /// <exception cref="ProxyFaultException">It did not agree.</exception>
    public string? Retire()
    {
        try
        {
            Ask("SHUTDOWN WAIT_FOR_CLIENTS;", static (_, _) => { });
            return null;
        }
        catch (ProxyFaultException) when (_isLost)
        {
            return $"the proxy that listened on {_endpoint} did not say that it goes";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _descriptors.ForEach(descriptor => _ = Libc.close(descriptor));
        _socket.Dispose();
    }

    private static ProxyFaultException Fault(string text) => new([text], isBadFile: false);

    private void LogIn()
    {
        using var writer = new MessageWriter();
        StartupMessage.Begin(writer, ProtocolVersion.V3_0);
        StartupMessage.WriteParameter(writer, "user"u8, Console);
        StartupMessage.WriteParameter(writer, "database"u8, Console);
        StartupMessage.End(writer);
        Send(writer.WrittenSpan);
        ReadToReady((type, body) =>
        {
            // Anything but "you are in": a question for a password, say.
            if (type == BackendType.Authentication && !body.Span.SequenceEqual("\0\0\0\0"u8))
            {
                throw Fault($"the proxy that listens on {_endpoint} does not let this process in: both must run as one user");
            }
        });
    }

    private void Ask(string command, Action<byte, ReadOnlyMemory<byte>> onMessage)
    {
        using var writer = new MessageWriter();
        Query.Write(writer, Encoding.UTF8.GetBytes(command));
        Send(writer.WrittenSpan);
        ReadToReady(onMessage);
    }

    private void ReadToReady(Action<byte, ReadOnlyMemory<byte>> onMessage)
    {
        while (true)
        {
            while (TryTake(out var type, out var body, out var length))
            {
                if (type == BackendType.ErrorResponse)
                {
                    throw Fault($"the proxy that listens on {_endpoint} says: {MessageOf(body.Span)}");
                }

                onMessage(type, body);
                _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
                _count -= length;
                if (type == BackendType.ReadyForQuery)
                {
                    return;
                }
            }

            var received = DescriptorCalls.Receive((int)_socket.Handle, _buffer.AsSpan(_count), _descriptors);
            if (received <= 0)
            {
                _isLost = true;
                throw Fault(received == 0
                    ? $"the proxy that listens on {_endpoint} closed the connection" : $"the proxy that listens on {_endpoint}: {Errno.TextOf(Libc.LastError)}");
            }

            _count += (int)received;
        }
    }

    private bool TryTake(out byte type, out ReadOnlyMemory<byte> body, out int length)
    {
        (type, body, length) = (0, default, 0);
        if (_count < 5)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(1));
        if (size < 4 || size >= ReplyBytes)
        {
            throw Fault($"what listens on {_endpoint} does not speak PostgreSQL's protocol");
        }

        if (_count < size + 1)
        {
            return false;
        }

        (type, body, length) = (_buffer[0], _buffer.AsMemory(5, size - 4), size + 1);
        return true;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.Send(bytes);
        }
        catch (SocketException failure)
        {
            throw Fault($"the proxy that listens on {_endpoint}: {failure.Message}");
        }
    }

    // Int16 columns; each value Int32 length (−1 for NULL) and bytes.
    private static string SecondValue(ReadOnlyMemory<byte> row)
    {
        var reader = new BodyReader(row.Span);
        return reader.TryReadInt16(out _) && reader.TryReadInt32(out var first) && reader.TryReadBytes(Math.Max(first, 0), out _)
            && reader.TryReadInt32(out var second) && reader.TryReadBytes(second, out var value) ? Encoding.UTF8.GetString(value) : "";
    }

    private static string MessageOf(ReadOnlySpan<byte> body) => ErrorFields.TryRead(body, out var fields) ? Encoding.UTF8.GetString(fields.Message) : "an error without a text";
}
