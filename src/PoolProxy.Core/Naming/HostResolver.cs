using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Host names to addresses, asked of the system on a worker (a lookup may block) and remembered for dns_max_ttl. Literal addresses need
/// no lookup. Where a name has several addresses they are used in turn. Shared by all loops.
/// </summary>
internal sealed class HostResolver(TimeProvider time)
{
    /// <summary>More names than any configuration holds; the table starts anew beyond it.</summary>
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that were looked up, for SHOW DNS_HOSTS, with the age of each answer.</summary>
    public IReadOnlyList<(string Host, IPAddress[] Addresses, long AgeMilliseconds)> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _answers.Select(pair => (pair.Key, pair.Value.Addresses, (long)time.GetElapsedTime(pair.Value.At).TotalMilliseconds))];
            }
        }
    }

    /// <summary>The next address for the name.</summary>
    /// <exception cref="SocketException">The name has no address, or the lookup failed.</exception>
    public async Task<IPAddress> ResolveAsync(string host, TimeSpan maxTtl)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return literal;
        }

        if (Known(host, maxTtl) is { } known)
        {
            return known;
        }

        var addresses = await Task.Run(() => Dns.GetHostAddresses(host));
        return addresses.Length > 0 ? Keep(host, addresses) : throw new SocketException((int)SocketError.HostNotFound);
    }

    private IPAddress? Known(string host, TimeSpan maxTtl)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(host, out var answer) && time.GetElapsedTime(answer.At) < maxTtl ? answer.Next() : null;
        }
    }

    private IPAddress Keep(string host, IPAddress[] addresses)
    {
        lock (_gate)
        {
            if (_answers.Count >= Capacity)
            {
                _answers.Clear();
            }

            var answer = new Answer(addresses, time.GetTimestamp());
            _answers[host] = answer;
            return answer.Next();
        }
    }

    private sealed class Answer(IPAddress[] addresses, long at)
    {
        public readonly IPAddress[] Addresses = addresses;
        public readonly long At = at;
        private uint _turn;

        public IPAddress Next() => Addresses[_turn++ % Addresses.Length];
    }
}
