namespace PoolProxy.Core.Authentication.Saml;

/// <summary>Whether an assertion may count.</summary>
internal enum UsedAssertion : byte
{
    /// <summary>It is shown for the first time: it counts, and no more from now on.</summary>
    First,

    /// <summary>It was shown before.</summary>
    Before,

    /// <summary>It could not be remembered, and so must not count.</summary>
    NoRoom,
}
