using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Core.Naming;

/// <summary>
/// One name to its addresses: /etc/hosts, then DNS, with search domains. Where the system's own resolv.conf is used and DNS does not know the name,
/// the system is asked, which may have other sources (nsswitch.conf(5)). Blocks on files: on workers only.
/// </summary>
internal static class NameLookup
{
    /// <summary>Aliases of aliases beyond this are a loop.</summary>
    private const int MaxAliases = 16;

    /// <summary>The addresses, and how long they may be remembered; none where there are none, with whether that is sure.</summary>
    public static async Task<NameAnswer> FindAsync(string name, string resolvConf, TimeSpan maxTtl)
    {
        var plain = name.TrimEnd('.');
        var listed = Found(HostsFile.Find(ReadOrEmpty(HostsFile.SystemPath), plain), maxTtl);
        if (listed is not null)
        {
            return listed;
        }

        if (!DnsMessage.CanAsk(plain))
        {
            return new NameAnswer([], maxTtl, IsSure: true);
        }

        // RFC 6761 §6.3: this name is never asked for.
        if (plain.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new NameAnswer([IPAddress.Loopback], maxTtl, IsSure: true);
        }

        var client = new DnsClient(ResolvConf.Parse(ReadOrEmpty(resolvConf.Length > 0 ? resolvConf : ResolvConf.SystemPath)));
        var isSure = true;
        foreach (var candidate in client.Conf.Candidates(name))
        {
            if (!DnsMessage.CanAsk(candidate))
            {
                // Too long with a search domain behind it, for one: the others may be right all the same.
                continue;
            }

            var (addresses, ttl, isAnswered) = await AskAsync(client, candidate);
            if (addresses.Length > 0)
            {
                return new NameAnswer(addresses, ttl < maxTtl ? ttl : maxTtl, isAnswered);
            }

            isSure &= isAnswered;
        }

        return resolvConf.Length > 0 ? new NameAnswer([], maxTtl, isSure) : AskSystem(plain, maxTtl, isSure);
    }

    /// <summary>The serial of a zone; null where there is no such zone, or nobody says.</summary>
    public static async Task<uint?> SerialAsync(string zone, string resolvConf)
    {
        if (!DnsMessage.CanAsk(zone))
        {
            return null;
        }

        var client = new DnsClient(ResolvConf.Parse(ReadOrEmpty(resolvConf.Length > 0 ? resolvConf : ResolvConf.SystemPath)));
        var answer = await client.AskAsync(zone, DnsType.Soa);
        return answer?.Records.FirstOrDefault(record => record.Type == DnsType.Soa)?.Serial;
    }

    private static NameAnswer? Found(IPAddress[] addresses, TimeSpan ttl) => addresses.Length > 0 ? new NameAnswer(addresses, ttl, IsSure: true) : null;

    private static async Task<(IPAddress[] Addresses, TimeSpan Ttl, bool IsAnswered)> AskAsync(DnsClient client, string name)
    {
        var four = await client.AskAsync(name, DnsType.A);
        var (addresses, ttl) = Follow(four, name, DnsType.A);
        if ((addresses.Count > 0 || four is null) && !HasIPv6())
        {
            return ([.. addresses], ttl, four is not null);
        }

        var six = four is { Code: DnsAnswer.NameError } ? four : await client.AskAsync(name, DnsType.Aaaa);
        var (more, other) = Follow(six, name, DnsType.Aaaa);
        return ([.. addresses, .. more], more.Count > 0 && other < ttl ? other : ttl, four is not null && six is not null);
    }

    private static (List<IPAddress> Addresses, TimeSpan Ttl) Follow(DnsAnswer? answer, string name, DnsType type)
    {
        var (owner, ttl) = (name.ToLowerInvariant(), TimeSpan.MaxValue);
        for (var i = 0; i < MaxAliases && answer?.Records.FirstOrDefault(record => record.Type == DnsType.Cname && record.Owner == owner) is { } alias; i++)
        {
            owner = alias.Target;
            ttl = alias.TimeToLive < ttl ? alias.TimeToLive : ttl;
        }

        var records = (answer?.Records ?? []).Where(record => record.Type == type && record.Owner == owner).ToList();
        return (records.ConvertAll(record => new IPAddress(record.Data)), records.Select(record => record.TimeToLive).Append(ttl).Min());
    }

    private static NameAnswer AskSystem(string name, TimeSpan ttl, bool isSure)
    {
        try
        {
            return new NameAnswer(Dns.GetHostAddresses(name), ttl, IsSure: true);
        }
        catch (SocketException failure)
        {
            return new NameAnswer([], ttl, isSure && failure.SocketErrorCode == SocketError.HostNotFound);
        }
    }

    /// <summary>The machine has an IPv6 address by which it could reach others, as getaddrinfo(3) asks with AI_ADDRCONFIG.</summary>
    private static bool HasIPv6() =>
        ReadOrEmpty("/proc/net/if_inet6").Split('\n').Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "00", ..]);

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
