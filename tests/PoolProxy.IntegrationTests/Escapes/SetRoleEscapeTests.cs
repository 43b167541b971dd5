using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Every attack under <c>set_role</c>.</summary>
public sealed class SetRoleEscapeTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "set_role", kind, name);
}
