using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Runner;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The attacks under <c>partitioned</c> on the older versions.</summary>
[NeedsOlderPostgres]
[TakesMinutes]
public sealed class PartitionedEscapeOnOlderVersionsTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases), EscapeShare.OlderVersions)]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "partitioned", kind, name);
}
