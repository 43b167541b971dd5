namespace PoolProxy.Configuration.Model;

/// <summary>How a client proves who it is: <c>auth_type</c>. PgBouncer's methods, and those that take tokens.</summary>
public enum AuthType
{
    /// <summary><c>jwt</c>: a signed token sent as the password; needs <c>[issuers]</c> and <c>[[rules]]</c>.</summary>
    Jwt,

    /// <summary><c>oauth</c>: the same token by SASL OAUTHBEARER (RFC 7628), as libpq 18 sends it; needs <c>[issuers]</c> and <c>[[rules]]</c>.</summary>
    Oauth,

    /// <summary><c>cert</c>: the certificate that the client shows names the user; needs <c>client_tls_ca_file</c>.</summary>
    Cert,

    /// <summary><c>hba</c>: the first line of <c>auth_hba_file</c> that fits says which of the others.</summary>
    Hba,

    /// <summary><c>trust</c>: no proof, but the user must be known (<c>auth_file</c> or <c>[users]</c>).</summary>
    Trust,

    /// <summary><c>any</c>: no proof and any user name; every database must force its <c>user</c>.</summary>
    Any,

    /// <summary><c>plain</c>: the password in clear text, compared with <c>auth_file</c> or <c>[users]</c>.</summary>
    Plain,

    /// <summary><c>md5</c>: MD5, or SCRAM where the stored secret is a SCRAM verifier. PgBouncer's default.</summary>
    Md5,

    /// <summary><c>scram-sha-256</c>: SCRAM only.</summary>
    ScramSha256,

    /// <summary><c>ldap</c>: a directory is asked whether the password is the user's, by <c>auth_ldap_options</c>.</summary>
    Ldap,

    /// <summary><c>pam</c>: the machine's PAM is asked whether the password is the user's.</summary>
    Pam,

    /// <summary><c>peer</c>: the system's user at the other end of the Unix socket. Only in the lines of <c>auth_hba_file</c>, as in PgBouncer.</summary>
    Peer,
}
