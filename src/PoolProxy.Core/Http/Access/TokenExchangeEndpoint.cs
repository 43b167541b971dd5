using System.Globalization;
using System.Text.Json.Nodes;
using PoolProxy.Core.Access;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Http.Access;

/// <summary>
/// <c>POST /access/token</c>: access on demand in the form of an OAuth token exchange (RFC 8693). The database is the audience, a role the scope. What is issued is a password for one login
/// (<c>token_type</c> N_A: it is no bearer token for HTTP), and <c>expires_in</c> the time in which that login has to begin.
/// </summary>
internal sealed class TokenExchangeEndpoint(AccessDesk desk, Func<TokenAuthenticator?> authenticator, TimeProvider time) : IHttpEndpoint
{
    public string Method => "POST";

    public string Path => "/access/token";

    public async ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (!question.IsOfType("application/x-www-form-urlencoded") || !HttpForm.TryRead(question.Body.Span, out var form))
        {
            return Error("invalid_request", "the body must be application/x-www-form-urlencoded");
        }

        if (!TokenExchangeRequest.TryRead(form, out var request, out var error, out var description))
        {
            return Error(error, description);
        }

        if (authenticator() is not { } judge)
        {
            return Error("invalid_target", "no access is given here");
        }

        var caller = question.Caller(request.SubjectToken);
        var answer = request.GrantId is { } id ? await desk.CollectAsync(id, caller, judge) : await desk.AskAsync(request.Wish, caller, judge);
        return answer switch
        {
            AccessAnswer.Pending pending => Wait(pending.Grant),
            AccessAnswer.Given given => Give(given),
            AccessAnswer.Refused { Reason: var reason } => Refuse(reason),
            _ => Error("invalid_request", "the subject_token is not accepted"),
        };
    }

    private HttpReply Give(AccessAnswer.Given given) => HttpReply.Json(200, new JsonObject
    {
        ["access_token"] = given.Credential,
        ["issued_token_type"] = TokenExchangeRequest.JwtType,
        ["token_type"] = "N_A",
        ["expires_in"] = (int)(given.Grant.UseBy - time.GetUtcNow()).TotalSeconds,
        ["scope"] = given.Grant.Role,
        ["grant_id"] = given.Grant.Id,
        ["database"] = given.Grant.Database,
        ["access_until"] = given.Grant.EndsAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    });

    // As RFC 8628 §3.5 has it for a person who has not decided yet: the same again, later.
    private static HttpReply Wait(AccessGrant grant) => HttpReply.Json(400, new JsonObject
    {
        ["error"] = "authorization_pending",
        ["error_description"] = "somebody has to approve; ask again with grant_id",
        ["grant_id"] = grant.Id,
        ["interval"] = 5,
    });

    // What a database lacks and what a policy withholds read the same: who may not have it does not learn what there is.
    private static HttpReply Refuse(AccessRefusal reason) => reason switch
    {
        AccessRefusal.ReasonMissing => Error("invalid_request", "a reason is needed"),
        AccessRefusal.TooLong => Error("invalid_request", "that is longer than the policy gives"),
        AccessRefusal.TooManyOfOne => Error("invalid_request", "there are too many grants of yours: revoke one"),
        AccessRefusal.TooManyOfAll => HttpReply.Json(503, new JsonObject { ["error"] = "temporarily_unavailable", ["error_description"] = "there are too many grants" }),
        AccessRefusal.GrantUnknown => Error("invalid_request", "there is no such grant to collect"),
        _ => Error("invalid_target", "no policy gives you this"),
    };

    private static HttpReply Error(string code, string description) => HttpReply.Json(400, new JsonObject { ["error"] = code, ["error_description"] = description });
}
