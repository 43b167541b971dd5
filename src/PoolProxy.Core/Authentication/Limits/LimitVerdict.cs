namespace PoolProxy.Core.Authentication.Limits;

/// <summary>Whether a login may go on.</summary>
internal enum LimitVerdict
{
    /// <summary>It may.</summary>
    Admitted,

    /// <summary>Too many have failed: nobody of that scope enters until the ban is over.</summary>
    Banned,

    /// <summary>More within a second than the limit says.</summary>
    TooFast,

    /// <summary>More under way than the limit says, or than can be remembered.</summary>
    TooMany,
}
