using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>The part of an issuer's settings that decides where its keys come from and how long they serve. Equal settings: the same keys.</summary>
/// <param name="Issuer">The issuer's address, for discovery.</param>
/// <param name="JwksFile">A file; wins over the address.</param>
/// <param name="JwksUrl">An address; wins over discovery.</param>
/// <param name="CaFile">The only CAs that HTTPS may chain to; null is the system's.</param>
/// <param name="AllowHttp">Plain HTTP to loopback.</param>
/// <param name="RefreshInterval">How often keys are fetched again.</param>
/// <param name="ForcedRefreshInterval">The least time between two fetches for an unknown key id.</param>
/// <param name="MaxStale">How long keys serve beyond the refresh interval when fetching fails.</param>
/// <param name="Timeout">One fetch, all its requests together.</param>
/// <param name="MaxBytes">The longest document.</param>
/// <param name="HasNone">The issuer's proofs are not checked by a JWK set: there is none.</param>
internal sealed record KeySourceSettings(
    string Issuer,
    string? JwksFile,
    string? JwksUrl,
    string? CaFile,
    bool AllowHttp,
    TimeSpan RefreshInterval,
    TimeSpan ForcedRefreshInterval,
    TimeSpan MaxStale,
    TimeSpan Timeout,
    int MaxBytes,
    bool HasNone = false)
{
    /// <summary>The file or the address, as SHOW ISSUERS has it; discovery where neither is given, and <c>none</c> where there are no keys.</summary>
    public string Place => HasNone ? "none" : JwksFile ?? JwksUrl ?? "discovery";

    public static KeySourceSettings From(IssuerSettings settings) => new(
        settings.Issuer,
        settings.JwksFile,
        settings.JwksUrl,
        settings.CaFile,
        settings.AllowHttp,
        settings.JwksRefreshInterval,
        settings.JwksForcedRefreshInterval,
        settings.JwksMaxStale,
        settings.JwksTimeout,
        settings.JwksMaxBytes,
        settings.Type != IssuerType.Jwt);
}
