namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>The share of a level's attacks that a class has.</summary>
public enum EscapeShare
{
    /// <summary>The newest version of PostgreSQL that is here, on a pool of one.</summary>
    Newest,

    /// <summary>The newest version, on every other kind of pool.</summary>
    NewestInCompany,

    /// <summary>Every other version, on all kinds of pool.</summary>
    OlderVersions,
}
