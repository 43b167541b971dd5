namespace PoolProxy.Identity.Rules;

/// <summary>How a condition looks at its claim.</summary>
public enum ClaimMatch
{
    /// <summary>The claim, or one element where it is an array, equals one of the values.</summary>
    OneOf,

    /// <summary>The whole text of the claim, or of one element, matches the pattern.</summary>
    Regex,

    /// <summary>The claim's text has this part; where the claim is an array, it has this element.</summary>
    Contains,
}
