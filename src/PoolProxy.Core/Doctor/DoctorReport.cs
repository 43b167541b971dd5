namespace PoolProxy.Core.Doctor;

/// <summary>All that was found.</summary>
/// <param name="Notes">What could not be known from the file.</param>
/// <param name="Upstreams">In the file's order.</param>
internal sealed record DoctorReport(IReadOnlyList<Finding> Notes, IReadOnlyList<UpstreamReport> Upstreams)
{
    /// <summary>Every finding, praise left out.</summary>
    public IEnumerable<Finding> Findings => Notes.Concat(Upstreams.SelectMany(report => report.Findings)).Where(finding => finding.Level != FindingLevel.Ok);

    public bool HasTrouble => Upstreams.Any(report => report.Trouble is not null);

    public int Count(FindingLevel level) => Findings.Count(finding => finding.Level == level);
}
