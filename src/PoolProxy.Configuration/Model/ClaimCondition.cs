namespace PoolProxy.Configuration.Model;

/// <summary>One condition of a rule: <c>when.CLAIM = …</c>.</summary>
public sealed record ClaimCondition
{
    /// <summary>The claim's path from the token's root: <c>when.realm.roles</c> has two names, <c>when."a.b"</c> one.</summary>
    public required IReadOnlyList<string> Claim { get; init; }

    /// <summary>How the claim is looked at.</summary>
    public required ClaimMatch Match { get; init; }

    /// <summary>At least one value; exactly one text for <see cref="ClaimMatch.Regex"/> and <see cref="ClaimMatch.Contains"/>.</summary>
    public required IReadOnlyList<ClaimValue> Values { get; init; }
}
