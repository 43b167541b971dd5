using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// Ends calls that OpenLDAP's library would wait in for ever: its timeouts bound the connecting and the waiting for an answer's first byte, but not the handshake of TLS, nor the
/// rest of a record that was begun. The library tells it of each connection that it makes; one that a call has held for too long is shut down, and the call comes
/// back. The calls are one thread's; the clock is another's.
/// </summary>
internal sealed unsafe class LdapWatch : IDisposable
{
    private readonly LibLdap _library;
    private readonly TimeSpan _longest;
    private readonly Lock _gate = new();
    private readonly Timer _clock;
    private readonly GCHandle _self;
    private readonly Callbacks* _callbacks;

    // A descriptor of our own for the library's socket, which it may close at any time.
    private int _socket = -1;
    private bool _isInCall;

    /// <param name="library">OpenLDAP's.</param>
    /// <param name="longest">How long a call may hold one connection.</param>
    public LdapWatch(LibLdap library, TimeSpan longest)
    {
        (_library, _longest) = (library, longest);
        _clock = new Timer(static watch => ((LdapWatch)watch!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _self = GCHandle.Alloc(this);
        _callbacks = (Callbacks*)NativeMemory.AllocZeroed((nuint)sizeof(Callbacks));
        *_callbacks = new Callbacks { Connected = &Connected, Disconnected = &Disconnected, Watch = GCHandle.ToIntPtr(_self) };
    }

    /// <summary>A call took too long, and its connection is no more.</summary>
    public bool HasEndedOne { get; private set; }

    /// <summary>struct ldap_conncb, for LDAP_OPT_CONNECT_CB; valid until <see cref="Dispose"/>, which comes behind the session's end.</summary>
    public void* Subscription => _callbacks;

    /// <summary>A call begins.</summary>
    public void Begin() => Set(isInCall: true);

    /// <summary>It is over.</summary>
    public void End() => Set(isInCall: false);

    public void Dispose()
    {
        lock (_gate)
        {
            _isInCall = false;
            Forget();
        }

        _clock.Dispose();
        NativeMemory.Free(_callbacks);
        _self.Free();
    }

    private void Set(bool isInCall)
    {
        lock (_gate)
        {
            _isInCall = isInCall;
            _clock.Change(isInCall ? _longest : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_isInCall && _socket >= 0)
            {
                HasEndedOne = true;
                DescriptorCalls.ShutDown(_socket);
            }
        }
    }

    // To one of several servers, before TLS: its time begins.
    private void Took(int socket)
    {
        lock (_gate)
        {
            Forget();
            _socket = socket < 0 ? -1 : DescriptorCalls.Duplicate(socket);
            _clock.Change(_longest, Timeout.InfiniteTimeSpan);
        }
    }

    private void Forget()
    {
        if (_socket >= 0)
        {
            _ = Libc.close(_socket);
            _socket = -1;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Connected(nint ldap, nint buffer, nint server, nint address, Callbacks* callbacks)
    {
        var watch = (LdapWatch)GCHandle.FromIntPtr(callbacks->Watch).Target!;
        watch.Took(watch._library.SocketOf(buffer));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint ldap, nint buffer, Callbacks* callbacks)
    {
        // The next connection takes its place.
    }

    /// <summary>struct ldap_conncb.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Callbacks
    {
        public delegate* unmanaged[Cdecl]<nint, nint, nint, nint, Callbacks*, int> Connected;
        public delegate* unmanaged[Cdecl]<nint, nint, Callbacks*, void> Disconnected;
        public nint Watch;
    }
}
