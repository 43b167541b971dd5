using System.Net;
using PoolProxy.Configuration.Hba;
using PoolProxy.Core.Authentication.Methods;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Which line of an HBA file decides.</summary>
public sealed class HbaRulesTests
{
    [Theory]
    [InlineData(null, "app", "alice", 0)]
    [InlineData("127.0.0.1", "app", "alice", 2)]
    [InlineData("192.0.2.1", "app", "alice", -1)]
    [InlineData("192.0.2.1", "app", "bob", 3)]
    [InlineData("192.0.2.1", "shop", "bob", -1)]
    [InlineData("192.0.2.1", null, "bob", 1)]
    [InlineData("192.0.2.1", null, "alice", -1)]
    [InlineData("192.0.2.1", "replication", "bob", -1)]
    public void The_first_that_fits_does(string? address, string? database, string user, int line)
    {
        HbaResult read = HbaReader.Read("local all all trust\nhost replication bob all trust\nhost all all samehost trust\nhost app bob 192.0.2.0/24 reject\n", "hba.conf");
        Assert.Empty(read.Faults);

        // The machine has a loopback address of its own, whatever else it has; and none that is kept for documentation.
        HbaRules rules = HbaRules.Of(read.Lines, Memberships.None);
        Assert.Equal(line, rules.Find(address is null ? null : IPAddress.Parse(address), isTls: false, database is null ? [] : [database], user));
    }

    [Fact]
    public void The_machines_addresses_are_read_only_where_a_line_asks_for_them()
    {
        Assert.Null(HbaRules.Of(HbaReader.Read("host all all all trust", "hba.conf").Lines, Memberships.None).Machine);
        HbaRules rules = HbaRules.Of(HbaReader.Read("host all all samenet trust", "hba.conf").Lines, Memberships.None);
        Assert.Contains(rules.Machine!.Networks, network => network.IsAddress(IPAddress.Loopback));
    }
}
