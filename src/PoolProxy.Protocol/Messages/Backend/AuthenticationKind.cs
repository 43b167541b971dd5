namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>The Int32 that tells the Authentication… messages apart. Source: protocol-message-formats.html.</summary>
public enum AuthenticationKind
{
    /// <summary>AuthenticationOk: the login is accepted.</summary>
    Ok = 0,

    /// <summary>AuthenticationKerberosV5: no server since 9.3 asks for it.</summary>
    KerberosV5 = 2,

    /// <summary>AuthenticationCleartextPassword: the password as it is.</summary>
    CleartextPassword = 3,

    /// <summary>AuthenticationMD5Password: a hash of password, user and 4 bytes of salt.</summary>
    MD5Password = 5,

    /// <summary>AuthenticationGSS: GSSAPI begins.</summary>
    GSS = 7,

    /// <summary>AuthenticationGSSContinue: GSSAPI or SSPI data.</summary>
    GSSContinue = 8,

    /// <summary>AuthenticationSSPI: SSPI begins.</summary>
    SSPI = 9,

    /// <summary>AuthenticationSASL: the mechanisms on offer.</summary>
    SASL = 10,

    /// <summary>AuthenticationSASLContinue: a challenge.</summary>
    SASLContinue = 11,

    /// <summary>AuthenticationSASLFinal: the outcome's data, before <see cref="Ok"/>.</summary>
    SASLFinal = 12,
}
