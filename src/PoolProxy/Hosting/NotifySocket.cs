using System.Net.Sockets;
using System.Text;
using PoolProxy.Core;

namespace PoolProxy.Hosting;

/// <summary>The datagram socket of NOTIFY_SOCKET, connected (sd_notify(3)). A type of its own, so that its library is loaded only where a service manager listens.</summary>
internal sealed class NotifySocket : IDisposable
{
    /// <summary>A manager that does not read holds nobody up for longer; what it is told then is lost.</summary>
    private const int PatienceMilliseconds = 1000;

    private readonly Socket _socket;

    private NotifySocket(Socket socket) => _socket = socket;

    /// <summary>Connects to a file's path, or to an abstract name behind <c>@</c>.</summary>
    /// <exception cref="ProxyFaultException">It is neither, or nobody listens there.</exception>
    public static NotifySocket Connect(string path)
    {
        if (path[0] is not ('/' or '@'))
        {
            throw Fault($"NOTIFY_SOCKET={path} is not supported: it must begin with / or @");
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = PatienceMilliseconds };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
            return new NotifySocket(socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw Fault($"NOTIFY_SOCKET: {failure.Message}");
        }
    }

    /// <summary>Sends one message. Never fails.</summary>
    public void Send(string message)
    {
        try
        {
            _socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // Whoever wanted to know is gone; the clients are not.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static ProxyFaultException Fault(string text) => new([text], isBadFile: false);
}
