using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PoolProxy.Core.Access;

namespace PoolProxy.Core.Http.Access;

/// <summary>The parameters of a token exchange (RFC 8693 §2.1), with three of ours: <c>minutes</c>, <c>reason</c> and <c>grant_id</c>.</summary>
/// <param name="SubjectToken">The token that proves who asks; a secret.</param>
/// <param name="Wish">What is asked for.</param>
/// <param name="GrantId">What was asked for before, and is to be collected; null for a new wish.</param>
internal sealed record TokenExchangeRequest(ReadOnlyMemory<byte> SubjectToken, AccessRequest Wish, string? GrantId = null)
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    private const int MaxMinutes = 24 * 60;
    private const int MaxNameChars = 256;

    private static readonly string[] SubjectTypes =
        [JwtType, "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:saml2"];

    private static readonly string[] Names =
        ["grant_type", "subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type", "audience", "resource", "scope", "minutes", "reason", "grant_id"];

    /// <summary>Reads a form; on false <paramref name="error"/> is the code of RFC 6749 §5.2 or RFC 8693 §2.2.2, and <paramref name="description"/> says what to change.</summary>
    public static bool TryRead(
        HttpForm form, [NotNullWhen(true)] out TokenExchangeRequest? request, [NotNullWhen(false)] out string? error, [NotNullWhen(false)] out string? description)
    {
        request = null;
        (error, description) = Check(form, out request) ?? (null!, null!);
        return request is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";

    private static (string Error, string Description)? Check(HttpForm form, out TokenExchangeRequest? request)
    {
        request = null;
        var values = new Dictionary<string, string?>();
        foreach (var name in Names)
        {
            if (!form.TryGetOne(name, out var value))
            {
                return (name is "audience" or "resource" ? "invalid_target" : "invalid_request", $"{name} must not be given several times");
            }

            values[name] = value;
        }

        if (values["grant_type"] is not { } grantType)
        {
            return ("invalid_request", "grant_type is missing");
        }

        if (grantType != GrantType)
        {
            return ("unsupported_grant_type", $"grant_type must be {GrantType}");
        }

        if (values["actor_token"] is not null || values["actor_token_type"] is not null)
        {
            return ("invalid_request", "actor_token is not taken: nobody acts for another here");
        }

        if (values["requested_token_type"] is { } wanted && wanted != JwtType)
        {
            return ("invalid_request", $"requested_token_type can only be {JwtType}");
        }

        if (values["subject_token"] is not { } token || values["subject_token_type"] is not { } type)
        {
            return ("invalid_request", "subject_token and subject_token_type are needed");
        }

        if (!SubjectTypes.Contains(type) || !Ascii.IsValid(token))
        {
            return ("invalid_request", "the subject_token is not accepted");
        }

        if (FindDatabase(values["audience"], values["resource"]) is not { } database)
        {
            return ("invalid_target", "audience must name one database, or resource be postgresql://host/database, and both the same");
        }

        TimeSpan? time = null;
        if (values["minutes"] is { } minutes)
        {
            if (!int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxMinutes)
            {
                return ("invalid_request", $"minutes must be 1 to {MaxMinutes}");
            }

            time = TimeSpan.FromMinutes(count);
        }

        var reason = values["reason"] ?? "";
        if (reason.Length > AccessRequest.MaxReasonChars)
        {
            return ("invalid_request", $"reason may have {AccessRequest.MaxReasonChars} characters");
        }

        if (values["scope"] is { Length: > MaxNameChars })
        {
            return ("invalid_scope", "scope must name one role");
        }

        request = new TokenExchangeRequest(Encoding.ASCII.GetBytes(token), new AccessRequest(database, values["scope"], time, reason), values["grant_id"]);
        return null;
    }

    private static string? FindDatabase(string? audience, string? resource)
    {
        if (audience is { Length: > MaxNameChars })
        {
            return null;
        }

        if (resource is null)
        {
            return audience;
        }

        var named = Uri.TryCreate(resource, UriKind.Absolute, out var address) && address.Scheme is "postgresql" or "postgres" && address.Segments.Length == 2
            ? Uri.UnescapeDataString(address.Segments[1])
            : null;
        return named is { Length: > 0 and <= MaxNameChars } && (audience ?? named) == named ? named : null;
    }
}
