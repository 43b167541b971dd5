using PoolProxy.Testing.Runner;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The attacks under <c>partitioned</c> on the newest version and busy pools.</summary>
[TakesMinutes]
public sealed class PartitionedEscapeInCompanyTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases), EscapeShare.NewestInCompany)]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "partitioned", kind, name);
}
