using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>One reference to a list of revoked certificates.</summary>
internal sealed class X509CrlHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the call that answers with the pointer.</summary>
    public X509CrlHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_CRL_free(handle);
        return true;
    }
}
