using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>An SSL_CTX. Every connection made from it holds its own reference, so releasing this one never cuts a live connection.</summary>
internal sealed class SslContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Made by the call that answers with the pointer.</summary>
    public SslContextHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
