using PoolProxy.Core.Access;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Http.Access;

/// <summary>
/// <c>POST /access/approvals/ID</c>, with <c>Authorization: Bearer</c>: approves what somebody else asked for. 404 where nothing of this name waits, and for whoever may not approve it.
/// </summary>
internal sealed class GrantApprovalEndpoint(AccessDesk desk, Func<TokenAuthenticator?> authenticator) : IHttpEndpoint
{
    public string Method => "POST";

    public string Path => "/access/approvals/*";

    public async ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (question.BearerCaller() is not { } caller || authenticator() is not { } judge)
        {
            return AccessCallers.Unauthorized;
        }

        return await desk.ApproveAsync(question.Rest, caller, judge) switch
        {
            (false, _) => AccessCallers.Unauthorized,
            (true, null) => new HttpReply(204),
            _ => HttpReply.Text(404, "there is no such request\n"),
        };
    }
}
