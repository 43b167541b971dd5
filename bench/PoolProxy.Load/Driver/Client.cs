using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Load.Driver;

/// <summary>
/// A client's connection, from connecting to leaving; what it does once it is logged in is up to its kind. An ErrorResponse, at any point, voids the run.
/// <list type="number">
/// <item><see cref="Open"/>: a socket from an address of 127.0.0.0/8 in turn, so that ports do not run out; with TLS an SSLRequest, its answer, the handshake.</item>
/// <item>StartupMessage, the login's answers, ReadyForQuery: <see cref="OnLoggedIn"/>.</item>
/// <item>Whatever the kind sends, by <see cref="Send"/>; <see cref="OnReadyForQuery"/> tells of each answer's end.</item>
/// <item><see cref="Leave"/>: Terminate, and <see cref="OnClosed"/> when the server has closed.</item>
/// </list>
/// Owned by one <see cref="ClientLoop"/>, on its thread.
/// </summary>
internal abstract class Client : IMessageSink
{
    private static readonly byte[] TlsRequest = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] Terminate = [FrontendType.Terminate, 0, 0, 0, 4];

    private readonly Target _target;
    private readonly byte[] _startup;
    private BackendScanner _scanner = new();
    private int _descriptor = -1;
    private Wire? _wire;
    private Login? _login;
    private byte[]? _unsent;
    private int _unsentOffset;
    private bool _watchesWrites;

    protected Client(ClientLoop loop, Target target, Credentials credentials)
    {
        Loop = loop;
        _target = target;
        Credentials = credentials;
        _startup = Login.Startup(credentials);
        Number = loop.Add(this);
    }

    /// <summary>Its place in the loop.</summary>
    public int Number { get; }

    /// <summary>Where it is.</summary>
    public ClientState State { get; private set; }

    protected ClientLoop Loop { get; }

    protected Credentials Credentials { get; set; }

    /// <summary>Starts connecting.</summary>
    public unsafe void Open()
    {
        _descriptor = LibC.Socket(LibC.AddressFamilyInternet, LibC.StreamSocket | LibC.NonBlocking | LibC.CloseOnExec, 0);
        if (_descriptor < 0)
        {
            throw LibC.LastError("socket");
        }
        int on = 1;
        LibC.SetOption(_descriptor, LibC.LevelTcp, LibC.NoDelay, &on, sizeof(int));
        LibC.SetOption(_descriptor, LibC.LevelIp, LibC.BindAddressNoPort, &on, sizeof(int));
        LibC.SocketAddress here = Loopback(Loop.NextSource(), 0);
        LibC.SocketAddress there = Loopback(1, _target.Port);
        if (LibC.Bind(_descriptor, &here, sizeof(LibC.SocketAddress)) != 0)
        {
            throw LibC.LastError("bind");
        }
        if (LibC.Connect(_descriptor, &there, sizeof(LibC.SocketAddress)) != 0
            && Marshal.GetLastPInvokeError() != LibC.InProgress)
        {
            throw LibC.LastError("connect");
        }
        State = ClientState.Connecting;
        _scanner = new BackendScanner();
        _wire = new PlainWire(_descriptor);
        _watchesWrites = true;
        Loop.Watch(_descriptor, Number, isNew: true, writes: true);
    }

    /// <summary>Takes what epoll says of the socket.</summary>
    public void OnHappening(uint what)
    {
        if (State == ClientState.Connecting)
        {
            Connected();
            return;
        }
        if (_unsent is not null && (what & LibC.EpollOut) != 0)
        {
            Push();
        }
        if (State == ClientState.Handshaking)
        {
            Handshake();
        }
        else if ((what & ~LibC.EpollOut) != 0)
        {
            Receive();
        }
    }

    /// <summary>Says goodbye; the socket is closed when the server closes.</summary>
    public void Leave()
    {
        if (State == ClientState.Serving)
        {
            State = ClientState.Leaving;
            Send(Terminate);
        }
    }

    /// <summary>Closes the socket at once, without a word.</summary>
    public void Drop()
    {
        if (State != ClientState.Closed)
        {
            State = ClientState.Closed;
            _wire!.Release();
            LibC.Close(_descriptor);
            _wire = null;
            _unsent = null;
            _login = null;
        }
    }

    void IMessageSink.OnMessage(byte type)
    {
        if (State == ClientState.Serving)
        {
            OnMessage(type);
        }
    }

    void IMessageSink.OnMessage(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case BackendType.ReadyForQuery when State == ClientState.LoggingIn:
                State = ClientState.Serving;
                _login = null;
                OnLoggedIn();
                break;
            case BackendType.ReadyForQuery:
                OnReadyForQuery();
                break;
            case BackendType.Authentication when _login is not null:
                if (_login.Answer(body) is { } answer)
                {
                    Send(answer);
                }
                break;
            default:
                throw Refused(body);
        }
    }

    /// <summary>The first ReadyForQuery has come.</summary>
    protected abstract void OnLoggedIn();

    /// <summary>A later ReadyForQuery has come.</summary>
    protected abstract void OnReadyForQuery();

    /// <summary>The server has closed after <see cref="Leave"/>.</summary>
    protected abstract void OnClosed();

    /// <summary>Another message has begun.</summary>
    protected virtual void OnMessage(byte type)
    {
    }

    /// <summary>Sends bytes that must not change until they are gone. What the kernel does not take at once follows by itself.</summary>
    protected void Send(byte[] bytes)
    {
        if (_unsent is not null)
        {
            throw new InvalidOperationException("the bytes before these have not gone yet");
        }
        int sent = _wire!.Send(bytes);
        if (sent < bytes.Length)
        {
            _unsent = bytes;
            _unsentOffset = sent;
            WatchWrites(true);
        }
    }

    private static LibC.SocketAddress Loopback(int host, int port) => new()
    {
        Family = LibC.AddressFamilyInternet,
        PortBigEndian = BinaryPrimitives.ReverseEndianness((ushort)port),
        AddressBigEndian = BinaryPrimitives.ReverseEndianness(0x7f000000u + (uint)host),
    };

    private static BenchException Refused(ReadOnlySpan<byte> body) => ErrorFields.TryRead(body, out ErrorFields fields)
        ? new BenchException($"a client was answered {Encoding.UTF8.GetString(fields.Code)}: {Encoding.UTF8.GetString(fields.Message)} {Encoding.UTF8.GetString(fields.Detail)}".TrimEnd())
        : new BenchException("a client was answered with an error that cannot be read");

    private unsafe void Connected()
    {
        int error = 0;
        int length = sizeof(int);
        LibC.GetOption(_descriptor, LibC.LevelSocket, LibC.SocketError, &error, &length);
        if (error != 0)
        {
            throw new BenchException($"connecting to port {_target.Port}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        WatchWrites(false);
        if (_target.Tls is null)
        {
            StartLogin();
            return;
        }
        State = ClientState.AskingForTls;
        Send(TlsRequest);
    }

    private void StartLogin()
    {
        State = ClientState.LoggingIn;
        _login = new Login(Credentials, Loop.Keys);
        Send(_startup);
    }

    private void Receive()
    {
        if (State == ClientState.AskingForTls)
        {
            AnswerToTls();
            return;
        }
        do
        {
            // More than one byte would be read into the handshake's place, so the answer above has a read of its own.
            int count = _wire!.Receive(Loop.Buffer);
            if (count == Wire.Ended)
            {
                Ended();
                return;
            }
            if (count == 0)
            {
                return;
            }
            _scanner.Read(Loop.Buffer.AsSpan(0, count), this);
        }
        while (_wire is { HoldsBytes: true });
    }

    private void AnswerToTls()
    {
        int count = _wire!.Receive(Loop.Buffer.AsSpan(0, 1));
        if (count == 0)
        {
            return;
        }
        if (count != 1 || Loop.Buffer[0] != 'S')
        {
            throw new BenchException("the server does not speak TLS");
        }
        _wire = _target.Tls!.Open(_descriptor);
        State = ClientState.Handshaking;
        Handshake();
    }

    private void Handshake()
    {
        if (((TlsWire)_wire!).Handshake())
        {
            StartLogin();
        }
    }

    private void Ended()
    {
        if (State != ClientState.Leaving)
        {
            throw new BenchException($"the server closed a client's connection while {State}");
        }
        Drop();
        OnClosed();
    }

    private void Push()
    {
        _unsentOffset += _wire!.Send(_unsent.AsSpan(_unsentOffset));
        if (_unsentOffset == _unsent!.Length)
        {
            _unsent = null;
            WatchWrites(false);
        }
    }

    private void WatchWrites(bool writes)
    {
        if (_watchesWrites != writes)
        {
            _watchesWrites = writes;
            Loop.Watch(_descriptor, Number, isNew: false, writes);
        }
    }
}
