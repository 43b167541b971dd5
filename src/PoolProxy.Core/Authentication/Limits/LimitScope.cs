namespace PoolProxy.Core.Authentication.Limits;

/// <summary>Whose logins are counted together.</summary>
internal enum LimitScope
{
    /// <summary>Those of one address; of IPv6 of one network of 64 bits.</summary>
    Address,

    /// <summary>Those of one issuer's subject, or of one user name under PgBouncer's methods.</summary>
    Identity,

    /// <summary>Those with good tokens of one issuer.</summary>
    Issuer,
}
