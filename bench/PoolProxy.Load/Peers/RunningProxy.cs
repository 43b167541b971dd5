using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Load.Peers;

/// <summary>A contender that was started for a workload, and listens.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly GuardedProcess _process;

    private RunningProxy(GuardedProcess process, Place place, TimeSpan startTime)
    {
        _process = process;
        Place = place;
        StartTime = startTime;
    }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Its folder and port.</summary>
    public Place Place { get; }

    /// <summary>From the process' start until its port took a connection; exact to about a millisecond.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="BenchException">It ended, or does not listen: the message ends with what it printed.</exception>
    public static async Task<RunningProxy> StartAsync(Contender contender, Setup setup, World world, string name)
    {
        string folder = world.CreateFolder(name);
        var place = new Place(folder, LoopbackPorts.Take());
        Launch launch = contender.Configure(setup, world, place);
        foreach (string file in Directory.GetFiles(folder))
        {
            ServerAccount.Give(file);
        }
        world.Save(name, folder);
        long started = Stopwatch.GetTimestamp();
        GuardedProcess process = await GuardedProcess.StartAsync(launch, place.File("output.log"));
        try
        {
            while (!await ListensAsync(place.Port))
            {
                if (process.HasEnded || Stopwatch.GetElapsedTime(started) > StartDeadline)
                {
                    throw new BenchException($"{contender.Name} does not listen:\n{process.Tail()}");
                }
                await Task.Delay(1);
            }
            return new RunningProxy(process, place, Stopwatch.GetElapsedTime(started));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last lines it printed.</summary>
    public string Tail() => _process.Tail();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
