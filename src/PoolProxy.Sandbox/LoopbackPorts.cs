using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PoolProxy.Sandbox;

/// <summary>
/// Hands out free TCP ports of 127.0.0.1. They lie below the range from which the kernel takes the ports of outgoing
/// connections (32768 and up), so that none of those can occupy a port between here and the bind; one process never gets a port twice.
/// </summary>
public static class LoopbackPorts
{
    private const int First = 15000;
    private const int Last = 32000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    /// <summary>A port that nothing listens on now.</summary>
    /// <exception cref="SandboxException">None was found in 200 tries.</exception>
    public static int Take()
    {
        for (int tries = 0; tries < 200; tries++)
        {
            int port = RandomNumberGenerator.GetInt32(First, Last);
            if (TryTake(port))
            {
                return port;
            }
        }
        throw new SandboxException($"no free port on 127.0.0.1 between {First} and {Last}");
    }

    /// <summary>Takes one particular port, if nothing listens on it and it was not handed out before.</summary>
    public static bool TryTake(int port)
    {
        lock (Gate)
        {
            if (!Taken.Add(port))
            {
                return false;
            }
        }
        if (IsFree(port))
        {
            return true;
        }
        lock (Gate)
        {
            Taken.Remove(port);
        }
        return false;
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
