namespace PoolProxy.Core.Backend;

/// <summary>What the startup parameter <c>replication</c> asks for (protocol-replication.html).</summary>
internal enum ReplicationKind : byte
{
    /// <summary>An ordinary session.</summary>
    None,

    /// <summary><c>replication=true</c>: a walsender that belongs to no database and takes replication commands only.</summary>
    Physical,

    /// <summary><c>replication=database</c>: a walsender in a database, which takes SQL too.</summary>
    Logical,
}
