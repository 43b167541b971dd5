using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What a method has found out: an identity, or a refusal with the word for the audit trail and the text for the client.</summary>
internal sealed record LoginResult
{
    /// <summary>Null: the login is granted.</summary>
    public ProxyError? Error { get; init; }

    /// <summary>Which check failed; never sent to the client.</summary>
    public string? Reason { get; init; }

    /// <summary>The client had no token and was told where to get one: refused, but no failure.</summary>
    public bool IsDiscovery { get; init; }

    /// <summary>Refused for what was asked, not for who asks: the proof itself was good.</summary>
    public bool IsProven { get; init; }

    /// <summary>Refused for what the client is not to blame for: counts against nobody.</summary>
    public bool IsNoFailure { get; init; }

    public string Issuer { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>The role its transactions run as; empty in the console.</summary>
    public string Role { get; init; } = "";

    public string RuleResults { get; init; } = "";

    /// <summary>The exposed claims, ASCII JSON.</summary>
    public string Claims { get; init; } = "{}";

    public ConsoleAccess Console { get; init; }

    public string? TokenId { get; init; }

    public int? RuleNumber { get; init; }

    /// <summary>What it takes to ask the rules again; null where they were not asked.</summary>
    public JudgedLogin? Judged { get; init; }

    /// <summary>The database whose servers serve it; null is the one that was asked for.</summary>
    public string? Route { get; init; }

    /// <summary>Its search_path to begin with; null leaves the servers' own.</summary>
    public string? SearchPath { get; init; }

    public RuleLimits Limits { get; init; } = RuleLimits.None;

    /// <summary>When the session ends by its rule, and with which words; null for never.</summary>
    public DateTimeOffset? SessionEndsAt { get; init; }

    public ProxyError SessionEnd { get; init; } = RuleErrors.SessionOver;

    /// <summary>What servers can be logged in to with as the user itself; null where a file has its password, or nothing is known.</summary>
    public ServerProof? Upstream { get; init; }

    /// <summary>When what was proven ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public TimeSpan ExpiryGrace { get; init; }

    /// <summary>The token, where its issuer has to be asked about it again; else null.</summary>
    public AskedToken? Asked { get; init; }

    /// <summary>What the session can be revoked by; null where no token was shown.</summary>
    public TokenFacts? Facts { get; init; }

    public bool IsGranted => Error is null;

    public static LoginResult Refused(ProxyError error, string reason) => new() { Error = error, Reason = reason };
}
