namespace PoolProxy.Identity.Revocation;

/// <summary>An order: what is taken back, and until when that has to be remembered. Immutable; holds nothing of a token's text.</summary>
/// <param name="Key">What it is about.</param>
public sealed record RevocationEntry(RevocationKey Key)
{
    /// <summary>No token issued before this counts; the least value for every kind but <see cref="RevocationKind.Before"/>.</summary>
    public DateTimeOffset Before { get; init; }

    /// <summary>When the order is forgotten, because no token that it is about can be valid any more; the greatest value for never.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Who has said so: <c>console</c>, <c>file</c>, or an issuer.</summary>
    public string Source { get; init; } = "";

    /// <summary>Why, for people; empty for nothing said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether it takes back what these facts are about.</summary>
    public bool Covers(TokenFacts facts) => (Key.Issuer.Length == 0 || Key.Issuer == facts.Issuer) && Key.Kind switch
    {
        RevocationKind.Token => Key.Value == facts.TokenId,
        RevocationKind.Subject => Key.Value == facts.Subject,
        RevocationKind.Session => Key.Value == facts.SessionId,
        RevocationKind.Issuer => true,
        _ => (Key.Value.Length == 0 || Key.Value == facts.Subject) && !(facts.IssuedAt >= Before),
    };

    /// <summary>Of two orders with one key the one that takes back more, for longer.</summary>
    public RevocationEntry Or(RevocationEntry other) => this with
    {
        Before = other.Before > Before ? other.Before : Before,
        Until = other.Until > Until ? other.Until : Until,
    };
}
