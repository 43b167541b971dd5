namespace PoolProxy.Protocol.Sql;

/// <summary>What a byte behind a dollar sign does.</summary>
internal enum DollarStep : byte
{
    /// <summary>It is part of the tag or of the body.</summary>
    Within,

    /// <summary>It completes the closing tag.</summary>
    Closed,

    /// <summary>It is the first digit of a parameter: there is no quote.</summary>
    Parameter,

    /// <summary>A syntax error in PostgreSQL, or a tag longer than is kept.</summary>
    Failed,
}
