using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW ISSUERS: the issuers, how many usable keys each has, how old they are in seconds, and why the last fetch failed.</summary>
internal sealed class ShowIssuers : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "issuers";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("name"), Text("issuer"), Int("keys"), Int("ignored_keys"), Int("keys_age"), Text("last_fault")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        (view.Control.Tokens?.Issuers ?? []).Select(issuer => Row(view, issuer));

    private static object?[] Row(ConsoleView view, PlannedIssuer issuer)
    {
        var snapshot = issuer.Keys.Snapshot;
        int? age = snapshot is null ? null : (int)view.Services.Loop.Time.GetElapsedTime(snapshot.SeenAt).TotalSeconds;
        return [issuer.Policy.Name, issuer.Policy.Issuer, issuer.Keys.Current?.Keys.Count ?? 0, snapshot?.Keys.IgnoredCount ?? 0, age, issuer.Keys.LastFault];
    }
}
