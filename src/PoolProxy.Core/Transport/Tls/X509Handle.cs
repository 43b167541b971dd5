using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>One reference to a certificate.</summary>
internal sealed class X509Handle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the call that answers with the pointer.</summary>
    public X509Handle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>A second reference to the certificate of <paramref name="other"/>.</summary>
    public X509Handle(X509Handle other)
        : base(ownsHandle: true)
    {
        if (LibCrypto.X509_up_ref(other) == 1)
            SetHandle(other.DangerousGetHandle());
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_free(handle);
        return true;
    }
}
