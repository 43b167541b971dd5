using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Core.Naming;

/// <summary>What is known of one name. Under the resolver's gate.</summary>
internal sealed class ResolvedName
{
    private long _at;
    private TimeSpan _ttl;
    private bool _isAnswered;
    private uint _turn;

    // The last that it had: connections to them may still be there, though it has been without an address since.
    private IPAddress[] _lastAddresses = [];

    /// <summary>Empty where it has none.</summary>
    public IPAddress[] Addresses { get; private set; } = [];

    /// <summary>Under way, or null.</summary>
    public Task? Lookup { get; set; }

    public bool IsKnown(TimeProvider time) => _isAnswered && time.GetElapsedTime(_at) < _ttl;

    /// <summary>How long what is known still holds.</summary>
    public TimeSpan Left(TimeProvider time) => _isAnswered && _ttl - time.GetElapsedTime(_at) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>All addresses, beginning with the next in turn.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public IPAddress[] InTurn()
    {
        if (Addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var first = (int)(_turn++ % (uint)Addresses.Length);
        return [.. Addresses[first..], .. Addresses[..first]];
    }

    /// <summary>
    /// An answer has come. While nobody answers, what was known before goes on to hold, and so do the addresses of one family where only the other was answered for. True where connections may have been made to an address that the name
    /// does not have any more.
    /// </summary>
    public bool Learn(NameAnswer answer, TimeSpan nxdomainTtl, TimeProvider time)
    {
        (_isAnswered, _at, _ttl) = (true, time.GetTimestamp(), answer is { Addresses.Length: > 0, IsSure: true } ? answer.TimeToLive : nxdomainTtl);
        if (answer.IsSure)
        {
            Addresses = answer.Addresses;
        }
        else if (answer.Addresses.Length > 0)
        {
            Addresses = [.. answer.Addresses, .. Addresses.Where(known => !Array.Exists(answer.Addresses, one => one.AddressFamily == known.AddressFamily))];
        }

        var hasLost = Addresses.Length > 0 && _lastAddresses.Except(Addresses).Any();
        _lastAddresses = Addresses.Length > 0 ? Addresses : _lastAddresses;
        return hasLost;
    }
}
