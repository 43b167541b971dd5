using PoolProxy.Testing.Runner;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The attacks under <c>exclusive</c> on the newest version and busy pools.</summary>
[TakesMinutes]
public sealed class ExclusiveEscapeInCompanyTests(EscapePlaces places) : EscapeTests(places), IClassFixture<EscapePlaces>
{
    [Theory]
    [MemberData(nameof(Cases), EscapeShare.NewestInCompany)]
    public Task It_ends_as_the_table_says(int major, PoolKind kind, string name) => ExpectAsTheTableSaysAsync(major, "exclusive", kind, name);
}
