using System.Globalization;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW BANS: who is banned from logging in, until when, and who was a short while ago and would be for longer next time.</summary>
internal sealed class ShowBans : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "bans";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
        [Text("scope"), Text("name"), Int("failures"), Int("bans"), Text("until"), Int("seconds_left"), new("refused", TypeOid.Int8)];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var now = view.Services.Loop.Time.GetUtcNow();
        return view.Shared.Guard.Bans.Select(ban => (object?[])
        [
            ban.Scope.ToString().ToLowerInvariant(), ban.Name, ban.FailureCount, ban.BanCount,
            ban.Left > TimeSpan.Zero ? (now + ban.Left).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : null,
            (int)Math.Ceiling(ban.Left.TotalSeconds), ban.RefusedCount,
        ]);
    }
}
