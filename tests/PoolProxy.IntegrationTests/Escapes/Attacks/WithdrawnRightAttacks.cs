using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>
/// An administrator takes a role away, by revoking the login's membership or by dropping it, while mallory's and alice's statements that use it are prepared in
/// the pool.
/// </summary>
internal static class WithdrawnRightAttacks
{
    private const string Asks = "select 'REACHED' from (select count(*) from notes) as seen";

    private static readonly string[] Revoke = ["revoke {readers} from {login}"];

    // Without its rights nothing holds it.
    private static readonly string[] Drop = ["drop owned by {readers} cascade", "drop role {readers}"];

    // The sibling's session is of the old role still: it begins anew.
    private static readonly string[] MakeAgain =
    [
        "do $$ begin create role {readers} nologin; exception when duplicate_object then null; end $$",
        "grant usage on sequence tickets to {readers}",
        "grant select on notes, letters to {readers}",
        "alter policy own on notes to {readers}, {writers}",
        "alter policy signed on letters to {readers}, {writers}",
        "select pg_terminate_backend({sibling}, 5000)",
    ];

    public static IEnumerable<Attack> All =>
    [
        new("a membership revoked: who was served before", [], ByDesign, ByDesign, ByDesign)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, Revoke, isSamePerson: true),
            Ways = [Way.Simple, Way.Prepared],
            Cites = "After REVOKE of a membership: `RECONNECT`",
        },
        new("a membership revoked: another's statement", [], Proxy, Proxy, Proxy)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, Revoke, isSamePerson: false),
            Ways = [Way.Simple, Way.Prepared],
        },
        new("a role dropped: who was served before", [], PostgreSQL, PostgreSQL, PostgreSQL)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, Drop, isSamePerson: true),
            Ways = [Way.Simple, Way.Prepared],
            Repairs = MakeAgain,
            OutdatesServers = true,
        },
        new("a role dropped: another's statement", [], Proxy, Proxy, Proxy)
        {
            NeedsTheServer = true,
            Plays = scene => PlayAsync(scene, Drop, isSamePerson: false),
            Ways = [Way.Simple, Way.Prepared],
            Repairs = MakeAgain,
            OutdatesServers = true,
        },
    ];

    /// <summary>Both have prepared and run the same statement, mallory last; then it is run once more, by her or by alice.</summary>
    private static async Task PlayAsync(EscapeScene scene, string[] withdrawal, bool isSamePerson)
    {
        await using RawClient alice = await scene.LoginAsync("alice");
        await using RawClient mallory = await scene.LoginAsync("mallory");
        foreach (RawClient client in (RawClient[])[alice, mallory])
        {
            await client.Parse("kept", Asks).Bind("", "kept").Execute().Sync().RoundTripAsync();
        }
        foreach (string sql in withdrawal)
        {
            await scene.Place.Administrator.DoAsync(scene.Place.Text(sql));
        }
        RawClient asking = isSamePerson ? mallory : alice;
        asking = scene.Way == Way.Simple ? asking.Query(Asks) : asking.Bind("", "kept").Execute().Sync();
        await asking.SendAsync();
        foreach (WireMessage message in await asking.ReadToEndOrReadyAsync())
        {
            if (message.Name == "ErrorResponse" && message.ErrorField('R') is null)
            {
                scene.NoteProxyRefused(message.ErrorText);
            }
            else
            {
                scene.Note([message]);
            }
        }
    }
}
