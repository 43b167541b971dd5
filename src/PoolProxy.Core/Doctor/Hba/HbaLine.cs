using System.Net;
using System.Net.Sockets;

namespace PoolProxy.Core.Doctor.Hba;

/// <summary>A line of pg_hba.conf as pg_hba_file_rules shows it.</summary>
/// <param name="Number">The line's number in its file.</param>
/// <param name="Type"><c>local</c>, <c>host</c>, <c>hostssl</c>, <c>hostnossl</c>, <c>hostgssenc</c>, <c>hostnogssenc</c>.</param>
/// <param name="Databases">Names and keywords, as written.</param>
/// <param name="Users">Names and keywords, as written.</param>
/// <param name="Address">An address, a host name or a keyword; empty for <c>local</c>.</param>
/// <param name="Mask">The address's mask, empty where there is none.</param>
/// <param name="Method">How a login proves itself.</param>
internal sealed record HbaLine(int Number, string Type, IReadOnlyList<string> Databases, IReadOnlyList<string> Users, string Address, string Mask, string Method)
{
    /// <summary>Whether it is for that login in that database. A regular expression or a list in a file is taken to match: better a warning too many.</summary>
    public bool IsFor(string database, string login, IReadOnlyCollection<string> rolesOfLogin) =>
        Databases.Any(name => name == "all" || name == database || name.StartsWith('/') || (name == "sameuser" && login == database)
            || (name is "samerole" or "samegroup" && rolesOfLogin.Contains(database)))
        && Users.Any(name => name == "all" || name == login || name.StartsWith('/') || (name.StartsWith('+') && (name[1..] == login || rolesOfLogin.Contains(name[1..]))));

    /// <summary>The ways in that it decides about.</summary>
    public IReadOnlyList<HbaWay> Ways()
    {
        if (Type == "local")
        {
            return [HbaWay.Local];
        }

        // A host name and samehost, samenet can be of either family.
        var family = IPAddress.TryParse(Address, out var address) ? address.AddressFamily : (AddressFamily?)null;
        return [.. AllOf(Type).Where(way => family is null || way.IsV6 == (family == AddressFamily.InterNetworkV6))];
    }

    /// <summary>It decides about every address: no line behind it is reached on its ways.</summary>
    public bool IsForEveryAddress => Type == "local" || Address == "all" || (Mask is "0.0.0.0" or "::" && IPAddress.TryParse(Address, out _));

    /// <summary>It is for that address alone; null is the Unix socket.</summary>
    public bool IsOnlyFor(IPAddress? client) => client is null
        ? Type == "local"
        : Type != "local" && IPAddress.TryParse(Address, out var address) && address.Equals(client) && Mask is "255.255.255.255" or "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    private static IEnumerable<HbaWay> AllOf(string type)
    {
        foreach (var isV6 in (bool[])[false, true])
        {
            if (type is "host" or "hostssl" or "hostnogssenc")
            {
                yield return new HbaWay(HbaWay.Kind.Tls, isV6);
            }

            if (type is "host" or "hostnossl" or "hostnogssenc")
            {
                yield return new HbaWay(HbaWay.Kind.Plain, isV6);
            }

            if (type is "host" or "hostnossl" or "hostgssenc")
            {
                yield return new HbaWay(HbaWay.Kind.Gss, isV6);
            }
        }
    }
}
