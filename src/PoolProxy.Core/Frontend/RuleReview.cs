using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// After a RELOAD that has changed rules (<c>changed_rules</c>): asks the new ones about every session, on a worker, for patterns may take their time; what they say is
/// then followed on each session's own loop.
/// </summary>
internal static class RuleReview
{
    /// <summary>The task ends when every session has been told.</summary>
    public static async Task RunAsync(SharedServices shared, TokenAuthenticator tokens, ChangedRules policy)
    {
        var sessions = await shared.AskEachAsync(services => services.Clients.All
            .Where(session => session.Proof?.Judged is not null)
            .Select(session => (Session: session, Login: session.Proof!.Judged!, Since: session.ConnectTime)).ToArray());
        for (var loop = 0; loop < sessions.Length; loop++)
        {
            var found = sessions[loop];
            var said = await Task.Run(() => Array.ConvertAll(found, item => tokens.JudgeAgain(item.Login, item.Since)));
            await shared.Loops[loop].Loop.CallAsync(() =>
            {
                for (var i = 0; i < found.Length; i++)
                {
                    if (said[i] is { } decision)
                    {
                        found[i].Session.Follow(TokenLogin.ResultOf(decision, found[i].Session.User), remaps: policy == ChangedRules.Remap);
                    }
                }
            });
        }
    }
}
