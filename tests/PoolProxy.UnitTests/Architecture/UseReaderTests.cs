using Xunit;

namespace PoolProxy.UnitTests.Architecture;

/// <summary>That the reader notices: a rule held by a blind reader holds always.</summary>
public sealed class UseReaderTests
{
    private const string Samples = "PoolProxy.UnitTests.Architecture.Samples";

    private static readonly IReadOnlyCollection<Use> Uses = UseReader.Read(typeof(UseReaderTests).Assembly.Location);

    private static readonly RoomRule Rooms = new(Samples, [["Upper"], ["Lower"]], ["Open"]);

    public static TheoryData<string> GoingUp() =>
        [.. typeof(UseReaderTests).Assembly.GetTypes()
            .Where(type => type is { Namespace: $"{Samples}.Lower", IsNested: false } && type.Name.StartsWith("By", StringComparison.Ordinal))
            .Select(type => type.Name.Split('`')[0])];

    public static TheoryData<string> Impure() =>
        [.. typeof(UseReaderTests).Assembly.GetTypes()
            .Where(type => type is { Namespace: Samples, IsNested: false } && type.Name != "Pure")
            .Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(GoingUp))]
    public void A_way_up_is_noticed(string type) =>
        Assert.Contains(Rooms.Violations(Uses), use => use.From == $"{Samples}.Lower.{type}");

    [Fact]
    public void There_are_thirty_ways_up() => Assert.Equal(30, GoingUp().Count);

    [Fact]
    public void Ones_own_room_and_open_rooms_may_be_named()
    {
        Assert.Contains(Uses, use => use.From == $"{Samples}.Lower.StayingDown" && use.Target == $"{Samples}.Open.OpenDoor" && use.Member == "Call");
        Assert.DoesNotContain(Rooms.Violations(Uses), use => use.From == $"{Samples}.Lower.StayingDown");
    }

    [Fact]
    public void An_open_room_names_no_other() =>
        Assert.Contains(Rooms.Violations(Uses), use => use.From == $"{Samples}.Open.OpenDoorGoingOut");

    [Fact]
    public void Rooms_of_one_storey_are_strangers()
    {
        var neighbours = new RoomRule(Samples, [["Upper", "Lower"]], ["Open"]);
        Assert.Contains(neighbours.Violations(Uses), use => use.From == $"{Samples}.Lower.ByStaticCall");
    }

    [Fact]
    public void Downwards_is_allowed()
    {
        var turned = new RoomRule(Samples, [["Lower"], ["Upper"]], ["Open"]);
        Assert.DoesNotContain(turned.Violations(Uses), use => use.From.StartsWith($"{Samples}.Lower.", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_names_what_puts_the_rooms_together()
    {
        var root = new RoomRule("PoolProxy.UnitTests.Architecture", [["Samples"]], []);
        Assert.Contains(root.Violations([new Use($"{Samples}.Logs", "Run", "PoolProxy.UnitTests.Architecture.Use", null)]), _ => true);
        Assert.Empty(root.Violations([new Use("PoolProxy.UnitTests.Architecture.Use", "Run", $"{Samples}.Logs", null)]));
    }

    [Fact]
    public void A_room_without_a_storey_is_reported() =>
        Assert.Equal(["Upper"], new RoomRule(Samples, [["Lower"]], ["Open"]).UnknownRooms(Uses));

    [Theory]
    [MemberData(nameof(Impure))]
    public void What_is_not_pure_is_noticed(string type)
    {
        var violations = PureRule.Violations("PoolProxy.UnitTests", Uses).Select(use => use.From);
        Assert.Contains($"{Samples}.{type}", violations);
    }

    [Fact]
    public void Time_as_an_argument_is_pure() =>
        Assert.DoesNotContain($"{Samples}.Pure", PureRule.Violations("PoolProxy.UnitTests", Uses).Select(use => use.From));

    [Fact]
    public void A_restricted_member_is_for_its_rooms_and_its_own_type_only()
    {
        var forUpper = new RestrictedMember($"{Samples}.Upper.High", "Call", [$"{Samples}.Upper"], "A sample.");
        Assert.Contains(forUpper.Violations(Uses), use => use.From == $"{Samples}.Lower.ByLambda");
        Assert.DoesNotContain(forUpper.Violations(Uses), use => use.From == $"{Samples}.Lower.ByNew");
        Assert.Empty((forUpper with { Rooms = [$"{Samples}.Lower"] }).Violations(Uses));
        Assert.NotEmpty((forUpper with { Rooms = [$"{Samples}.Low"] }).Violations(Uses));
    }
}
