using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Testing.Postgres;

/// <summary>
/// The versions of PostgreSQL that are on this machine, for theories: <c>[MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]</c>
/// runs a behaviour on each. Where none is installed there is the one that the npm package brings.
/// </summary>
public static class AvailablePostgres
{
    /// <summary>The versions that behaviours are promised on.</summary>
    public static readonly IReadOnlyList<int> Wanted = [15, 18];

    // "15 18" where a missing version has to fail instead of being left out; .ci/run says so.
    private static readonly int[] Demanded =
    [
        .. (Environment.GetEnvironmentVariable("POOLPROXY_TEST_VERSIONS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse),
    ];

    private static readonly Lazy<Task<PostgresBinaries[]>> All = new(FindAsync);

    /// <summary>The wanted major versions that are here, one a row of a theory.</summary>
    public static IEnumerable<object[]> Majors => Found.Select(binaries => new object[] { binaries.Major });

    /// <summary>The installations of <see cref="Majors"/>.</summary>
    public static IReadOnlyList<PostgresBinaries> Found => All.Value.GetAwaiter().GetResult();

    /// <summary>One line that says which versions the tests use and which they did not find.</summary>
    public static string Summary
    {
        get
        {
            string used = string.Join(", ", Found.Select(binaries => $"{binaries.Version} ({binaries.Source}: {binaries.Folder})"));
            int[] missing = [.. Wanted.Except(Found.Select(binaries => binaries.Major))];
            return $"PostgreSQL used: {used}" + (missing.Length == 0 ? "" : $"; not found: {string.Join(", ", missing)}");
        }
    }

    private static async Task<PostgresBinaries[]> FindAsync()
    {
        var found = new List<PostgresBinaries>();
        foreach (int major in Wanted)
        {
            if (Demanded.Contains(major))
            {
                found.Add(await PostgresBinaries.FindAsync(PostgresWish.Exactly(major)));
            }
            else if (await PostgresBinaries.FindInstalledAsync(PostgresWish.Exactly(major)) is { } binaries)
            {
                found.Add(binaries);
            }
        }
        // Another version, 16 or 17, or what npm brings: one is enough.
        return found.Count > 0 ? [.. found] : [await PostgresBinaries.FindAsync()];
    }
}
