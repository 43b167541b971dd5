namespace PoolProxy.Core.Doctor.Hba;

/// <summary>A way to reach a server, as far as pg_hba.conf tells them apart.</summary>
/// <param name="How">By which transport.</param>
/// <param name="IsV6">The client's address is an IPv6 one.</param>
internal readonly record struct HbaWay(HbaWay.Kind How, bool IsV6)
{
    /// <summary>A transport.</summary>
    public enum Kind
    {
        /// <summary>The Unix socket.</summary>
        Socket,

        /// <summary>TCP in the clear.</summary>
        Plain,

        /// <summary>TCP with TLS.</summary>
        Tls,

        /// <summary>TCP with GSSAPI encryption.</summary>
        Gss,
    }

    public static HbaWay Local => new(Kind.Socket, IsV6: false);
}
