using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Every attack under <c>partitioned</c>.</summary>
public sealed class PartitionedEscapeTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "partitioned", kind, name);
}
