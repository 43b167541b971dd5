using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Core.Doctor.Hba;

/// <summary>
/// Which lines of pg_hba.conf let a login in that the proxy serves, from elsewhere or by a proof that a client can change. The first line that
/// fits decides, so a line behind one for every address is not reached. Source: auth-pg-hba-conf.html.
/// </summary>
internal static class HbaReview
{
    /// <param name="lines">In the order in which the server reads them.</param>
    /// <param name="database">The database upstream.</param>
    /// <param name="login">The login.</param>
    /// <param name="rolesOfLogin">What it is a member of, for <c>+role</c>.</param>
    /// <param name="proxy">The proxy's address as the server sees it; null where it comes by the Unix socket.</param>
    public static IReadOnlyList<Finding> Of(IEnumerable<HbaLine> lines, string database, string login, IReadOnlyCollection<string> rolesOfLogin, IPAddress? proxy)
    {
        var findings = new List<Finding>();
        var decided = new HashSet<HbaWay>();
        foreach (var line in lines.Where(line => line.IsFor(database, login, rolesOfLogin)))
        {
            var open = line.Ways().Where(way => !decided.Contains(way)).ToList();
            if (open.Count > 0 && Of(line, database, login, proxy) is { } finding)
            {
                findings.Add(finding);
            }

            if (line.IsForEveryAddress)
            {
                decided.UnionWith(open);
            }
        }

        return findings;
    }

    private static Finding? Of(HbaLine line, string database, string login, IPAddress? proxy)
    {
        var isProxyOnly = line.IsOnlyFor(proxy);
        var from = line.Type == "local" ? "the server's own machine" : line.Address is "all" || line.IsForEveryAddress ? "anywhere" : isProxyOnly ? "the proxy's address" : line.Address;
        var what = $"pg_hba.conf line {line.Number} lets login \"{login}\" into database \"{database}\" from {from} by {line.Method}";
        var advice = proxy is null
            ? $"Before that line write: local {database} {login} peer map=poolproxy, and: host all {login} all reject; then SELECT pg_reload_conf();"
            : $"Before that line write: hostssl {database} {login} {proxy}/{(proxy.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)} cert, and: host all {login} all reject, and: local all {login} reject; then SELECT pg_reload_conf();";
        return line.Method switch
        {
            "reject" or "cert" or "peer" => null,
            "trust" => Finding.Fault(what, "Whoever comes from there is that login, without any proof and without the proxy.") with { Advice = advice },
            "password" or "md5" or "scram-sha-256" when !isProxyOnly => Finding.Fault(
                what, "A client that goes back to the login by SET ROLE NONE can set its password, and come in beside the proxy.") with
            {
                Advice = advice,
            },
            _ when !isProxyOnly => Finding.Warning(what, "It is a door beside the proxy for whoever has that proof.") with { Advice = advice },
            _ => null,
        };
    }
}
