using PoolProxy.Core.Doctor;
using PoolProxy.Core.Doctor.Checks;
using Xunit;

namespace PoolProxy.UnitTests.Doctor;

public sealed class VersionCheckTests
{
    [Theory]
    [InlineData(90624, "9.624")]
    [InlineData(110022, "11.22")]
    [InlineData(120020, "12.20")]
    [InlineData(150008, "15.8")]
    [InlineData(160004, "16.4")]
    [InlineData(170000, "17.0")]
    public void A_minor_release_before_the_fixes_is_a_fault(int version, string named)
    {
        Finding finding = VersionCheck.Of(version, isIsolated: true)!;
        Assert.Equal(FindingLevel.Fault, finding.Level);
        Assert.Contains($"PostgreSQL {named} has CVE-2024-10976", finding.What, StringComparison.Ordinal);
        Assert.StartsWith("Update the server to ", finding.Advice, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Warning, VersionCheck.Of(version, isIsolated: false)!.Level);
    }

    [Theory]
    [InlineData(120021)]
    [InlineData(150009)]
    [InlineData(160005)]
    [InlineData(170001)]
    [InlineData(180000)]
    [InlineData(190000)]
    public void A_release_with_the_fixes_is_none(int version) => Assert.Null(VersionCheck.Of(version, isIsolated: true));
}
