using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW ISSUERS: the issuers; how many usable keys each has, by which names, and how old they are; the last fetch, the next, and why the last failed; and how it does
/// where it is asked about opaque tokens. Times are seconds.
/// </summary>
internal sealed class ShowIssuers : ShowCommand
{
    private const int MaxShownKeys = 16;

    /// <inheritdoc/>
    public override string Noun => "issuers";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Text("name"), Text("issuer"), Text("source"), Int("keys"), Text("key_ids"), Int("ignored_keys"), Int("keys_age"), Int("last_fetch"), Int("next_fetch"), Int("fetching"), Text("last_fault"),
        Int("denied_key_ids"), Int("introspecting"), Text("introspection_fault"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        (view.Control.Tokens?.Issuers ?? []).Select(issuer => Row(view, issuer));

    private static object?[] Row(ConsoleView view, PlannedIssuer issuer)
    {
        var keys = issuer.Keys;
        var (snapshot, fetch) = (keys.Snapshot, keys.Look());
        var usable = keys.Current?.Keys ?? [];
        int? age = snapshot is null ? null : (int)view.Services.Loop.Time.GetElapsedTime(snapshot.SeenAt).TotalSeconds;
        return
        [
            issuer.Policy.Name, issuer.Policy.Issuer, keys.Settings.Place, usable.Count, string.Join(",", usable.Take(MaxShownKeys).Select(key => key.KeyId)), snapshot?.Keys.IgnoredCount ?? 0, age,
            (int?)fetch.SinceLast?.TotalSeconds, (int)Math.Ceiling(fetch.UntilNext.TotalSeconds), fetch.IsUnderWay ? 1 : 0, keys.LastFault, keys.DeniedCount,
            issuer.Introspector?.WaitingCount, issuer.Introspector?.LastFault,
        ];
    }
}
