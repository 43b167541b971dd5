using System.Diagnostics;

namespace PoolProxy.Soak;

/// <summary>Clients that log in at a steady pace, whatever became of those before them, and what became of each, by the phase in which it began.</summary>
/// <param name="name">Who they are.</param>
/// <param name="perSecond">Their pace.</param>
/// <param name="login">One login: the SQLSTATE of the refusal, or null.</param>
internal sealed class OutageCrowd(string name, double perSecond, Func<Task<string?>> login)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (List<double> Milliseconds, int Refused)> _phases = [];
    private int _underWay;

    /// <summary>The phase that logins begin in now.</summary>
    public string Phase { get; set; } = "";

    public async Task RunAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        try
        {
            while (await beat.WaitForNextTickAsync(stop))
            {
                _ = OneAsync(Phase);
            }
        }
        catch (OperationCanceledException)
        {
            // The end; those under way are waited for.
        }

        while (Volatile.Read(ref _underWay) > 0)
        {
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>A row of the table for each phase.</summary>
    public IEnumerable<string> Rows(IEnumerable<string> phases)
    {
        foreach (string phase in phases)
        {
            (List<double> milliseconds, int refused) = _phases.TryGetValue(phase, out var found) ? found : ([], 0);
            milliseconds.Sort();
            string At(double share) => milliseconds.Count == 0 ? "" : FormattableString.Invariant($"{milliseconds[(int)(share * (milliseconds.Count - 1))]:0.0}");
            yield return $"| {phase} | {name} | {milliseconds.Count} | {refused} | {At(0.5)} | {At(0.99)} | {At(1)} |";
        }
    }

    private async Task OneAsync(string phase)
    {
        Interlocked.Increment(ref _underWay);
        long started = Stopwatch.GetTimestamp();
        string? refusal;
        try
        {
            refusal = await login();
        }
        catch (Exception error) when (error is IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            refusal = error.GetType().Name;
        }

        double elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        lock (_gate)
        {
            (List<double> milliseconds, int refused) = _phases.TryGetValue(phase, out var found) ? found : ([], 0);
            milliseconds.Add(elapsed);
            _phases[phase] = (milliseconds, refused + (refusal is null ? 0 : 1));
        }

        Interlocked.Decrement(ref _underWay);
    }
}
