using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PoolProxy.Testing;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>
/// Clients as a rolling restart meets them: some connect anew for every transaction, by TCP and by Unix socket; others stay for some transactions and connect again, as pools do
/// whose connections have a lifetime.
/// </summary>
internal sealed class RestartLoad(int port, string? folder)
{
    private const int TransactionsOfOneLife = 25;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = [];
    private int _connections;
    private int _transactions;

    /// <summary>What went wrong for anybody.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Logins that succeeded.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Transactions that were committed.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    /// <summary>Begins.</summary>
    public void Start()
    {
        EndPoint tcp = new IPEndPoint(IPAddress.Loopback, port);
        EndPoint other = folder is null ? tcp : new UnixDomainSocketEndPoint(Path.Combine(folder, $".s.PGSQL.{port}"));
        foreach (var (address, transactions) in new[] { (tcp, 1), (tcp, 1), (other, 1), (tcp, TransactionsOfOneLife), (other, TransactionsOfOneLife) })
        {
            _workers.Add(Task.Run(() => RunAsync(address, transactions)));
        }
    }

    /// <summary>Waits until so many more have succeeded, or one has failed.</summary>
    public Task SeeMoreAsync(int connections, int transactions)
    {
        var (before, done) = (Connections, Transactions);
        return WaitFor.TrueAsync(() => !Failures.IsEmpty || (Connections >= before + connections && Transactions >= done + transactions));
    }

    /// <summary>Ends, when everybody has finished what was begun.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _stop.Dispose();
    }

    private async Task RunAsync(EndPoint address, int transactions)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using RawClient client = await RawClient.ConnectAsync(address);
                await client.LoginAsync("a", "app");
                Interlocked.Increment(ref _connections);
                for (int i = 0; i < transactions && !_stop.IsCancellationRequested; i++)
                {
                    await client.QueryAsync("begin");
                    string? one = await client.ScalarAsync("select 1");
                    char status = (await client.QueryAsync("commit")).Status();
                    if (one != "1" || status != 'I')
                    {
                        throw new InvalidDataException($"{one} {status}");
                    }

                    Interlocked.Increment(ref _transactions);
                }

                await client.Terminate().SendAsync();
            }
            catch (Exception failure)
            {
                Failures.Enqueue($"{address}: {failure.Message}");
                return;
            }
        }
    }
}
