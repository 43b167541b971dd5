using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Authentication.Revocation;

/// <summary>What the files of [revocation] take back, as they were read. Apart, so that a proxy without such files does not load what reads them.</summary>
/// <param name="File">What the watched file holds; null without one.</param>
/// <param name="Saved">Orders that outlive the process, as they were when this was read: for its start. Null for none.</param>
internal sealed record FiledRevocations(RevocationSet? File, RevocationSet? Saved);
