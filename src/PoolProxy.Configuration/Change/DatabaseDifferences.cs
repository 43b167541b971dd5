using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Change;

/// <summary>Compares databases, and says whose server connections do not fit any more.</summary>
internal static class DatabaseDifferences
{
    // What a server connection is made with, and cannot take up later. A password is not among them: it proves who asks when a connection is
    // made, and those that are made stay good, so that it can be rotated without a drop.
    public static readonly string[] OfConnections =
        ["host", "port", "target_session_attrs", "dbname", "user", "connect_query", "client_encoding", "datestyle", "timezone", "application_name", "settings"];

    public static IReadOnlyList<DatabaseChange> Of(ProxyConfiguration before, ProxyConfiguration after)
    {
        var changes = new List<DatabaseChange>();
        foreach (var (name, kind) in Differences.Names(before.Databases, after.Databases))
        {
            var change = kind switch
            {
                ChangeKind.Removed => new DatabaseChange(name, kind, [], [], MustReconnect: true),
                ChangeKind.Added => new(name, kind, [], [], MustReconnect: before.Databases.ContainsKey(DatabaseSettings.FallbackName)),
                _ => Compare(name, before, after),
            };
            if (change is not null) changes.Add(change);
        }
        return changes;
    }

    private static DatabaseChange? Compare(string name, ProxyConfiguration before, ProxyConfiguration after)
    {
        var (old, wanted) = (before.Databases[name], after.Databases[name]);
        var settings = Differences.Of(old, wanted, DatabaseCatalogue.Settings);
        var mustReconnect = settings.Any(setting => OfConnections.Contains(setting.Name))
            || old.ServerTls(before.Proxy) != wanted.ServerTls(after.Proxy)
            || before.IsolationOf(old) != after.IsolationOf(wanted)
            || before.AllowsUnsafeLogin(old) != after.AllowsUnsafeLogin(wanted);
        IReadOnlyList<LoginChange> logins = [.. Differences.Names(old.Logins, wanted.Logins).Select(login => CompareLogin(login.Name, login.Kind, old, wanted)).OfType<LoginChange>()];
        return settings.Count + logins.Count > 0 || mustReconnect ? new(name, ChangeKind.Changed, settings, logins, mustReconnect) : null;
    }

    private static LoginChange? CompareLogin(string role, ChangeKind kind, DatabaseSettings old, DatabaseSettings wanted)
    {
        if (kind != ChangeKind.Changed) return new(role, kind, [], MustReconnect: kind == ChangeKind.Removed);
        var settings = Differences.Of(old.Logins[role], wanted.Logins[role], LoginCatalogue.Settings);
        return settings.Count > 0 ? new(role, kind, settings, settings.Any(setting => OfConnections.Contains(setting.Name))) : null;
    }
}
