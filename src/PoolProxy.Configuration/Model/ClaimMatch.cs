namespace PoolProxy.Configuration.Model;

/// <summary>How a condition looks at its claim.</summary>
public enum ClaimMatch
{
    /// <summary><c>= "v"</c> or <c>= ["v", "w"]</c>: the claim, or one element where it is an array, equals one of the values.</summary>
    OneOf,

    /// <summary><c>= { regex = "…" }</c>: the whole text of the claim, or of one element, matches. Never backtracks.</summary>
    Regex,

    /// <summary><c>= { contains = "…" }</c>: the claim's text has this part; where it is an array, it has this element.</summary>
    Contains,
}
