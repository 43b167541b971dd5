namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// Minor releases before those of 14 November 2024, in which a plan under row-level security can survive a change of role (CVE-2024-10976) and SET
/// ROLE can be reset to the wrong one (CVE-2024-10978). Source: postgresql.org/support/security.
/// </summary>
internal sealed class VersionCheck : Check
{
    private static readonly Dictionary<int, int> FixedMinors = new() { [12] = 21, [13] = 17, [14] = 14, [15] = 9, [16] = 5, [17] = 1 };

    /// <inheritdoc/>
    public override string Praise => "the server's version has the fixes of CVE-2024-10976 and CVE-2024-10978";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => true;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => Of(examination.VersionNumber, examination.Upstream.IsIsolated) is { } finding ? Found(finding) : Found();

    /// <summary>The finding for a server_version_num; null for none.</summary>
    public static Finding? Of(int versionNumber, bool isIsolated)
    {
        var (major, minor) = (versionNumber / 10000, versionNumber % 10000);
        var isKnown = FixedMinors.TryGetValue(major, out var needed);
        if (isKnown ? minor >= needed : major > FixedMinors.Keys.Max())
        {
            return null;
        }

        return new Finding(
            isIsolated ? FindingLevel.Fault : FindingLevel.Warning, $"PostgreSQL {major}.{minor} has CVE-2024-10976 and CVE-2024-10978",
            "Policies may be applied for the wrong role, and a role may come back that was left.")
        {
            Advice = isKnown ? $"Update the server to {major}.{needed} or newer." : "Update the server to a version that is still maintained.",
        };
    }
}
