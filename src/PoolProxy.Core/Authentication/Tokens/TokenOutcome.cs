namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>How a login with a token ends.</summary>
internal enum TokenOutcome
{
    /// <summary>Entry, as the role or into the console.</summary>
    Accepted,

    /// <summary>Nothing was proven: 28P01, one text for every reason.</summary>
    RefusedUnproven,

    /// <summary>The token is good, but not for what was asked: 28000, and the text may say so.</summary>
    RefusedProven,
}
