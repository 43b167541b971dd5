using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The BIO between OpenSSL and a channel's <see cref="ChannelQueues"/>. OpenSSL's own memory BIO would do, but it never
/// gives its blocks back, and an idle connection that once carried a full record would keep 16 KiB in each direction.
/// The callbacks run inside OpenSSL: nothing may be thrown through them, so the only possible exception is caught here.
/// </summary>
internal static unsafe class ChannelBio
{
    /// <summary>The bound of each queue in bytes; beyond it the channel fails rather than grow.</summary>
    public const int MaxQueuedBytes = 64 * 1024 * 1024;

    // OpenSSL keeps BIO types for the life of the process; so do we.
    private static readonly nint Method = MakeMethod();

    /// <summary>A new BIO over <paramref name="queues"/>, which must outlive it.</summary>
    /// <exception cref="InsufficientMemoryException">OpenSSL has no memory.</exception>
    public static nint Create(ChannelQueues* queues)
    {
        nint bio = LibCrypto.BIO_new(Method);
        if (bio == 0)
            throw new InsufficientMemoryException(OpenSslError.Take("OpenSSL cannot make a BIO"));
        LibCrypto.BIO_set_data(bio, (nint)queues);
        LibCrypto.BIO_set_init(bio, 1);
        return bio;
    }

    private static nint MakeMethod()
    {
        nint method;
        fixed (byte* name = "poolproxy\0"u8)
            method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | LibCrypto.BioTypeSourceSink, name);
        if (method == 0
            || LibCrypto.BIO_meth_set_read(method, &Read) != 1
            || LibCrypto.BIO_meth_set_write(method, &Write) != 1
            || LibCrypto.BIO_meth_set_ctrl(method, &Control) != 1)
        {
            throw new InsufficientMemoryException(OpenSslError.Take("OpenSSL cannot make a BIO type"));
        }
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* destination, int length)
    {
        var queues = (ChannelQueues*)LibCrypto.BIO_get_data(bio);
        int taken = queues->Incoming.Take(destination, length);
        if (taken > 0)
            return taken;
        // These two flags make SSL_get_error answer WANT_READ instead of an error. They are read only after a read that
        // came back empty, so they need no clearing after one that did not.
        LibCrypto.BIO_set_flags(bio, LibCrypto.BioFlagRead | LibCrypto.BioFlagShouldRetry);
        return -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int length)
    {
        var queues = (ChannelQueues*)LibCrypto.BIO_get_data(bio);
        try
        {
            if (queues->Outgoing.TryAppend(source, length, MaxQueuedBytes))
                return length;
        }
        catch (OutOfMemoryException)
        {
            // Falls through: the channel fails with the same reason as at its bound.
        }
        queues->HasOverflowed = true;
        return -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Control(nint bio, int command, long number, nint pointer) =>
        // Flush is asked at the end of each flight and has nothing to do; every other question is answered "no".
        command == LibCrypto.BioControlFlush ? 1 : 0;
}
