namespace PoolProxy.UnitTests.Configuration;

/// <summary>A setting of PgBouncer's.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">As SHOW CONFIG prints it; null where it is a long text or has none.</param>
/// <param name="NeedsRestart">RELOAD does not change it.</param>
internal sealed record PgBouncerSetting(string Name, string? Default, bool NeedsRestart);
