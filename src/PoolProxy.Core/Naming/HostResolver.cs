using System.Net;
using System.Net.Sockets;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Host names to addresses, asked of the system on a worker (a lookup may block) and remembered for dns_max_ttl. Literal addresses need
/// no lookup. Where a name has several addresses they are used in turn. Owned by one loop.
/// </summary>
internal sealed class HostResolver(Loop loop)
{
    /// <summary>More names than any configuration holds; the table starts anew beyond it.</summary>
    private const int Capacity = 1024;

    private readonly Dictionary<string, Answer> _answers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that were looked up, for SHOW DNS_HOSTS, with the age of each answer.</summary>
    public IEnumerable<(string Host, IPAddress[] Addresses, long AgeMilliseconds)> Names =>
        _answers.Select(pair => (pair.Key, pair.Value.Addresses, loop.NowMilliseconds - pair.Value.AtMilliseconds));

    /// <summary>The next address for the name.</summary>
    /// <exception cref="SocketException">The name has no address, or the lookup failed.</exception>
    public async Task<IPAddress> ResolveAsync(string host, TimeSpan maxTtl)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return literal;
        }

        if (!_answers.TryGetValue(host, out var answer) || loop.NowMilliseconds - answer.AtMilliseconds >= (long)maxTtl.TotalMilliseconds)
        {
            var addresses = await Task.Run(() => Dns.GetHostAddresses(host));
            if (addresses.Length == 0)
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            if (_answers.Count >= Capacity)
            {
                _answers.Clear();
            }

            _answers[host] = answer = new Answer(addresses, loop.NowMilliseconds);
        }

        return answer.Addresses[answer.Turn++ % answer.Addresses.Length];
    }

    private sealed class Answer(IPAddress[] addresses, long atMilliseconds)
    {
        public readonly IPAddress[] Addresses = addresses;
        public readonly long AtMilliseconds = atMilliseconds;
        public int Turn;
    }
}
