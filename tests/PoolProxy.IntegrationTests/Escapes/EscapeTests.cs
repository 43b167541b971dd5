using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>
/// Every attack in every way, at one level, on every version: how it ends is how the catalogue says, and nobody else is harmed. The levels are classes of
/// their own, and so are a level's shares: a class runs one test after the other, and classes run beside one another.
/// </summary>
public abstract class EscapeTests(EscapePlaces places)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("POOLPROXY_ESCAPES") == "full";

    /// <summary>Areas whose attacks leave something to who comes next: on the newest version they are always tried where requests follow one another too.</summary>
    private static readonly string[] AreasOfSessions = ["What is left in a session", "Messages"];

    /// <summary>The cases of a share: all shares together are every case, and each is in one of them.</summary>
    public static IEnumerable<object[]> Cases(EscapeShare share) =>
        from kind in (PoolKind[])[PoolKind.One, PoolKind.Busy, PoolKind.Pipelining, PoolKind.Busy | PoolKind.Pipelining]
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        where share == ShareOf(major, kind)
        from area in AttackCatalogue.Areas
        from attack in area.Attacks
        where !kind.HasFlag(PoolKind.Busy) || !attack.NeedsTheServer
        where IsFull || kind == PoolKind.One || (kind == (PoolKind.Busy | PoolKind.Pipelining) && IsNewest(major) && AreasOfSessions.Contains(area.Area))
        select new object[] { major, kind, attack.Name };

    private static bool IsNewest(int major) => major == AvailablePostgres.Found[^1].Major;

    private static EscapeShare ShareOf(int major, PoolKind kind) =>
        !IsNewest(major) ? EscapeShare.OlderVersions : kind == PoolKind.One ? EscapeShare.Newest : EscapeShare.NewestInCompany;

    private protected async Task ExpectAsTheTableSaysAsync(int major, string level, PoolKind kind, string name)
    {
        EscapePlace place = await places.OfAsync(major, level, kind);
        Attack attack = AttackCatalogue.ByName[name];
        var wrong = new List<string>();
        place.Begin();
        try
        {
            foreach (Way way in attack.Ways)
            {
                await using var scene = new EscapeScene(place, attack, way);
                try
                {
                    await scene.PlayAsync();
                }
                finally
                {
                    if (attack.NeedsRepair)
                    {
                        await place.RepairAsync(attack.Repairs);
                        if (attack.OutdatesServers)
                        {
                            await place.CloseServersAsync();
                        }
                    }
                }
                await scene.ExpectUnharmedAsync();
                if (!IsAsExpected(scene.Outcome, attack.Expected(level, way, major), way, place.IsBusy))
                {
                    wrong.Add($"{way}: {scene.Outcome}, expected {attack.Expected(level, way, major)}\n{scene.Story}");
                }
            }
        }
        finally
        {
            place.Rest();
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>
    /// On a busy pool statements that are sent one by one meet other servers, or others in between: what one of them left is gone at the next. There an attack may
    /// end sooner than the table says; it may not reach more.
    /// </summary>
    private static bool IsAsExpected(Outcome outcome, Outcome expected, Way way, bool isBusy) =>
        outcome == expected || (isBusy && way is (Way.Simple or Way.Extended or Way.Prepared) && outcome != Outcome.ByDesign);
}
