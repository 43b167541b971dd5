using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>
/// A Unix socket that another account listens on, and nobody answers. Only root can become somebody else: the thread that opens it does, the bare system call changes that one alone
/// (nptl(7)), and the kernel notes whom it was when it listened. For everybody else it is simply not root's, and the caller says that it is somebody else.
/// </summary>
internal sealed partial class ForeignListener : IDisposable
{
    private const int Nobody = 65534;
    private const int Unchanged = -1;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private ForeignListener()
    {
    }

    /// <summary>Listens on a path in a folder that everybody may write.</summary>
    public static ForeignListener Open(string path)
    {
        var listener = new ForeignListener();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess && syscall(SetEffectiveUser, Unchanged, Nobody, Unchanged) != 0)
                {
                    throw new InvalidOperationException("root cannot become another user");
                }

                listener._socket.Bind(new UnixDomainSocketEndPoint(path));
                listener._socket.Listen();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            listener.Dispose();
            throw new InvalidOperationException($"nobody can listen on {path}", failure);
        }

        return listener;
    }

    public void Dispose() => _socket.Dispose();

    // setresuid(2), by its number: linux's asm/unistd.h.
    private static long SetEffectiveUser => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 147 : 117;

    [LibraryImport("libc")]
    private static partial long syscall(long number, long real, long effective, long saved);
}
