using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Authentication.Revocation;

/// <summary>What was taken back, as of one moment. Immutable, swapped whole.</summary>
/// <param name="Orders">What was said once: in the console, by issuers.</param>
/// <param name="File">What the watched file says.</param>
internal sealed record RevocationSnapshot(RevocationSet Orders, RevocationSet File)
{
    /// <summary>Nothing was.</summary>
    public static RevocationSnapshot Empty { get; } = new(RevocationSet.Empty, RevocationSet.Empty);

    /// <summary>All orders that hold.</summary>
    public IEnumerable<RevocationEntry> At(DateTimeOffset now) => Orders.Entries.Concat(File.Entries).Where(entry => entry.Until > now);
}
