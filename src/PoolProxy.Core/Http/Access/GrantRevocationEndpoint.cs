using PoolProxy.Core.Access;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Http.Access;

/// <summary><c>DELETE /access/grants/ID</c>, with <c>Authorization: Bearer</c>: takes a grant back and ends what it opened. 404 for one that is another's, as for one that is not there.</summary>
internal sealed class GrantRevocationEndpoint(AccessDesk desk, Func<TokenAuthenticator?> authenticator) : IHttpEndpoint
{
    public string Method => "DELETE";

    public string Path => "/access/grants/*";

    public async ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (question.BearerCaller() is not { } caller || authenticator() is not { } judge)
        {
            return AccessCallers.Unauthorized;
        }

        return await desk.RevokeAsync(question.Rest, caller, judge) switch
        {
            null => AccessCallers.Unauthorized,
            true => new HttpReply(204),
            false => HttpReply.Text(404, "there is no such grant\n"),
        };
    }
}
