using PoolProxy.Core.Errors;
using Xunit;

namespace PoolProxy.UnitTests.Architecture;

/// <summary>Who may know whom in <c>src</c>, read from the compiled assemblies.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(ProxyError).Assembly.Location)!;

    private static readonly Lazy<IReadOnlyCollection<Use>> Core = new(() => UseReader.Read(FileOf("PoolProxy.Core")));

    private static readonly Lazy<IReadOnlyCollection<Use>> Program = new(() => UseReader.Read(FileOf("poolproxy")));

    public static TheoryData<string> PureAssemblies() => [.. PureRule.Assemblies];

    [Theory]
    [MemberData(nameof(PureAssemblies))]
    public void A_pure_project_knows_no_other_and_no_sockets_files_clocks_tasks_or_logs(string assembly)
    {
        AssertNone(PureRule.Violations(assembly, UseReader.Read(FileOf(assembly))));
        Assert.DoesNotContain(UseReader.ReadReferences(FileOf(assembly)), name => name.StartsWith("PoolProxy", StringComparison.Ordinal));
    }

    [Fact]
    public void Cores_rooms_know_each_other_downwards_only() => AssertNone(RoomRule.Core.Violations(Core.Value));

    [Fact]
    public void Every_room_of_Core_has_its_storey() => Assert.Empty(RoomRule.Core.UnknownRooms(Core.Value));

    [Fact]
    public void A_restricted_member_is_called_from_its_rooms_only() =>
        AssertNone(RestrictedMember.Table.SelectMany(entry => entry.Violations(Core.Value.Concat(Program.Value))));

    [Fact]
    public void Every_restricted_member_exists()
    {
        foreach (var entry in RestrictedMember.Table)
        {
            const System.Reflection.BindingFlags Any = (System.Reflection.BindingFlags)~0 & ~System.Reflection.BindingFlags.IgnoreCase;
            var type = typeof(ProxyError).Assembly.GetType(entry.Type);
            Assert.True(type is not null && type.GetMember(entry.Member, Any).Length > 0, $"{entry.Type}.{entry.Member} is gone: {entry.Reason}");
        }
    }

    [Fact]
    public void Core_never_loads_the_sandbox() =>
        Assert.Empty(UseReader.ReadReferences(FileOf("PoolProxy.Core")).Intersect(["PoolProxy.Sandbox", "Npgsql", "poolproxy"]));

    [Fact]
    public void Every_exception_is_still_needed()
    {
        var violations = PureRule.Assemblies.SelectMany(assembly => PureRule.Violations(assembly, UseReader.Read(FileOf(assembly))))
            .Concat(RoomRule.Core.Violations(Core.Value))
            .ToList();
        Assert.All(KnownException.All, exception => Assert.Contains(violations, exception.Covers));
        Assert.All(KnownException.All, exception => Assert.EndsWith(".", exception.Reason, StringComparison.Ordinal));
    }

    private static string FileOf(string assembly) => Path.Combine(Folder, assembly + ".dll");

    // All at once, one a line: whoever moves a type wants to see everything that hangs on it.
    private static void AssertNone(IEnumerable<Use> violations)
    {
        var left = violations.Where(use => !KnownException.All.Any(exception => exception.Covers(use)))
            .Select(use => use.ToString()).Order(StringComparer.Ordinal).ToList();
        Assert.True(left.Count == 0, string.Join(Environment.NewLine, left));
    }
}
