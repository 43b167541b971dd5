namespace PoolProxy.Configuration.Model;

/// <summary>What of the identity is shown in application_name, which every role of the cluster can read: <c>application_name_identity</c>.</summary>
public enum ApplicationNameIdentity
{
    /// <summary><c>subject</c>: the token's subject.</summary>
    Subject,

    /// <summary><c>hash</c>: a hash of issuer and subject.</summary>
    Hash,

    /// <summary><c>off</c>: nothing; the client's own application_name stands alone.</summary>
    Off,
}
