namespace PoolProxy.Sandbox.Postgres;

/// <summary>Which PostgreSQL is wanted: any from 15 on, or exactly one major version.</summary>
/// <param name="Major">The major version, null for any.</param>
public readonly record struct PostgresWish(int? Major)
{
    /// <summary>The oldest major version that is used.</summary>
    public const int OldestMajor = 15;

    /// <summary>Any version from 15 on; the first that is found.</summary>
    public static PostgresWish Any => default;

    /// <summary>Exactly this major version.</summary>
    public static PostgresWish Exactly(int major) => new(major);

    /// <summary>Whether a server of this major version will do.</summary>
    public bool Admits(int major) => Major is { } wanted ? major == wanted : major >= OldestMajor;

    /// <summary><c>PostgreSQL 18</c>, or <c>PostgreSQL 15 or newer</c>.</summary>
    public override string ToString() => Major is { } wanted ? $"PostgreSQL {wanted}" : $"PostgreSQL {OldestMajor} or newer";
}
