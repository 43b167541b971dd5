namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>OIDs of the types that the proxy itself names in results and parameters. Source: pg_type.dat; they never change.</summary>
public static class TypeOid
{
    /// <summary>bool.</summary>
    public const int Bool = 16;

    /// <summary>bytea.</summary>
    public const int Bytea = 17;

    /// <summary>int8.</summary>
    public const int Int8 = 20;

    /// <summary>int4.</summary>
    public const int Int4 = 23;

    /// <summary>text.</summary>
    public const int Text = 25;

    /// <summary>numeric.</summary>
    public const int Numeric = 1700;
}
