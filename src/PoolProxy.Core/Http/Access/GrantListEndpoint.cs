using System.Globalization;
using System.Text.Json.Nodes;
using PoolProxy.Core.Access;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Http.Access;

/// <summary><c>GET /access/grants</c>, with <c>Authorization: Bearer</c>: the caller's grants that are not over; those that they may approve, and everybody's for an admin of the console.</summary>
internal sealed class GrantListEndpoint(AccessDesk desk, Func<TokenAuthenticator?> authenticator) : IHttpEndpoint
{
    public string Method => "GET";

    public string Path => "/access/grants";

    public async ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        if (question.BearerCaller() is not { } caller || authenticator() is not { } judge || await desk.ListAsync(caller, judge) is not { } grants)
        {
            return AccessCallers.Unauthorized;
        }

        return HttpReply.Json(200, new JsonObject { ["grants"] = new JsonArray([.. grants.Select(entry => (JsonNode)Describe(entry.Grant, entry.State))]) });
    }

    private static JsonObject Describe(AccessGrant grant, AccessState state) => new()
    {
        ["grant_id"] = grant.Id,
        ["issuer"] = grant.Issuer,
        ["subject"] = grant.Subject,
        ["database"] = grant.Database,
        ["role"] = grant.Role,
        ["reason"] = grant.Reason,
        ["state"] = state switch { AccessState.Pending => "pending", AccessState.Approved => "approved", AccessState.Issued => "issued", AccessState.Used => "used", _ => "revoked" },
        ["issued_at"] = Format(grant.IssuedAt),
        ["approved_by"] = grant.ApprovedBy,
        ["minutes"] = (int)grant.Time.TotalMinutes,
        ["use_by"] = state is AccessState.Pending or AccessState.Approved ? null : Format(grant.UseBy),
        ["access_until"] = Format(grant.EndsAt),
    };

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
