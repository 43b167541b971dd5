using PoolProxy.Testing;
using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Parameters of the startup packet that would touch identity.</summary>
internal static class StartupAttacks
{
    public static IEnumerable<Attack> All =>
    [
        Refused("role", "none"), Refused("role", "{writers}"), Refused("session_authorization", "{writers}"), Refused("request.jwt.claims", "{\"sub\":\"alice\"}"),
        Refused("poolproxy.identity", "x"), Refused("exit_on_error", "on"), Refused("local_preload_libraries", "x"), Refused("session_preload_libraries", "x"),
        Refused("options", "-c role=none"), Refused("options", "-crole={writers}"), Refused("options", "--role=none"), Refused("options", "-c request.jwt.claims={}"),
        Refused("options", "-c ROLE=none"), Refused("options", "-c search_path=x -c role=none"), Refused("Role", "none"),
    ];

    private static Attack Refused(string name, string value) => new($"at startup: {name} = {value}", [], Proxy, Proxy, Proxy)
    {
        Plays = async scene =>
        {
            RawLogin login = await scene.Here.TryLoginAsync("mallory", scene.Here.Reader("mallory"), (name, scene.Place.Text(value)));
            if (login.Error is null)
            {
                scene.NoteReached("let in");
            }
            else
            {
                scene.Note(login.Messages);
            }
        },
        Ways = [Way.Simple],
    };
}
