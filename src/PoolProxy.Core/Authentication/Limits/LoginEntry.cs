namespace PoolProxy.Core.Authentication.Limits;

/// <summary>What is remembered of one address, identity or issuer. A slot of <see cref="LoginTable"/>; times are the table's ticks.</summary>
internal struct LoginEntry
{
    /// <summary>The slot is taken.</summary>
    public bool IsUsed;

    public UInt128 Key;

    /// <summary>How it is shown; null until something failed.</summary>
    public string? Name;

    /// <summary>Logins under way: the slot may not be taken away while there are any.</summary>
    public int AtOnce;

    /// <summary>Failures since it was remembered.</summary>
    public int FailureCount;

    /// <summary>Bans since the last long quiet: the next one lasts 2^this times the first.</summary>
    public int BanCount;

    /// <summary>Logins turned away since it was remembered.</summary>
    public long RefusedCount;

    /// <summary>Banned until then; also when the last ban was over.</summary>
    public long BannedUntilTicks;

    /// <summary>When it was last of any interest.</summary>
    public long TouchedTicks;

    public LeakyBucket Logins;

    public LeakyBucket Failures;

    public readonly bool IsBanned(long nowTicks) => BannedUntilTicks > nowTicks;
}
