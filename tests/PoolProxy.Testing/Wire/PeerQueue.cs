using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Testing.Wire;

/// <summary>
/// Sees, in <c>/proc/net/tcp</c>, whether a peer on this machine has read what was sent to it: that makes a cut between two writes real
/// without a sleep.
/// </summary>
internal static class PeerQueue
{
    // A peer that holds its reading back will not read; the next piece is then sent anyway.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the peer's receive queue is empty. Returns at once for anything but IPv4.</summary>
    public static async Task WaitUntilReadAsync(Socket socket)
    {
        if (socket.LocalEndPoint is not IPEndPoint { AddressFamily: AddressFamily.InterNetwork } local || socket.RemoteEndPoint is not IPEndPoint remote)
        {
            return;
        }
        // The peer's line has our addresses the other way round: local = its port, remote = ours.
        string ends = $"{Hex(remote)} {Hex(local)} ";
        long started = Stopwatch.GetTimestamp();
        while (Queued(ends) > 0 && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Yield();
        }
    }

    private static long Queued(string ends)
    {
        foreach (string line in File.ReadLines("/proc/net/tcp"))
        {
            int start = line.IndexOf(ends, StringComparison.Ordinal);
            if (start >= 0)
            {
                // local_address rem_address st tx_queue:rx_queue, proc(5)
                string queues = line[(start + ends.Length)..].Split(' ')[1];
                return long.Parse(queues.AsSpan(queues.IndexOf(':') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }
        return 0;
    }

    private static string Hex(IPEndPoint end)
    {
        byte[] address = end.Address.GetAddressBytes();
        return $"{BitConverter.ToUInt32(address):X8}:{end.Port:X4}";
    }
}
