using PoolProxy.Configuration.Model;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Doctor;

/// <summary>The logins by which a configuration asks about users that no file knows: each auth_user, in each database that it asks in, with each auth_query that it asks there.</summary>
internal static class LookupUpstreams
{
    /// <summary>In the file's order; what cannot be known beforehand becomes a note.</summary>
    public static IEnumerable<Upstream> Of(RoutePlan plan, ICollection<Finding> notes)
    {
        var seen = new HashSet<(string Database, string User, string Query)>();
        var found = new List<Upstream>();
        foreach (var database in plan.Configuration.Databases.Values)
        {
            var (user, query) = (plan.Lookups.UserFor(database), plan.Lookups.QueryFor(database));
            var name = plan.Lookups.DatabaseFor(database) is { Length: > 0 } other ? other : database.Name;
            if (user.Length == 0 || (name == database.Name && database is { IsFallback: true, Dbname: null }) || !seen.Add((name, user, query)))
            {
                continue;
            }

            if (plan.Lookups.Pool(new PoolKey(name, user, IsForLookups: true)) is { } pool)
            {
                found.AddRange(pool.Targets.Select(target => new Upstream { Level = IsolationLevel.None, Target = target, Lookup = query }));
            }
            else
            {
                notes.Add(Finding.Fault($"auth_dbname \"{name}\" is no database of the file", $"Nobody is asked about users of database \"{database.Name}\" that no file knows."));
            }
        }

        return found;
    }
}
