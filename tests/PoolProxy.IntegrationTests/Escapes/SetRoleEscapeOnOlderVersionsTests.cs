using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Runner;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The attacks under <c>set_role</c> on the older versions.</summary>
[NeedsOlderPostgres]
[TakesMinutes]
public sealed class SetRoleEscapeOnOlderVersionsTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases), EscapeShare.OlderVersions)]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "set_role", kind, name);
}
