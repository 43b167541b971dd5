namespace PoolProxy.Core.Audit;

/// <summary>One event of access on demand as the audit trail records it. Nothing here is a secret. What was not learnt is null and is left out of the line.</summary>
internal readonly record struct AccessRecord
{
    public required AccessEvent Event { get; init; }

    /// <summary>The caller's address.</summary>
    public required string Address { get; init; }

    /// <summary>Which check refused; null where it was done.</summary>
    public string? Refusal { get; init; }

    /// <summary>The caller's issuer by its name in the configuration.</summary>
    public string? Issuer { get; init; }

    /// <summary>The caller's <c>sub</c>, once proven.</summary>
    public string? Subject { get; init; }

    /// <summary>The grant: the <c>jti</c> that a login by it has.</summary>
    public string? Grant { get; init; }

    public string? Database { get; init; }

    public string? Role { get; init; }

    /// <summary>The policy that decided, from 1.</summary>
    public int? Policy { get; init; }

    /// <summary>When the access ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why, in the caller's words.</summary>
    public string? Justification { get; init; }

    /// <summary>It waits for an approval.</summary>
    public bool IsPending { get; init; }
}
