namespace PoolProxy.Configuration.Ldap;

/// <summary>How far below <c>ldapbasedn</c> a user is looked for (RFC 4516 §2). The values are the protocol's (RFC 4511 §4.5.1.2).</summary>
public enum LdapScope
{
    /// <summary><c>base</c>: that entry alone.</summary>
    Base = 0,

    /// <summary><c>one</c>: the entries directly below it.</summary>
    One = 1,

    /// <summary><c>sub</c>: it, and everything below it. The default outside of <c>ldapurl</c>, where <c>base</c> is.</summary>
    Subtree = 2,
}
