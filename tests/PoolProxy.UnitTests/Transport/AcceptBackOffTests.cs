using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Transport;

/// <summary>
/// Runs out of descriptors for real, on a thread with a descriptor table of its own: nobody else in the process notices.
/// </summary>
public abstract partial class AcceptBackOffTests
{
    private const uint CloseRangeUnshare = 1 << 1;

    private readonly RecordingLogger _logger = new();
    private readonly ManualTime _time = new();
    private readonly TestEngine _engine;

    protected AcceptBackOffTests(TestEngine engine) => _engine = engine;

    [Fact]
    public void A_listener_without_descriptors_keeps_still_says_so_once_and_goes_on_when_there_are_some()
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                RunOutOfDescriptors();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();

        Assert.Null(failure);
        Assert.Equal([701, 702], _logger.Entries.Select(entry => entry.Id.Id).Where(id => id is 701 or 702));
    }

    [LibraryImport("libc", EntryPoint = "close_range", SetLastError = true)]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    private void RunOutOfDescriptors()
    {
        // What is opened beforehand by name would not open later: the runtime's own files included.
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Assert.Equal(0, CloseRange((uint)client.Handle + 1, uint.MaxValue, CloseRangeUnshare));

        using var loop = new Loop(0, _time, _logger, _engine.Factory());
        loop.RunTurn(0);
        var settings = new ListenerSettings { DeferAccept = false };
        var accepted = new List<Connection>();
        var socket = ListeningSocket.Open(SocketEndpoint.Tcp(IPAddress.Loopback, 0), settings);
        var listener = new Listener(loop, socket, [loop], accepted.Add, _logger);
        listener.Start();
        var spare = new List<int>();
        for (var descriptor = Duplicate(socket.Descriptor); descriptor >= 0; descriptor = Duplicate(socket.Descriptor))
        {
            spare.Add(descriptor);
        }

        Assert.Equal(Errno.EMFILE, Marshal.GetLastPInvokeError());
        Assert.Throws<SocketException>(() => client.Connect(socket.Endpoint.Address!));
        loop.RunTurn(1000);
        loop.RunTurn(0);
        loop.RunTurn(0);
        Assert.Equal(1, listener.BackOffCount);

        _time.Advance(2 * Listener.BackOffMilliseconds);
        loop.RunTurn(0);
        loop.RunTurn(0);
        Assert.Equal(2, listener.BackOffCount);
        Assert.Empty(accepted);

        spare.ForEach(descriptor => _ = Libc.close(descriptor));
        _time.Advance(2 * Listener.BackOffMilliseconds);
        loop.RunTurn(0);
        loop.RunTurn(0);
        Assert.Single(accepted);
        Assert.Equal(2, listener.BackOffCount);
        listener.Stop();
    }
}
