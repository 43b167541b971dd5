using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>A BIO that reads a block of memory which the caller keeps pinned for as long as the BIO lives.</summary>
internal sealed class BioHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the call that answers with the pointer.</summary>
    public BioHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _ = LibCrypto.BIO_free(handle);
        return true;
    }
}
