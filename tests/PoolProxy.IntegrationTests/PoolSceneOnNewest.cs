using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Postgres;

namespace PoolProxy.IntegrationTests;

/// <summary>
/// The scene on the newest PostgreSQL of those that behaviours are promised on. A class of tests that derives from another runs all of that
/// one's behaviours again there.
/// </summary>
public sealed class PoolSceneOnNewest() : PoolScene(PostgresWish.Exactly(AvailablePostgres.Found.Max(binaries => binaries.Major)));
