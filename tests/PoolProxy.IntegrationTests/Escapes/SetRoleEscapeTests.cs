using PoolProxy.Testing.Runner;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The attacks under <c>set_role</c> on the newest version.</summary>
[TakesMinutes]
public sealed class SetRoleEscapeTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases), EscapeShare.Newest)]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "set_role", kind, name);
}
