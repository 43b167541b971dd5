using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Who is a member of which role, as <c>member_of</c> in <c>[users.NAME]</c> says: by itself, or by a role that is a member in turn. Everybody is a member of the role of the
/// same name, as in PostgreSQL. What PostgreSQL has granted is not asked: the answer would be needed before anybody has logged in there.
/// </summary>
public sealed class Memberships
{
    private readonly Dictionary<string, HashSet<string>> _roles;

    private Memberships(Dictionary<string, HashSet<string>> roles) => _roles = roles;

    /// <summary>Nobody is said to be a member of anything.</summary>
    public static Memberships None { get; } = new([]);

    /// <summary>Nothing is known.</summary>
    public bool IsEmpty => _roles.Count == 0;

    /// <summary>What a configuration says.</summary>
    public static Memberships Of(IReadOnlyDictionary<string, UserSettings> users)
    {
        var own = users.Values.Where(user => user.MemberOf.Count > 0).ToDictionary(user => user.Name, user => user.MemberOf, StringComparer.Ordinal);
        return new(own.Keys.ToDictionary(user => user, user => Closure(user, own), StringComparer.Ordinal));
    }

    /// <summary>Whether a user is a member of a role.</summary>
    public bool Holds(string user, string role) => user == role || (_roles.TryGetValue(user, out var roles) && roles.Contains(role));

    /// <summary>Whether anybody is said to be a member of a role.</summary>
    public bool Knows(string role) => _roles.Values.Any(roles => roles.Contains(role));

    private static HashSet<string> Closure(string user, Dictionary<string, IReadOnlyList<string>> own)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(own[user]);
        while (open.TryPop(out var role))
            if (found.Add(role) && own.TryGetValue(role, out var further))
                foreach (var next in further) open.Push(next);
        return found;
    }
}
