using System.Net;
using PoolProxy.Configuration.Hba;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What auth_type = "hba" goes by: the lines, and what they are compared with. Immutable but for the machine's addresses; RELOAD makes another.</summary>
/// <param name="Lines">In order: the first that fits decides.</param>
/// <param name="Memberships">Who is a member of what.</param>
/// <param name="Machine">The machine's own addresses, where a line asks for them.</param>
internal sealed record HbaRules(IReadOnlyList<HbaLine> Lines, Memberships Memberships, MachineAddresses? Machine)
{
    /// <summary>No line: nobody enters.</summary>
    public static HbaRules None { get; } = new([], Memberships.None, null);

    /// <summary>With the machine's addresses, if they are needed: reads them, so not on a loop.</summary>
    public static HbaRules Of(IReadOnlyList<HbaLine> lines, Memberships memberships) => new(
        lines, memberships,
        lines.Any(line => line.Address.Kind is HbaAddressKind.SameHost or HbaAddressKind.SameNet) ? new MachineAddresses(TimeProvider.System) : null);

    /// <summary>
    /// The first line for a connection from <paramref name="address"/>, null for the Unix socket, that wants one of these databases as this user, or where there are none
    /// physical replication; -1 for none.
    /// </summary>
    public int Find(IPAddress? address, bool isTls, ReadOnlySpan<string> databases, string user)
    {
        var machine = Machine?.Networks ?? [];
        for (var index = 0; index < Lines.Count; index++)
        {
            var line = Lines[index];
            if (!line.Covers(address, isTls, machine) || !line.Users.HoldsUser(user, Memberships))
            {
                continue;
            }

            if (databases.IsEmpty && line.Databases.IsReplication)
            {
                return index;
            }

            foreach (var database in databases)
            {
                if (line.Databases.HoldsDatabase(database, user, Memberships))
                {
                    return index;
                }
            }
        }

        return -1;
    }
}
