using System.Net;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Countries;
using PoolProxy.Identity.Rules;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Identity.Rules;

public class CountryDatabaseTests
{
    [Theory]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    [InlineData(32, 4)]
    [InlineData(24, 6)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    public void Addresses_are_found_in_trees_of_every_record_size(int recordSize, int ipVersion)
    {
        MmdbFile file = new MmdbFile { RecordSize = recordSize, IpVersion = ipVersion }.Add("192.0.2.0/25", "DE").Add("192.0.2.128/25", "AT").Add("10.0.0.0/8", "CH");
        if (ipVersion == 6)
        {
            file.Add("2001:db8::/33", "FR").Add("2001:db8:8000::/33", "IT");
        }

        CountryDatabase database = Read(file.Build());

        Assert.Equal(["DE", "DE", "AT", "CH", "(none)", "AT"], Find(database, "192.0.2.0", "192.0.2.127", "192.0.2.255", "10.200.0.1", "11.0.0.1", "::ffff:192.0.2.200"));
        Assert.Equal(
            ipVersion == 6 ? ["FR", "IT", "(none)"] : ["(none)", "(none)", "(none)"], Find(database, "2001:db8::1", "2001:db8:ffff::1", "2001:db9::1"));
    }

    [Fact]
    public void An_entry_may_lie_behind_pointers_and_have_other_forms()
    {
        var file = new MmdbFile();
        int shared = file.AddData(MmdbFile.Map(("iso_code", "NL")));
        int key = file.AddData(MmdbFile.Text("country"));
        file.Add("10.1.0.0/16", file.AddData([0xE1, (byte)(0x20 | (key >> 8)), (byte)key, (byte)(0x20 | (shared >> 8)), (byte)shared]));
        file.Add("10.2.0.0/16", file.AddData(MmdbFile.Map(("country", "BE"))));
        file.Add("10.3.0.0/16", file.AddData(MmdbFile.Map(("asn", new string('x', 40)), ("country_code", "LU"))));
        file.Add("10.4.0.0/16", file.AddData(MmdbFile.Map(("country", "Belgium"))));
        file.Add("10.5.0.0/16", file.AddData(MmdbFile.Map(("city", "Gent"))));

        Assert.Equal(["NL", "BE", "LU", "(none)", "(none)"], Find(Read(file.Build()), "10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1", "10.5.0.1"));
    }

    [Fact]
    public void A_pointer_may_have_each_of_its_four_lengths()
    {
        var file = new MmdbFile();
        file.AddData(new byte[2048]);
        int near = file.AddData(MmdbFile.Country("DK"));
        file.AddData(new byte[530_000]);
        int far = file.AddData(MmdbFile.Country("NO"));
        int two = near - 2048, three = far - 526336;
        file.Add("10.1.0.0/16", file.AddData([(byte)(0x28 | (two >> 16)), (byte)(two >> 8), (byte)two]));
        file.Add("10.2.0.0/16", file.AddData([(byte)(0x30 | (three >> 24)), (byte)(three >> 16), (byte)(three >> 8), (byte)three]));
        file.Add("10.3.0.0/16", file.AddData([0x38, (byte)(far >> 24), (byte)(far >> 16), (byte)(far >> 8), (byte)far]));

        Assert.Equal(["DK", "NO", "NO"], Find(Read(file.Build()), "10.1.0.1", "10.2.0.1", "10.3.0.1"));
    }

    public static TheoryData<string, byte[]> HostileEntries => new()
    {
        { "a pointer to itself", [0x20, 0x00] },
        { "a pointer beyond the section", [0x38, 0x7F, 0xFF, 0xFF, 0xFF] },
        { "a pointer cut off", [0x38, 0x00] },
        { "a map of 16 million entries", [0xFF, 0xFF, 0xFF, 0xFF, 0x40] },
        { "a map that ends at once", [0xE1] },
        { "maps within maps", [.. Enumerable.Repeat(new byte[] { 0xE1, 0x41, (byte)'a' }, 200).SelectMany(part => part)] },
        { "arrays within arrays", [0xE1, 0x41, (byte)'a', .. Enumerable.Repeat(new byte[] { 0x01, 0x04 }, 200).SelectMany(part => part)] },
        { "an array of 16 million booleans", [0xE1, 0x41, (byte)'a', 0x1F, 0x04, 0xFF, 0xFF, 0xFF] },
        { "a text longer than the file", [0xE1, 0x5F, 0xFF, 0xFF, 0xFF] },
        { "an extended type of zero", [0x01, 0x00] },
        { "a type that is not known", [0x01, 0xFF] },
        { "an end marker", [0x00, 0x06] },
        { "a key that is a number", [0xE1, 0xA1, 0x05, 0xA1, 0x05] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(HostileEntries))]
    public void An_entry_that_is_malformed_is_no_country(string what, byte[] entry)
    {
        Assert.NotEmpty(what);
        var file = new MmdbFile();
        file.Add("10.0.0.0/8", file.AddData(entry));
        Assert.Equal(["(none)"], Find(Read(file.Build()), "10.0.0.1"));
    }

    [Fact]
    public void A_file_cut_or_spoilt_anywhere_is_refused_or_answers_and_never_fails()
    {
        byte[] good = new MmdbFile { RecordSize = 28 }.Add("10.0.0.0/8", "DE").Add("2001:db8::/32", "FR").Build();
        IPAddress[] addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("255.255.255.255"), IPAddress.IPv6Any];
        for (int length = 0; length < good.Length; length++)
        {
            Ask(good.AsMemory(0, length), addresses);
        }

        var random = new Random(20261121);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] spoilt = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
            }

            Ask(spoilt, addresses);
        }
    }

    [Fact]
    public void What_is_no_database_is_refused_with_the_reason()
    {
        byte[] good = new MmdbFile { RecordSize = 24 }.Add("10.0.0.0/8", "DE").Build();
        Assert.Equal("it is no MaxMind DB", Fault([]));
        Assert.Equal("it is no MaxMind DB", Fault(new byte[300_000]));
        Assert.Equal("its metadata are not of a MaxMind DB of format 2", Fault([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]));
        Assert.Equal("its metadata are not of a MaxMind DB of format 2", Fault(new MmdbFile { RecordSize = 25 }.Build()));
        Assert.Equal("its metadata are not of a MaxMind DB of format 2", Fault(new MmdbFile { IpVersion = 5 }.Build()));
        Assert.Equal("it is cut off", Fault([.. good.Skip(100)]));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var condition = new CountryCondition(["DE"], Read(new MmdbFile().Add("10.0.0.0/8", "DE").Build()));
        var here = new Circumstances(IPAddress.Parse("10.1.2.3"), Corp.Now);
        var claims = Corp.Claims("{}");
        Assert.True(condition.Holds(claims, in here));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                condition.Holds(claims, in here);
            }
        }));
    }

    [Fact]
    public void A_rule_asks_for_the_country_of_the_client()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Combine("countries.mmdb");
        File.WriteAllBytes(file, new MmdbFile().Add("10.0.0.0/8", "DE").Add("11.0.0.0/8", "FR").Build());
        CircumstanceCondition condition = Assert.Single(Compile(file, ["DE", "AT"], out _)!.Rules.Rules[0].Circumstances);

        Assert.Equal("country = [\"DE\", \"AT\"]", condition.ToString());
        Assert.Equal(
            (true, false, false, false),
            (Holds(condition, "10.0.0.1"), Holds(condition, "11.0.0.1"), Holds(condition, "12.0.0.1"), Holds(condition, null)));

        Compile(folder.Combine("none.mmdb"), ["DE"], out IReadOnlyList<PolicyFault> faults);
        Assert.StartsWith("geoip_file: ", Assert.Single(faults).Message, StringComparison.Ordinal);
        Compile(folder.Write("text", "no database"), ["DE"], out faults);
        Assert.EndsWith("it is no MaxMind DB", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    private static TokenPolicies? Compile(string file, string[] countries, out IReadOnlyList<PolicyFault> faults)
    {
        TokenPolicies.TryCompile(
            new ProxyConfiguration
            {
                Proxy = new ProxySettings { GeoipFile = file },
                Issuers = new Dictionary<string, IssuerSettings> { ["corp"] = new() { Name = "corp", Issuer = Corp.Issuer, Audience = ["poolproxy"] } },
                Rules = [new RuleSettings { Number = 1, Issuer = "corp", Role = ["r"], Country = countries }],
            },
            out TokenPolicies? policies,
            out faults);
        return policies;
    }

    private static bool Holds(CircumstanceCondition condition, string? address) =>
        condition.Holds(Corp.Claims("{}"), new Circumstances(address is null ? null : IPAddress.Parse(address), Corp.Now));

    private static string Fault(byte[] file)
    {
        Assert.False(CountryDatabase.TryRead(file, out _, out string? fault));
        return fault;
    }

    private static void Ask(ReadOnlyMemory<byte> file, IPAddress[] addresses)
    {
        if (CountryDatabase.TryRead(file, out CountryDatabase? database, out _))
        {
            foreach (IPAddress address in addresses)
            {
                database.Find(address);
            }
        }
    }

    private static CountryDatabase Read(byte[] file)
    {
        Assert.True(CountryDatabase.TryRead(file, out CountryDatabase? database, out string? fault), fault);
        return database;
    }

    private static string[] Find(CountryDatabase database, params string[] addresses) => [.. addresses.Select(address => database.Find(IPAddress.Parse(address)).ToString())];
}
