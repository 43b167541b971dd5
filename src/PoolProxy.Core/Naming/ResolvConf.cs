using System.Globalization;
using System.Net;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Whom to ask and for what, as <c>resolv.conf</c> says it (resolv.conf(5)): nameserver, search, domain, and of options ndots, timeout and attempts.
/// Unknown words and domains that no name can be in are passed over, as the system does. A name server may have a port behind its address, in OpenBSD's form: <c>[192.0.2.1]:5353</c>.
/// </summary>
/// <param name="Servers">In their order, three at most.</param>
/// <param name="Search">Domains that short names are tried in.</param>
/// <param name="Dots">From how many dots on a name is first tried as it stands.</param>
/// <param name="Patience">For one answer.</param>
/// <param name="Attempts">How often all servers are asked.</param>
internal sealed record ResolvConf(IReadOnlyList<IPEndPoint> Servers, IReadOnlyList<string> Search, int Dots, TimeSpan Patience, int Attempts)
{
    /// <summary>Where the system has it.</summary>
    public const string SystemPath = "/etc/resolv.conf";

    private const int DnsPort = 53;
    private const int MaxServers = 3;

    /// <summary>Reads the text of a file; what it does not say is as the system has it.</summary>
    public static ResolvConf Parse(string text)
    {
        var servers = new List<IPEndPoint>();
        IReadOnlyList<string> search = [];
        var (dots, seconds, attempts) = (1, 5, 2);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when TryReadServer(address, out var server) && servers.Count < MaxServers:
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. var domains]:
                    search = [.. domains.Select(domain => domain.TrimEnd('.')).Where(DnsMessage.CanAsk)];
                    break;
                case ["options", .. var options]:
                    foreach (var option in options)
                    {
                        dots = Number(option, "ndots:", 0, 15) ?? dots;
                        seconds = Number(option, "timeout:", 1, 30) ?? seconds;
                        attempts = Number(option, "attempts:", 1, 5) ?? attempts;
                    }

                    break;
                default:
                    break;
            }
        }

        return new ResolvConf(servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, DnsPort)], search, dots, TimeSpan.FromSeconds(seconds), attempts);
    }

    /// <summary>The names to try for one that was written, in their order.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name.TrimEnd('.')];
        }

        var searched = Search.Select(domain => $"{name}.{domain}");
        return name.Count(c => c == '.') >= Dots ? [name, .. searched] : [.. searched, name];
    }

    private static int? Number(string option, string name, int least, int most) =>
        option.StartsWith(name, StringComparison.Ordinal) && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? Math.Clamp(value, least, most) : null;

    private static bool TryReadServer(string text, out IPEndPoint server)
    {
        server = new IPEndPoint(IPAddress.Loopback, DnsPort);
        if (IPAddress.TryParse(text, out var address) && !text.StartsWith('['))
        {
            server = new IPEndPoint(address, DnsPort);
            return true;
        }

        var end = text.LastIndexOf("]:", StringComparison.Ordinal);
        if (!text.StartsWith('[') || end < 0 || !IPAddress.TryParse(text[1..end], out address)
            || !ushort.TryParse(text.AsSpan(end + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return false;
        }

        server = new IPEndPoint(address, port);
        return true;
    }
}
