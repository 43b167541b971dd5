namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>How long a directory is waited for, which OpenLDAP's library takes in microseconds.</summary>
/// <param name="Connect">To be connected to one of its servers, and again for TLS.</param>
/// <param name="Answer">Each answer.</param>
internal sealed record LdapPatience(TimeSpan Connect, TimeSpan Answer)
{
    /// <summary>As PgBouncer's.</summary>
    public static LdapPatience Usual { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
}
