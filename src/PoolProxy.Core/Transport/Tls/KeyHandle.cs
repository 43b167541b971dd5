using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>One reference to a private key (EVP_PKEY).</summary>
internal sealed class KeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the call that answers with the pointer.</summary>
    public KeyHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}
